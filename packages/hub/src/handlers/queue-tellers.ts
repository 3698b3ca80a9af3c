import type { FindingGroupRecord, ToldRecord } from '@bulwark/store';
import { groupBy } from './group-by.ts';
import type { QueueGroups } from './queue-folds.ts';

/** The findings that an item of the queue tells beside its own. */
export interface Told {
  readonly caused: QueueGroups['caused'];
  /** One for each control, most findings first. */
  readonly told: readonly ToldRecord[];
  /** How many findings of its own control other items tell. */
  readonly elsewhere: number;
}

type Folded = Pick<QueueGroups, 'caused' | 'told'>;

/** What each item tells, by its control. */
export function toldByItem(folded: Folded, groups: readonly FindingGroupRecord[]): ReadonlyMap<string, Told> {
  const severities = new Map(groups.map(({ key, severity }) => [key, severity]));
  const tellers = tellersOf(folded);
  const itemOf = (by: readonly string[]) => tellingItem(by, severities, tellers);
  const caused = groupBy(folded.caused, ({ by }) => itemOf([by]));
  const told = groupBy(folded.told, ({ by }) => itemOf(by));
  return new Map(
    groups.map(({ key }) => [
      key,
      {
        caused: caused.get(key) ?? [],
        told: [...groupBy(told.get(key) ?? [], ({ control }) => control).values()]
          .map(sumOf)
          .sort((a, b) => b.findings - a.findings || (a.control < b.control ? -1 : 1)),
        elsewhere: elsewhereOf(key, folded),
      },
    ]),
  );
}

/** Which controls tell findings of each. */
function tellersOf({ caused, told }: Folded): ReadonlyMap<string, readonly string[]> {
  const pairs = [
    ...caused.map(({ control, by }) => ({ control, by })),
    ...told.flatMap(({ control, by }) => by.map((each) => ({ control, by: each }))),
  ];
  return new Map(
    [...groupBy(pairs, ({ control }) => control)].map(([control, found]) => [
      control,
      [...new Set(found.map(({ by }) => by))],
    ]),
  );
}

/** The worst item among controls; who tells a finding may be told itself: then the item is that of whoever tells that one. */
function tellingItem(
  by: readonly string[],
  severities: ReadonlyMap<string, number>,
  tellers: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const seen = new Set(by);
  // What is added while it is gone through is gone through as well.
  for (const id of seen) {
    if ([...seen].some((each) => severities.has(each))) break;
    for (const teller of tellers.get(id) ?? []) seen.add(teller);
  }
  return [...seen]
    .filter((id) => severities.has(id))
    .sort((a, b) => (severities.get(b) ?? 0) - (severities.get(a) ?? 0) || (a < b ? -1 : 1))[0];
}

function sumOf(records: readonly ToldRecord[]): ToldRecord {
  return {
    control: records[0]?.control ?? '',
    by: [...new Set(records.flatMap(({ by }) => by))],
    findings: records.reduce((sum, { findings }) => sum + findings, 0),
    assignees: [...new Set(records.flatMap(({ assignees }) => assignees))].sort(),
  };
}

function elsewhereOf(control: string, { caused, told }: Folded): number {
  const ofIt = told.filter((each) => each.control === control);
  return (
    caused.filter((each) => each.control === control).length +
    ofIt.reduce((sum, { findings }) => sum + findings, 0)
  );
}
