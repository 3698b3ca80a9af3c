import { type Control, saidOfCauses, type Telling, tellingsOf } from '@bulwark/core';
import {
  type CausedRecord,
  causingFindings,
  examplesOf,
  type FindingGroupRecord,
  findingsAt,
  groupFindings,
  type ListRequest,
  ofControls,
  type Scope,
  type Store,
  type Times,
  type ToldRecord,
  toldFindings,
} from '@bulwark/store';
import type { KeepingSettings } from './finding-item.ts';
import { groupBy } from './group-by.ts';
import { groupedFindings, MOST_GROUPS } from './grouped-findings.ts';

type Asked = ListRequest & Times;

interface Folded {
  /** Findings of which others are the cause. */
  readonly caused: readonly (CausedRecord & { readonly by: string })[];
  /** Findings that others of the same objects tell better. */
  readonly told: readonly ToldRecord[];
  /** The controls that lose findings by it, and the groups of those that these keep. */
  readonly controls: readonly string[];
  readonly left: readonly FindingGroupRecord[];
}

/** What the queue is made from: its groups, and what is in none of them. */
export type QueueGroups = Pick<Folded, 'caused' | 'told'> & {
  readonly groups: readonly FindingGroupRecord[];
};

/**
 * The groups of the queue, and the findings that others tell, which are in none, by the rule of a scan's report. Of both those
 * count that are asked for, so that nothing is told by what nobody sees.
 */
export async function queueGroups(
  { store, controls, answers }: KeepingSettings,
  scope: Scope,
  asked: Asked,
): Promise<QueueGroups> {
  const request = { ...asked, sort: undefined, cursor: undefined };
  const grouped = () => groupedFindings({ store, answers }, scope, 'control', asked);
  const [groups, { controls: fewer, left, caused, told }] = await Promise.all([
    grouped(),
    answers.of({ list: ['folds'], scope, request, topics: ['findings', 'triage'] }, async () =>
      foldedFindings(store, scope, request, among(controls, await grouped())),
    ),
  ]);
  const whole = groups.filter(({ key }) => !fewer.includes(key));
  return { groups: [...(await withExamples(store, scope, whole, [])), ...left], caused, told };
}

/** Groups whose example is of the riskiest workload, where one is known, and nothing that others tell. */
async function withExamples(
  store: Store,
  scope: Scope,
  groups: readonly FindingGroupRecord[],
  tellings: readonly Telling[],
): Promise<readonly FindingGroupRecord[]> {
  const keys = groups.flatMap(({ key, riskiest }) =>
    riskiest === undefined ? [] : { ...riskiest, control: key },
  );
  if (keys.length === 0) return groups;
  const examples = await examplesOf(store, scope, keys, tellings);
  return groups.map((group) => ({ ...group, example: examples.get(group.key) ?? group.example }));
}

/** The controls of some groups: others neither tell anything nor are told. */
function among(
  controls: ReadonlyMap<string, Control>,
  groups: readonly FindingGroupRecord[],
): ReadonlyMap<string, Control> {
  return new Map(
    groups.flatMap(({ key }) => {
      const control = controls.get(key);
      return control === undefined ? [] : [[key, control]];
    }),
  );
}

async function foldedFindings(
  store: Store,
  scope: Scope,
  request: Asked,
  byId: ReadonlyMap<string, Control>,
): Promise<Folded> {
  const tellings = tellingsOf(byId.values()).filter(({ told }) => byId.has(told));
  const caused = await causedFindings(store, scope, request, byId);
  const besides = caused.map(({ cluster, fingerprint }) => ({ cluster, fingerprints: fingerprint }));
  const { records: told, findings } = await toldFindings(store, scope, request, { tellings, besides });
  const controls = [...new Set([...caused, ...told].map(({ control }) => control))];
  if (controls.length === 0) return { caused, told, controls, left: [] };
  const left = await groupFindings(store, scope, 'control', {
    ...request,
    query: ofControls(request.query, controls),
    without: [...besides, ...findings],
    limit: MOST_GROUPS,
  });
  return { caused, told, controls, left: await withExamples(store, scope, left, tellings) };
}

/** The findings of which others are the cause, each with the control of these. Causes are known of the present. */
async function causedFindings(
  store: Store,
  scope: Scope,
  request: Asked,
  byId: ReadonlyMap<string, Control>,
): Promise<Folded['caused']> {
  const causing = [...byId.values()].filter(({ causedBy = [] }) => causedBy.length > 0);
  if (causing.length === 0 || request.asOf !== undefined) return [];
  const ids = causing.map(({ id }) => id);
  const named = await causingFindings(store, scope, request, ids);
  if (named.length === 0) return [];
  const said = new Map(
    [...groupBy(named, ({ cluster }) => cluster)].map(([cluster, found]) => [
      cluster,
      saidOfCauses(found, byId),
    ]),
  );
  const found = await findingsAt(store, scope, request, [...said].flatMap(placesOf));
  return found.map((each) => {
    const { cluster, control, kind, namespace, name } = each;
    return { ...each, by: said.get(cluster)?.get(control)?.get(`${kind}|${namespace}|${name}`) ?? '' };
  });
}

function placesOf([cluster, said]: readonly [number, ReturnType<typeof saidOfCauses>]) {
  return [...said].flatMap(([control, keys]) =>
    [...keys.keys()].map((key) => {
      const [kind = '', namespace = '', ...name] = key.split('|');
      return { cluster, control, kind, namespace, name: name.join('|') };
    }),
  );
}
