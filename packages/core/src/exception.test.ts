import { resourcesOf } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containers, defineControl } from './control.ts';
import { type Exception, type ExceptionScope, Exceptions, withException } from './exception.ts';
import { type Finding, toFinding } from './finding.ts';
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

const [DEPLOYMENT] = resourcesOf(
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: web-1, namespace: shop-prod, labels: {tier: edge}}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: registry.example/app:1}]}
`,
  'latest',
  'deploy/web.yaml',
);
if (DEPLOYMENT === undefined) throw new Error('no deployment');
const FINDING = toFinding(CONTROL, DEPLOYMENT, {
  path: ['spec', 'template', 'spec', 'containers', 0, 'image'],
  facts: {},
});

function exception(scope: ExceptionScope, rest: Partial<Exception> = {}): Exception {
  return { origin: 'configuration', source: 'bulwark.yaml:1', reason: 'Why', scope, ...rest };
}

function covers(scope: ExceptionScope, finding: Finding = FINDING): boolean {
  return new Exceptions([exception(scope)]).covering(finding, DEPLOYMENT).length > 0;
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
    [
      'its own object',
      { object: { kind: 'Deployment', namespace: 'shop-prod', name: 'web-1', file: 'deploy/web.yaml' } },
      true,
    ],
    [
      'an object of the same name elsewhere',
      { object: { kind: 'Deployment', namespace: 'shop-prod', name: 'web-1', file: 'b.yaml' } },
      false,
    ],
    ['its fingerprint', { fingerprints: new Set([FINDING.fingerprint]) }, true],
    ['another fingerprint', { fingerprints: new Set(['0'.repeat(32)]) }, false],
    ['parts of which one does not fit', { controls: ['sample'], kinds: ['Pod'] }, false],
  ])('that names %s covers it: %j -> %j', (_name, scope, expected) => {
    expect(covers(scope)).toBe(expected);
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
