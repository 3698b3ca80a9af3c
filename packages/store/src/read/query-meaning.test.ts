import {
  CHANGE_FIELDS,
  FINDING_FIELDS,
  matchesQuery,
  NAMESPACE_FIELDS,
  printQuery,
  type Query,
  type QueryField,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import type { Store } from '../store.ts';
import { listChanges } from './changes.ts';
import { mentions } from './finding-state.ts';
import { listFindings } from './findings.ts';
import { listResources } from './inventory.ts';
import { listNamespaces } from './namespaces.ts';
import { queriesOf, queryOf, termOf } from './queries.testing.ts';
import {
  ago,
  at,
  BEFORE,
  DEPLOYMENTS,
  FINDINGS,
  FRAMEWORKS,
  findingModel,
  type Model,
  model,
  NAMES,
  NAMESPACE_OBJECTS,
  NOW,
  objectModel,
  PODS,
  SEVERITIES,
} from './queryable.testing.ts';
import { queryableStores } from './queryable-store.testing.ts';
import { listWorkloads } from './workloads.ts';

const HOSTILE = [
  "'; drop table finding; --",
  '\\',
  "\\'",
  '%',
  '_',
  '%%',
  '$1',
  '::text',
  '\u0000',
  '\ud800',
  '{}',
  '"',
  '?',
  '\n',
];
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

const stores = queryableStores();

function own(): Store {
  return at(stores(), 0);
}

/** What every database answers, of which each is of another locale. */
async function answerOf({ keys }: Subject, query: Query): Promise<readonly string[]> {
  const [answer = [], ...others] = await Promise.all(stores().map((store) => keys(store, query)));
  for (const other of others) expect(other, printQuery(query)).toEqual(answer);
  return answer;
}

/** A list, its fields, and what it holds as a list in memory has it. */
interface Subject {
  readonly name: string;
  readonly fields: readonly QueryField[];
  readonly models: readonly Model[];
  readonly keys: (store: Store, query: Query) => Promise<readonly string[]>;
}

const keyOf = ({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string =>
  `${kind}|${namespace}|${name}`;
const OBJECTS = [...DEPLOYMENTS, ...NAMESPACE_OBJECTS, ...PODS];

function workloadModel(row: (typeof DEPLOYMENTS)[number], asOf?: Date): Model {
  const { key, values } = objectModel(row, asOf);
  const texts = [
    row.namespace,
    row.name,
    row.kind,
    row.images.join(' '),
    ...Object.entries(row.labels).map((pair) => pair.join(': ')),
  ];
  return model(key, values, texts);
}

function namespaceModel(row: (typeof NAMESPACE_OBJECTS)[number], findings: readonly Model[]): Model {
  const open = findings.filter(
    ({ values }) => values['state'] === 'open' && values['namespace'] === row.name,
  );
  const { key, values } = objectModel(row);
  const severity = SEVERITIES.find((each) => open.some((finding) => finding.values['severity'] === each));
  return model(key, { ...values, severity, findings: open.length }, [row.name, row.team]);
}

function changeModel(row: (typeof DEPLOYMENTS)[number]): Model {
  const seen = ago(40 - NAMES.indexOf(row.ownerName)).getTime();
  const { user, impersonatedBy, managers, groups, address, userAgent } = row.actor;
  const who = {
    actor: [user ?? [], impersonatedBy ?? [], managers].flat(),
    group: groups,
    address: address ?? undefined,
    program: userAgent ?? undefined,
  };
  const { key, values } = objectModel(row);
  // In the order of the fields of an object as it is stored.
  const written = [user, groups, address, managers, userAgent, impersonatedBy].flat();
  return model(key, { ...values, ...who, verb: 'created', at: seen, age: NOW.getTime() - seen }, [
    row.namespace,
    row.name,
    row.kind,
    written.filter((text) => text !== null).join(' '),
  ]);
}

/** What is listed now, or as of a moment. */
function subjectsAt(when: string, asOf: Date | undefined): readonly Subject[] {
  const request = (query: Query) => ({ query, limit: 500, now: NOW, asOf, frameworks: FRAMEWORKS });
  const findings = FINDINGS.map((row, index) => findingModel(row, index, asOf));
  return [
    {
      name: `findings ${when}`,
      fields: FINDING_FIELDS,
      models: findings,
      keys: async (store, query) =>
        (await listFindings(store, ALL, request(query))).items.map(({ fingerprint }) => fingerprint),
    },
    {
      name: `objects ${when}`,
      fields: RESOURCE_FIELDS,
      models: OBJECTS.map((row) => objectModel(row, asOf)),
      keys: async (store, query) => (await listResources(store, ALL, request(query))).items.map(keyOf),
    },
    {
      name: `workloads ${when}`,
      fields: WORKLOAD_FIELDS,
      models: DEPLOYMENTS.map((row) => workloadModel(row, asOf)),
      keys: async (store, query) => (await listWorkloads(store, ALL, request(query))).items.map(keyOf),
    },
    {
      name: `namespaces ${when}`,
      fields: NAMESPACE_FIELDS,
      models: NAMESPACE_OBJECTS.map((row) => namespaceModel(row, findings)),
      keys: async (store, query) =>
        (await listNamespaces(store, ALL, request(query))).items.map(({ name }) => `Namespace||${name}`),
    },
    {
      name: `changes ${when}`,
      fields: CHANGE_FIELDS,
      models: [...DEPLOYMENTS, ...NAMESPACE_OBJECTS].map(changeModel),
      keys: async (store, query) =>
        (await listChanges(store, ALL, request(query))).items.filter(({ kind }) => kind !== 'Pod').map(keyOf),
    },
  ];
}

const SUBJECTS = [
  ...subjectsAt('now', undefined),
  ...subjectsAt('as of a moment', BEFORE),
  ...subjectsAt('as of a moment at which some were resolved', ago(15)).filter(
    ({ fields }) => fields === FINDING_FIELDS,
  ),
];

/** Of the others, texts that are searched beside those of the model, as labels are printed, are no matter of this test. */
const IS_SEARCHED = /^(?:findings|objects|changes) /;

function hasText(query: Query): boolean {
  if (query.op === 'text') return true;
  if (query.op === 'not') return hasText(query.item);
  return query.op !== 'field' && query.items.some(hasText);
}

describe.each(SUBJECTS)('a query of $name', (subject) => {
  const { name, fields, models } = subject;

  it('means in the database what it means in memory', async () => {
    await fc.assert(
      fc.asyncProperty(queriesOf(fields, models), async (query) => {
        fc.pre(IS_SEARCHED.test(name) || !hasText(query));
        const isOpenOnly = name.startsWith('findings ') && !mentions(query, 'state');
        const expected = models.filter(
          ({ record, values }) =>
            (!isOpenOnly || values['state'] === 'open') &&
            matchesQuery(query, record, { fields, now: NOW.getTime() }),
        );
        expect([...(await answerOf(subject, query))].sort(), printQuery(query)).toEqual(
          expected.map(({ key }) => key).sort(),
        );
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('takes what anybody writes for text, and for nothing else', async () => {
    const written = fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme-ascii' }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(undefined, ...fields.filter(({ type }) => type === 'text')),
        async (parts, field) => {
          const query: Query =
            field === undefined
              ? { op: 'text', parts }
              : { op: 'field', field: field.name, compare: '=', values: [{ type: 'text', parts }] };
          const fits = IS_SEARCHED.test(name) || field !== undefined;
          const found = await answerOf(subject, query);
          const expected = models.filter(
            ({ record, values }) =>
              (!name.startsWith('findings ') || values['state'] === 'open') &&
              matchesQuery(query, record, { fields, now: NOW.getTime() }),
          );
          if (fits) expect([...found].sort()).toEqual(expected.map(({ key }) => key).sort());
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);

  it.each(fields.map((field) => field.name))('knows the field %s', async (field) => {
    const known = models.find(({ values }) => [values[field] ?? []].flat().length > 0);
    expect(known, 'the test knows the field').toBeDefined();
    const definition = fields.find((each) => each.name === field);
    if (definition === undefined) throw new Error(field);
    const some = fc.sample(termOf(definition, models), { numRuns: 60, seed: 1 });
    const found = await Promise.all(some.map((query) => subject.keys(own(), query)));
    expect(new Set(found.map((each) => each.length)).size).toBeGreaterThan(1);
  });
});

it('the worst findings of a query are the beginning of all that it finds', async () => {
  const models = FINDINGS.map((row, index) => findingModel(row, index));
  await fc.assert(
    fc.asyncProperty(
      queriesOf(FINDING_FIELDS, models),
      fc.integer({ min: 1, max: 9 }),
      async (query, limit) => {
        const page = (most: number) =>
          listFindings(own(), ALL, { query, limit: most, now: NOW, frameworks: FRAMEWORKS });
        const { items: all } = await page(500);
        const { items, next, total } = await page(limit);
        expect(items, printQuery(query)).toEqual(all.slice(0, limit));
        expect([next !== null, total], printQuery(query)).toEqual([all.length > limit, all.length]);
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

it('what was of the worst when it was counted, and was not when it was read, leaves room for what comes after it', async () => {
  const query = queryOf('-control:another', FINDING_FIELDS);
  const page = (limit: number) =>
    listFindings(own(), ALL, { query, limit, now: NOW, frameworks: FRAMEWORKS });
  const { items: all } = await page(500);
  const worst = all.filter(({ severity }) => severity === all[0]?.severity).length;
  const count = (by: number) =>
    own().pool.query('update counter set open = open + $1 where severity = $2', [by, all[0]?.severity]);
  await count(500);
  const { items, next } = await page(worst + 2);
  await count(-500);

  expect(items).toEqual(all.slice(0, worst + 2));
  expect(next).not.toBeNull();
});
