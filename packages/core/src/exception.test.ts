import { resourcesOf } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containers, defineControl } from './control.ts';
import { beyondListed, type Exception, type ExceptionScope, Exceptions, withException } from './exception.ts';
import { type Finding, toFinding } from './finding.ts';
import { groupFindings } from './report.ts';
import type { Resource } from './resource.ts';
import { matchesPattern } from './scope.ts';

const CONTROL = defineControl({
  id: 'sample',
  aliases: [],
  title: 'A sample',
  problem: 'are samples',
  message: 'Sample.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale: '',
  remediation: '',
  references: [],
  attack: [],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  evaluate: () => [],
});

function one(yaml: string, file?: string): Resource {
  const [resource] = resourcesOf(yaml, 'latest', file);
  if (resource === undefined) throw new Error('no resource');
  return resource;
}

const DEPLOYMENT = one(
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: web-1, namespace: shop-prod, labels: {tier: edge}}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: registry.example/app:1}]}
`,
  'deploy/web.yaml',
);
const FINDING = toFinding(CONTROL, DEPLOYMENT, {
  path: ['spec', 'template', 'spec', 'containers', 0, 'image'],
  facts: {},
});

function exception(scope: ExceptionScope, rest: Partial<Exception> = {}): Exception {
  return { origin: 'configuration', source: 'bulwark.yaml:1', reason: 'Why', scope, ...rest };
}

function covers(
  scope: ExceptionScope,
  finding: Finding = FINDING,
  found = DEPLOYMENT,
  owner = found,
): boolean {
  return new Exceptions([exception(scope)]).covering(finding, { found, owner }).length > 0;
}

describe('the scope of an exception', () => {
  it.each<[string, ExceptionScope, boolean]>([
    ['nothing', {}, true],
    ['its control', { controls: ['sample'] }, true],
    ['another control', { controls: ['other'] }, false],
    ['its namespace', { namespaces: ['shop-prod'] }, true],
    ['a pattern of its namespace', { namespaces: ['shop-*'] }, true],
    ['one of several namespaces', { namespaces: ['other', 'shop-prod'] }, true],
    ['another namespace', { namespaces: ['shop'] }, false],
    ['its kind', { kinds: ['Deployment'] }, true],
    ['another kind', { kinds: ['Pod'] }, false],
    ['its kind with its API group', { kinds: ['Deployment.apps'] }, true],
    ['its kind with a pattern of its group', { kinds: ['Deployment.*'] }, true],
    ['all kinds of its group', { kinds: ['*.apps'] }, true],
    ['its kind with another group', { kinds: ['Deployment.example.com'] }, false],
    ['its kind with the core group', { kinds: ['Deployment.'] }, false],
    ['its name', { names: ['web-?', 'web-1'] }, true],
    ['a name with a character that patterns do not know', { names: ['web-?'] }, false],
    ['its label', { labels: { tier: 'edge' } }, true],
    ["its pods' label", { labels: { app: 'w*' } }, true],
    ['labels of different places', { labels: { tier: 'edge', app: 'web' } }, false],
    ['another label', { labels: { tier: 'core' } }, false],
    ['its container', { containers: ['app'] }, true],
    ['another container', { containers: ['proxy'] }, false],
    ['its image', { images: ['registry.example/*'] }, true],
    ['another image', { images: ['registry.example.org/*'] }, false],
    ['its file', { paths: ['deploy/*'] }, true],
    ['another file', { paths: ['web.yaml'] }, false],
    ['its own object', { object: DEPLOYMENT }, true],
    ['its own object and control', { object: DEPLOYMENT, controls: ['sample'] }, true],
    ['its own object and another control', { object: DEPLOYMENT, controls: ['other'] }, false],
    ['an equal object elsewhere', { object: { ...DEPLOYMENT } }, false],
    ['another image of the same start', { images: ['registry.example/app'] }, false],
    ['its fingerprint', { fingerprints: new Set([FINDING.fingerprint]) }, true],
    ['another fingerprint', { fingerprints: new Set(['0'.repeat(32)]) }, false],
    ['parts of which one does not fit', { controls: ['sample'], kinds: ['Pod'] }, false],
  ])('that names %s covers it or not', (_name, scope, expected) => {
    expect(covers(scope)).toBe(expected);
  });

  it.each<[readonly string[] | undefined, readonly string[]]>([
    [undefined, ['ClusterRole', 'Namespace', 'Role']],
    [['*'], ['Namespace', 'Role']],
    [
      ['**', 'other'],
      ['Namespace', 'Role'],
    ],
    [['shop*'], ['Namespace', 'Role']],
    [[''], ['ClusterRole']],
  ])('with the namespaces %j covers what lies in one that fits', (namespaces, kinds) => {
    const objects = [
      one('{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: shop}}'),
      one('{apiVersion: v1, kind: Namespace, metadata: {name: shop}}'),
      one('{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, namespace: shop}}'),
    ];
    const scope = namespaces === undefined ? {} : { namespaces };
    const isCovered = (object: Resource): boolean =>
      covers(scope, toFinding(CONTROL, object, { path: ['metadata'], facts: {} }), object);

    expect(objects.filter(isCovered).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('the scope of an exception in an object with several templates', () => {
  const ROLES = one(`apiVersion: example.com/v1
kind: Cluster
metadata: {name: c, namespace: shop}
spec:
  head: {template: {spec: {containers: [{name: app, image: "x:dev"}]}}}
  worker: {template: {spec: {containers: [{name: app, image: "x:prod"}]}}}
`);
  const at = (role: string): Finding =>
    toFinding(CONTROL, ROLES, {
      path: ['spec', role, 'template', 'spec', 'containers', 0, 'image'],
      facts: {},
    });

  it('is asked about the image of the very container', () => {
    expect(covers({ images: ['x:dev'] }, at('head'), ROLES)).toBe(true);
    expect(covers({ images: ['x:dev'] }, at('worker'), ROLES)).toBe(false);
  });

  it('does not cover containers of one name that have different images', () => {
    const doubled = one(
      '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: "x:dev"}, {name: a, image: "x:prod"}]}}',
    );
    const finding = toFinding(CONTROL, doubled, { path: ['spec', 'containers', 1, 'image'], facts: {} });

    expect(covers({ images: ['x:dev'] }, finding, doubled)).toBe(false);
    expect(covers({ images: ['x:*'] }, finding, doubled)).toBe(true);
  });
});

describe('the scope of an exception for what was found in an owned pod', () => {
  const pod = one(
    '{apiVersion: v1, kind: Pod, metadata: {name: web-1-a, namespace: shop-prod, labels: {injected: "yes"}}, spec: {containers: [{name: proxy, image: "mesh:1"}]}}',
  );
  const moved = {
    ...toFinding(CONTROL, pod, { path: ['spec', 'containers', 0, 'image'], facts: {} }),
    resource: DEPLOYMENT,
  };

  it.each<[string, ExceptionScope, boolean]>([
    ['the label of the owner', { labels: { tier: 'edge' } }, true],
    ['the label of the pod', { labels: { injected: 'yes' } }, true],
    ['the image in the pod', { images: ['mesh:1'] }, true],
    ['the name of the owner', { names: ['web-1'] }, true],
    ['the name of the pod', { names: ['web-1-a'] }, false],
    ['the owner itself', { object: DEPLOYMENT }, true],
    ['the pod itself, one of many', { object: pod }, false],
  ])('that names %s covers it or not', (_name, scope, expected) => {
    expect(covers(scope, moved, pod, DEPLOYMENT)).toBe(expected);
  });
});

describe('exceptions', () => {
  it('cover a finding once, by however many names they name its control', () => {
    const [named] = [exception({ controls: ['sample', 'sample'] })];

    expect(new Exceptions([named]).covering(FINDING, undefined)).toEqual([named]);
  });

  it('are all found, those of the configuration before those in the object and a baseline', () => {
    const [baseline, object, all, control] = [
      exception({ fingerprints: new Set([FINDING.fingerprint]) }),
      exception({ object: DEPLOYMENT }),
      exception({}),
      exception({ controls: ['sample'] }),
    ];

    expect(
      new Exceptions([baseline, object, all, control]).covering(FINDING, {
        found: DEPLOYMENT,
        owner: DEPLOYMENT,
      }),
    ).toEqual([control, all, object, baseline]);
  });

  it('that accept a precise finding do not hide the general one behind it', () => {
    const precise = { ...CONTROL, id: 'precise', refines: ['sample'], covers: ['sample'] };
    const accepted = { ...FINDING, control: 'precise', exception: exception({}) };

    const groups = groupFindings([accepted, FINDING], [CONTROL, precise]);

    expect(groups.map(({ control }) => control.id)).toEqual(['sample']);
  });
});

describe('an exception on a day', () => {
  const on = (exceptions: readonly Exception[], today: string) => withException(FINDING, exceptions, today);

  it('holds up to its last day', () => {
    const ending = [exception({}, { until: '2026-12-31' })];

    expect(on(ending, '2026-12-31').exception).toBe(ending[0]);
    expect(on(ending, '2027-01-01').exception).toBeUndefined();
  });

  it('gives way to another that still holds', () => {
    const [expired, holding] = [exception({}, { until: '2020-01-01' }), exception({})];

    expect(on([expired, holding], '2026-01-01').exception).toBe(holding);
  });

  it('that is only asked for accepts nothing', () => {
    const request = exception({}, { isRequest: true });

    expect(on([request], '2026-01-01')).toMatchObject({ requested: request });
    expect(on([request], '2026-01-01').exception).toBeUndefined();
  });
});

describe('a pattern', () => {
  it('without a star is the text itself, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, text) => {
        fc.pre(!pattern.includes('*'));
        expect(matchesPattern(pattern, text)).toBe(pattern === text);
      }),
    );
  });

  it('fits what has its parts in order, in linear time', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), fc.string(), (parts, between) => {
        fc.pre(parts.every((part) => !part.includes('*')));
        expect(matchesPattern(parts.join('*'), parts.join(between))).toBe(true);
      }),
    );
    expect(matchesPattern(`${'a*'.repeat(30)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

describe('what is beyond a baseline', () => {
  const at = (...files: readonly string[]): Finding[] => files.map((file) => ({ ...FINDING, file }));
  const listed = (...files: readonly string[]) => new Map([[FINDING.fingerprint, files]]);

  it.each([
    { known: ['a'], found: ['a'], beyond: [] },
    { known: ['a'], found: ['b'], beyond: [] },
    { known: ['b'], found: ['a', 'b'], beyond: ['a'] },
    { known: ['b', 'b'], found: ['a', 'b', 'b'], beyond: ['a'] },
    { known: ['b', 'c'], found: ['a', 'b', 'd'], beyond: ['d'] },
    { known: [''], found: ['a', 'b'], beyond: ['b'] },
    { known: [], found: ['a'], beyond: ['a'] },
  ])('of $found, where it lists $known, is $beyond', ({ known, found, beyond }) => {
    const findings = at(...found);

    expect([...beyondListed(findings, listed(...known))].map(({ file }) => file)).toEqual(beyond);
  });

  it('is nothing that has another fingerprint', () => {
    expect(beyondListed(at('a', 'b'), new Map()).size).toBe(0);
  });
});
