import {
  type Control,
  defineControl,
  EVERY_RECORD,
  FINDING_FIELDS,
  type Finding,
  fingerprint,
  groupFindings,
  hash128,
  workloads,
} from '@bulwark/core';
import { applyBatch, type FindingRow, scopeOf } from '@bulwark/store';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
import { queueGroups } from './queue-folds.ts';
import { TestHub } from './test-cluster.ts';

const BEFORE = new Date('2026-11-25T12:00:00Z');
const NOW = new Date('2026-11-26T12:00:00Z');
const IDS = ['a', 'b', 'c', 'd', 'e'] as const;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOW);
}, 60_000);

afterAll(() => hub?.stop());

/** A control that says more than those after it by the rules that are drawn, so that nothing tells itself. */
function controlOf(id: string, rules: ReadonlyMap<string, 'refines' | 'covers' | 'none'>): Control {
  const those = (rule: string) => [...rules].filter(([, each]) => each === rule).map(([other]) => other);
  return defineControl({
    id,
    aliases: [],
    title: id,
    problem: 'do something',
    message: '{resource}.',
    severity: 'high',
    profile: 'default',
    since: '0.1.0',
    rationale: '',
    remediation: '',
    references: [],
    attack: [],
    refines: those('refines'),
    covers: those('covers'),
    appliesTo: workloads,
    looks: 'object',
    reads: [],
    *evaluate() {},
  });
}

const controls = fc
  .tuple(
    ...IDS.map((_id, index) =>
      fc.tuple(
        ...IDS.slice(index + 1).map((other) =>
          fc.tuple(fc.constant(other), fc.constantFrom('refines', 'covers', 'none')),
        ),
      ),
    ),
  )
  .map((drawn) => IDS.map((id, index) => controlOf(id, new Map(drawn[index]))));

/** A finding, and whether it is there, accepted or gone before and now. */
const drawn = fc.record({
  control: fc.constantFrom(...IDS),
  apiVersion: fc.constantFrom('apps/v1', 'apps/v1beta1'),
  name: fc.constantFrom('web', 'api'),
  container: fc.constantFrom(undefined, 'app', 'side'),
  place: fc.constantFrom('spec.x', 'spec.y'),
  // The template of the object, or a live pod of it.
  template: fc.constantFrom('spec.template.', ''),
  states: fc.tuple(
    fc.constantFrom('open', 'open', 'accepted', 'gone'),
    fc.constantFrom('open', 'open', 'accepted', 'gone'),
  ),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** Each in a namespace of its own, so that a control is told in one and not in the other. */
const namespaceOf = ({ name }: Pick<Drawn, 'name'>): string => `space-of-${name}`;

function fingerprintOf({ control, apiVersion, name, container, place }: Drawn): string {
  const owner = { apiVersion, kind: 'Deployment', namespace: namespaceOf({ name }), name };
  return fingerprint(control, owner, container, place);
}

function rowOf(each: Drawn, state: string): FindingRow {
  const { control, apiVersion, name, container, place, template } = each;
  return {
    fingerprint: fingerprintOf(each),
    digest: hash128(`${state} ${JSON.stringify(each)}`),
    control,
    severity: 'high',
    kind: 'apps/Deployment',
    apiVersion,
    namespace: namespaceOf({ name }),
    name,
    container,
    path: `${template}${place}`,
    message: `${name} ${container ?? ''} ${place}`,
    fixable: false,
    exception:
      state === 'accepted' ? { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' } : undefined,
    requested: undefined,
    team: undefined,
    environment: undefined,
    criticality: undefined,
  };
}

function findingOf(each: Drawn): Finding {
  const { control, apiVersion, name, container, place, template } = each;
  return {
    fingerprint: fingerprintOf(each),
    control,
    severity: 'high',
    message: '',
    resource: { apiVersion, kind: 'Deployment', namespace: namespaceOf({ name }), name },
    ...(container !== undefined && { container }),
    path: `${template}${place}`,
    semanticPath: place,
    isFixable: false,
  };
}

async function record(findings: readonly Drawn[], name: string): Promise<number> {
  const { id } = await hub.cluster(name, {});
  const there = (moment: 0 | 1) => findings.filter(({ states }) => states[moment] !== 'gone');
  const write = (at: Date, moment: 0 | 1) =>
    applyBatch(hub.store, id, {
      at,
      resources: [],
      removed: [],
      findings: there(moment).map((each) => rowOf(each, each.states[moment])),
      resolved: there(0)
        .filter(({ states }) => moment === 1 && states[1] === 'gone')
        .map(fingerprintOf),
    });
  await write(BEFORE, 0);
  await write(NOW, 1);
  return id;
}

const QUERIES: readonly (readonly [string, (finding: Drawn) => boolean])[] = [
  ['', () => true],
  ['container:app', ({ container }) => container === 'app'],
  ['-control:a', ({ control }) => control !== 'a'],
  ['x', ({ place }) => place === 'spec.x'],
];

describe('the groups of the queue', () => {
  it('are those of a scan that finds the same, now and as of a moment, of all and of what is asked for', async () => {
    let round = 0;
    const cases = fc.tuple(
      controls,
      fc.uniqueArray(drawn, { selector: fingerprintOf, maxLength: 24 }),
      fc.constantFrom(...QUERIES),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([all, findings, [q, fits]]) => {
        round += 1;
        const cluster = await record(findings, `cluster-${round}`);
        const scope = scopeOf({ clusters: [cluster], namespaces: 'all' });
        const byId = new Map(all.map((each) => [each.id, each]));
        const settings = { store: hub.store, controls: byId, answers: new KeptAnswers(hub.store) };
        for (const [moment, asOf] of [
          [0, BEFORE],
          [1, undefined],
        ] as const) {
          const query = q === '' ? EVERY_RECORD : queryOf(q, FINDING_FIELDS);
          const { groups } = await queueGroups(settings, scope, {
            query,
            limit: 100,
            now: NOW,
            asOf,
            since: undefined,
          });
          const open = findings.filter((each) => each.states[moment] === 'open' && fits(each));
          const expected = groupFindings(open.map(findingOf), all);

          expect(
            Object.fromEntries(groups.map(({ key, findings: count }) => [key, count])),
            `${asOf?.toISOString()} ${q}`,
          ).toEqual(Object.fromEntries(expected.map((each) => [each.control.id, each.findings.length])));
        }
      }),
      { numRuns: 60 },
    );
  }, 300_000);
});
