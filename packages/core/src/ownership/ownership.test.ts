import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { type Resource, toResource } from '../resource.ts';
import { World } from '../world.ts';
import { readOwnersFile } from './owners-file.ts';
import { DEFAULT_OWNERSHIP, ownershipOf } from './ownership.ts';

const ORIGIN = { kind: 'cluster', cluster: 'c', resourceVersion: '1' } as const;

function live(object: JsonObject): Resource {
  return toResource(object, ORIGIN);
}

function deployment(metadata: JsonObject, pod: JsonObject = {}): Resource {
  return live({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop', ...metadata },
    spec: { template: { metadata: pod, spec: { containers: [{ name: 'app' }] } } },
  });
}

function namespace(name: string, metadata: JsonObject): Resource {
  return live({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...metadata } });
}

function said(resource: Resource, others: readonly Resource[] = [], rules = ''): Record<string, string> {
  const { world } = World.of([resource, ...others]);
  const settings = { ...DEFAULT_OWNERSHIP, rules: readOwnersFile(rules, 'OWNERS').rules };
  const { owner, environment, criticality, contacts } = ownershipOf(resource, world, settings);
  return {
    owner: `${owner?.value ?? 'nobody'} (${owner?.from ?? ''})`,
    environment: `${environment?.value ?? 'unknown'} (${environment?.from ?? ''})`,
    criticality: criticality?.value ?? 'unknown',
    contacts: contacts.join(' '),
  };
}

describe('whose an object is', () => {
  it('is unknown where nobody says it', () => {
    expect(said(deployment({}))).toEqual({
      owner: 'nobody ()',
      environment: 'unknown ()',
      criticality: 'unknown',
      contacts: '',
    });
  });

  it.each<{
    readonly why: string;
    readonly resource: Resource;
    readonly others?: Resource[];
    readonly owner: string;
  }>([
    {
      why: 'a label of it',
      resource: deployment({ labels: { team: 'pay' } }),
      owner: 'pay (team of the object)',
    },
    {
      why: 'an annotation of it',
      resource: deployment({ annotations: { owner: 'pay' } }),
      owner: 'pay (owner of the object)',
    },
    {
      why: 'a label of its pods',
      resource: deployment({}, { labels: { 'app.kubernetes.io/part-of': 'shop' } }),
      owner: 'shop (app.kubernetes.io/part-of of its pods)',
    },
    {
      why: 'its namespace',
      resource: deployment({}),
      others: [namespace('shop', { labels: { team: 'web' } })],
      owner: 'web (team of namespace shop)',
    },
    {
      why: 'itself rather than its namespace',
      resource: deployment({ labels: { 'app.kubernetes.io/part-of': 'shop' } }),
      others: [namespace('shop', { labels: { team: 'web' } })],
      owner: 'shop (app.kubernetes.io/part-of of the object)',
    },
    { why: 'nothing empty', resource: deployment({ labels: { team: ' ' } }), owner: 'nobody ()' },
    {
      why: 'nothing that is not seen',
      resource: deployment({ annotations: { owner: '\u200b\u2060' } }),
      owner: 'nobody ()',
    },
    {
      why: 'as much of an annotation as a name has',
      resource: deployment({ annotations: { owner: '😀'.repeat(201) } }),
      owner: `${'😀'.repeat(199)}… (owner of the object)`,
    },
    {
      why: 'all of a long name',
      resource: deployment({ annotations: { owner: '😀'.repeat(200) } }),
      owner: `${'😀'.repeat(200)} (owner of the object)`,
    },
  ])('is told by $why', ({ resource, others = [], owner }) => {
    expect(said(resource, others)['owner']).toBe(owner);
  });

  it.each<[string, JsonObject, string]>([
    ['what controls it', {}, 'streams (team of Kafka main)'],
    ['itself before what controls it', { labels: { owner: 'pay' } }, 'pay (owner of the object)'],
  ])('is told by %s, before its namespace', (_what, metadata, owner) => {
    const ownerReferences = [
      { apiVersion: 'kafka.example.com/v1', kind: 'Kafka', name: 'main', controller: true },
    ];
    const kafka = live({
      apiVersion: 'kafka.example.com/v1',
      kind: 'Kafka',
      metadata: { name: 'main', namespace: 'shop', labels: { team: 'streams' } },
    });
    const others = [kafka, namespace('shop', { labels: { team: 'web' } })];

    expect(said(deployment({ ...metadata, ownerReferences }), others)['owner']).toBe(owner);
  });

  it('is told by the last line of the owners file that fits, before any label', () => {
    const rules =
      '*  everyone\nshop @web #web web@example.com # by name\nshop/Deployment/api pay pager:pay\nshop/a other';

    expect(said(deployment({ labels: { team: 'x' } }), [], rules)).toMatchObject({
      owner: 'pay (OWNERS:3)',
      contacts: 'pager:pay',
    });
  });
});

describe('the contacts of an object', () => {
  const contact = { annotations: { contact: '#payments-oncall' } };

  it.each([
    [
      'not of the owner whom a later line replaces',
      'shop web #web\nshop/Deployment/api pay',
      '#payments-oncall',
    ],
    ['of an earlier line about the same owner', 'shop Pay #pay\nshop/Deployment/api pay', '#pay'],
    ['of the last line that has some', 'shop pay #pay\nshop/Deployment/api pay #api', '#api'],
  ])('are %s', (_what, rules, contacts) => {
    expect(said(deployment(contact), [], rules)['contacts']).toBe(contacts);
  });
});

describe('where an object runs', () => {
  it.each([
    ['shop-dev', 'development'],
    ['qa', 'test'],
    ['shop.staging', 'staging'],
    ['prod-eu', 'production'],
    ['latest', undefined],
    ['constructor', undefined],
  ])('is told by the name of namespace %s as %s', (name, environment) => {
    const resource = deployment({ namespace: name });

    expect(ownershipOf(resource, World.of([resource]).world, DEFAULT_OWNERSHIP).environment?.value).toBe(
      environment,
    );
  });

  it('is told by a label before the name', () => {
    expect(said(deployment({ namespace: 'dev', labels: { env: 'Production' } }))['environment']).toBe(
      'production (env of the object)',
    );
  });
});

describe('how much depends on an object', () => {
  it.each([
    ['crown-jewel', 'crown-jewel'],
    ['Critical', 'crown-jewel'],
    ['low', 'non-critical'],
    ['whatever', 'unknown'],
  ])('is told by criticality: %s as %s', (value, criticality) => {
    expect(said(deployment({ labels: { criticality: value } }))['criticality']).toBe(criticality);
  });
});

it('whose an object is holds no secret that somebody took for a contact, an owner or an environment', () => {
  const webhook = ['https://hooks.slack.com/services', 'T12345678', 'B12345678', 'a1B2c3D4e5F6g7H8i9J0k1L2'];
  const token = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
  const annotations = { contact: webhook.join('/') };
  const found = said(deployment({ labels: { team: token }, annotations }, { labels: { env: token } }));

  expect(found).toEqual({
    owner: '[redacted] (team of the object)',
    environment: '[redacted] (env of its pods)',
    criticality: 'unknown',
    contacts: '[redacted]',
  });
});

describe('an owners file', () => {
  it.each([
    ['shop web #storefront', ['#storefront']],
    ['shop web #storefront web@example.com # asked in June', ['#storefront', 'web@example.com']],
    ['shop web # storefront', undefined],
    ['shop web #', undefined],
    ['shop web @web #a #b #', ['@web', '#a', '#b']],
  ])('reads the contacts of %s', (line, contacts) => {
    expect(readOwnersFile(line, 'OWNERS').rules).toEqual([
      { scope: { namespaces: ['shop'] }, owner: 'web', ...(contacts && { contacts }), source: 'OWNERS:1' },
    ]);
  });

  it.each(['#shop web', '  # shop web', '#', ''])('takes "%s" for a comment', (line) => {
    expect(readOwnersFile(line, 'OWNERS')).toEqual({ rules: [], problems: [] });
  });

  it.each([
    ['*/Deployment/*', true],
    ['*/Deployment.apps/*', true],
    ['*/Deployment.example.com/*', false],
    ['*/Deployment./*', false],
  ])('finds in %s a kind with or without its API group', (pattern, isOwned) => {
    expect(readOwnersFile(`${pattern} web`, 'OWNERS').problems).toEqual([]);
    expect(said(deployment({}), [], `${pattern} web`)['owner']?.startsWith('web')).toBe(isOwned);
  });

  it('asks for an owner where a channel stands in its place', () => {
    expect(readOwnersFile('shop #storefront', 'OWNERS').problems).toEqual([
      { line: 1, reason: '"shop" has no owner before #storefront' },
    ]);
  });

  it('names the lines that cannot be read', () => {
    const { rules, problems } = readOwnersFile(
      'shop\na/b/c/d team\n../etc team\n\n# only this\nshop web\r\n',
      'OWNERS',
    );

    expect(rules).toEqual([{ scope: { namespaces: ['shop'] }, owner: 'web', source: 'OWNERS:6' }]);
    expect(problems).toEqual([
      { line: 1, reason: '"shop" has no owner' },
      { line: 2, reason: '"a/b/c/d" is none of NAMESPACE, NAMESPACE/NAME, NAMESPACE/KIND/NAME' },
      { line: 3, reason: '"../etc" is none of NAMESPACE, NAMESPACE/NAME, NAMESPACE/KIND/NAME' },
    ]);
  });
});
