import { type Control, type Query, saidOfCauses } from '@bulwark/core';
import {
  type CausedRecord,
  causingFindings,
  type FindingGroupRecord,
  findingsAt,
  groupFindings,
  type ListRequest,
  type Scope,
  type Store,
  type Times,
} from '@bulwark/store';
import type { KeepingSettings } from './finding-item.ts';
import { groupBy } from './group-by.ts';
import { groupedFindings, MOST_GROUPS } from './grouped-findings.ts';

/** Findings that are told with those that they cause, by the control of these. */
type Folds = ReadonlyMap<string, readonly CausedRecord[]>;

interface Folded {
  readonly folds: Folds;
  /** The controls that lose findings by it, and the groups of those that these keep. */
  readonly controls: readonly string[];
  readonly left: readonly FindingGroupRecord[];
}

const NONE: Folded = { folds: new Map(), controls: [], left: [] };

/**
 * The groups of the queue, and the findings that others tell, which are in none. Of both those count that are asked for, so
 * that nothing is told by what nobody sees.
 */
export async function queueGroups(
  { store, controls, answers }: KeepingSettings,
  scope: Scope,
  asked: ListRequest & Times,
): Promise<{ readonly groups: readonly FindingGroupRecord[]; readonly folds: Folds }> {
  const request = { ...asked, sort: undefined, cursor: undefined };
  const [groups, { folds, controls: fewer, left }] = await Promise.all([
    groupedFindings({ store, answers }, scope, 'control', asked),
    answers.of({ list: ['causes'], scope, request, topics: ['findings', 'triage'] }, () =>
      foldedFindings(store, scope, asked, controls),
    ),
  ]);
  return { groups: [...groups.filter(({ key }) => !fewer.includes(key)), ...left], folds };
}

/** What is told by others, by the rule of a scan's report. Causes are known of the present. */
async function foldedFindings(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
  byId: ReadonlyMap<string, Control>,
): Promise<Folded> {
  const causing = [...byId.values()].filter(({ causedBy = [] }) => causedBy.length > 0);
  if (causing.length === 0 || request.asOf !== undefined) return NONE;
  const ids = causing.map(({ id }) => id);
  const named = await causingFindings(store, scope, request, ids);
  if (named.length === 0) return NONE;
  const said = new Map(
    [...groupBy(named, ({ cluster }) => cluster)].map(([cluster, found]) => [
      cluster,
      saidOfCauses(found, byId),
    ]),
  );
  const without = await findingsAt(store, scope, request, [...said].flatMap(placesOf));
  if (without.length === 0) return NONE;
  const by = ({ cluster, control, kind, namespace, name }: CausedRecord): string =>
    said.get(cluster)?.get(control)?.get(`${kind}|${namespace}|${name}`) ?? '';
  const controls = [...new Set(without.map(({ control }) => control))];
  const query: Query = { op: 'and', items: [request.query, ofControls(controls)] };
  const left = await groupFindings(store, scope, 'control', {
    ...request,
    query,
    without,
    limit: MOST_GROUPS,
  });
  return { folds: groupBy(without, by), controls, left };
}

function placesOf([cluster, said]: readonly [number, ReturnType<typeof saidOfCauses>]) {
  return [...said].flatMap(([control, keys]) =>
    [...keys.keys()].map((key) => {
      const [kind = '', namespace = '', ...name] = key.split('|');
      return { cluster, control, kind, namespace, name: name.join('|') };
    }),
  );
}

function ofControls(ids: readonly string[]): Query {
  return {
    op: 'field',
    field: 'control',
    compare: '=',
    values: ids.map((id) => ({ type: 'text', parts: [id] })),
  };
}
