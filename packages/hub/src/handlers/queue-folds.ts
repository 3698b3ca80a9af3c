import { type Control, namespaceOf, saidOfCauses, tellingsOf } from '@bulwark/core';
import {
  type CausedRecord,
  causingFindings,
  examplesOf,
  type FindingGroupRecord,
  findingsAt,
  groupFindings,
  type ListRequest,
  type NamedFindings,
  ofControls,
  ownerKey,
  type Scope,
  type Store,
  type Times,
  type ToldRecord,
  toldFindings,
} from '@bulwark/store';
import { forAll, groupsByControl } from './finding-groups.ts';
import type { FindingSettings, KeepingSettings } from './finding-item.ts';
import { groupBy } from './group-by.ts';

type Asked = ListRequest & Times;

/** By what findings are folded: in all that are asked for, or in those of each owner. */
type FoldedBy = 'control' | 'owned control';

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
  const request = forAll(asked);
  const grouped = () => groupsByControl({ store, answers }, scope, asked);
  const [groups, { controls: fewer, left, caused, told }] = await Promise.all([
    grouped(),
    answers.of({ list: ['folds'], scope, request, topics: ['findings', 'triage'] }, async () =>
      foldedFindings(store, scope, request, { by: 'control', byId: among(controls, await grouped()) }),
    ),
  ]);
  const whole = groups.filter(({ key }) => !fewer.includes(key));
  return { groups: [...(await withExamples(store, scope, whole, { request })), ...left], caused, told };
}

/**
 * The groups of the queues of all owners at once, each as if that owner alone were asked for. Their keys are `control|owner`, where
 * the owner is as `ownerKey` has it.
 */
export async function ownedGroups(
  { store, controls }: FindingSettings,
  scope: Scope,
  asked: Asked,
): Promise<readonly FindingGroupRecord[]> {
  const request = forAll(asked);
  const groups = await groupFindings(store, scope, 'owned control', request);
  const folded = await foldedFindings(store, scope, request, {
    by: 'owned control',
    byId: among(controls, groups),
  });
  const fewer = new Set(folded.controls);
  return [...groups.filter(({ key }) => !fewer.has(controlOf(key))), ...folded.left];
}

/** The control of a group of either kind. */
function controlOf(key: string): string {
  return key.split('|', 1)[0] ?? '';
}

/** Groups whose example is of the riskiest workload, where one is known. */
async function withExamples(
  store: Store,
  scope: Scope,
  groups: readonly FindingGroupRecord[],
  { request, without }: { readonly request: Asked; readonly without?: readonly NamedFindings[] },
): Promise<readonly FindingGroupRecord[]> {
  const keys = groups.flatMap(({ key, riskiest }) =>
    riskiest === undefined ? [] : { ...riskiest, control: key },
  );
  if (keys.length === 0) return groups;
  const examples = await examplesOf(store, scope, request, { keys, without });
  return groups.map((group) => ({ ...group, example: examples.get(group.key) ?? group.example }));
}

/** The controls of some groups: others neither tell anything nor are told. */
function among(
  controls: ReadonlyMap<string, Control>,
  groups: readonly FindingGroupRecord[],
): ReadonlyMap<string, Control> {
  return new Map(
    groups.flatMap(({ key }) => {
      const control = controls.get(controlOf(key));
      return control === undefined ? [] : [[control.id, control]];
    }),
  );
}

interface Folding {
  readonly by: FoldedBy;
  /** The controls of what is folded. */
  readonly byId: ReadonlyMap<string, Control>;
}

async function foldedFindings(store: Store, scope: Scope, request: Asked, folding: Folding): Promise<Folded> {
  const { by, byId } = folding;
  const tellings = tellingsOf(byId.values()).filter(({ told }) => byId.has(told));
  const caused = await causedFindings(store, scope, request, folding);
  const besides = caused.map((each) => ({
    cluster: each.cluster,
    control: each.control,
    namespaces: [namespaceOf(each)],
    fingerprints: each.fingerprint,
  }));
  const { records: told, findings } = await toldFindings(store, scope, request, { tellings, besides });
  const controls = [...new Set([...caused, ...told].map(({ control }) => control))];
  if (controls.length === 0) return { caused, told, controls, left: [] };
  const without = [...besides, ...findings];
  const query = ofControls(request.query, controls);
  const left = await groupFindings(store, scope, by, { ...request, query, without });
  return {
    caused,
    told,
    controls,
    left: by === 'control' ? await withExamples(store, scope, left, { request, without }) : left,
  };
}

/** The findings of which others are the cause, each with the control of these. */
async function causedFindings(
  store: Store,
  scope: Scope,
  request: Asked,
  { by, byId }: Folding,
): Promise<Folded['caused']> {
  const causing = [...byId.values()].filter(({ causedBy = [] }) => causedBy.length > 0);
  if (causing.length === 0) return [];
  const ids = causing.map(({ id }) => id);
  const named = await causingFindings(store, scope, request, ids);
  if (named.length === 0) return [];
  const whose = ({ cluster, team }: Pick<CausedRecord, 'cluster' | 'team'>) =>
    by === 'control' ? `${cluster}` : `${cluster}|${ownerKey(team)}`;
  const said = new Map(
    [...groupBy(named, whose)].map(([key, found]) => [
      key,
      { cluster: found[0]?.cluster ?? 0, said: saidOfCauses(found, byId) },
    ]),
  );
  const found = await findingsAt(store, scope, request, [...said.values()].flatMap(placesOf));
  return found.flatMap((each) => {
    const { control, kind, namespace, name } = each;
    const teller = said.get(whose(each))?.said.get(control)?.get(`${kind}|${namespace}|${name}`);
    return teller === undefined ? [] : [{ ...each, by: teller }];
  });
}

function placesOf({
  cluster,
  said,
}: {
  readonly cluster: number;
  readonly said: ReturnType<typeof saidOfCauses>;
}) {
  return [...said].flatMap(([control, keys]) =>
    [...keys.keys()].map((key) => {
      const [kind = '', namespace = '', ...name] = key.split('|');
      return { cluster, control, kind, namespace, name: name.join('|') };
    }),
  );
}
