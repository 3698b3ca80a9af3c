import { isDeepStrictEqual } from 'node:util';
import { type Finding, type Ownership, type Resource, World } from '@bulwark/core';
import { type FindingRow, type Store, scopeOf, storedFindings } from '@bulwark/store';
import { groupBy } from '../handlers/group-by.ts';
import { type DecisionSettings, Decisions } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import { idOf, objectOf } from './stored-rows.ts';
import { storedSubjects } from './stored-subjects.ts';

/** So many objects are read at once. */
const AT_ONCE = 500;

/**
 * Puts decisions to findings as they are stored, as nothing is seen of their objects. Returns those that are under another
 * decision than before. Cost: the findings, and the objects that they are about.
 *
 * @param today YYYY-MM-DD.
 * @param fingerprints of which; of all of the cluster where it is left out.
 */
export async function decideStored(
  store: Store,
  cluster: number,
  {
    settings,
    today,
    fingerprints,
  }: {
    readonly settings: DecisionSettings;
    readonly today: string;
    readonly fingerprints?: readonly string[];
  },
): Promise<readonly FindingRow[]> {
  const decisions = new Decisions(settings);
  const rows = await storedFindings(store, cluster, fingerprints);
  const scope = scopeOf({ clusters: [cluster], namespaces: 'all' });
  const changed: FindingRow[] = [];
  for (const [kind, ofKind] of groupBy(rows, (row) => row.kind)) {
    const own = groupBy(ofKind, ({ name }) => name);
    const names = [...own.keys()];
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE);
      const subjects = await storedSubjects(store, scope, { cluster, kind, names: some });
      for (const row of some.flatMap((name) => own.get(name) ?? [])) {
        const decided = decideRow(row, subjects.get(idOf(objectOf(row))) ?? [], { decisions, today });
        if (!areSameDecisions(decided, row)) changed.push(decided);
      }
    }
  }
  return changed;
}

/** Of several pods it is not known which show it: what is stored holds as long as it does for one of them. */
function decideRow(
  row: FindingRow,
  subjects: readonly Resource[],
  { decisions, today }: { readonly decisions: Decisions; readonly today: string },
): FindingRow {
  const before = [row.exception, row.requested].filter((each) => each !== undefined);
  const decideBy = (subject: Resource | undefined): FindingRow => {
    const { finding } = decisions.decide(findingOf(row), subject, { world: EMPTY, today, before });
    return findingRowOf({ finding, ownership: ownershipOf(row) });
  };
  let decided: FindingRow | undefined;
  for (const subject of subjects) {
    const one = decideBy(subject);
    if (areSameDecisions(one, row)) return one;
    if (decided === undefined || one.exception === undefined) decided = one;
  }
  return decided ?? decideBy(undefined);
}

/** Asked of the decisions alone: another release may make the digest of the same finding otherwise. */
function areSameDecisions(a: FindingRow, b: FindingRow): boolean {
  return isDeepStrictEqual([a.exception, a.requested], [b.exception, b.requested]);
}

/** Whose an object is stays as it is stored. */
const EMPTY = World.of([]).world;

function findingOf(row: FindingRow): Finding {
  const { kind, namespace, name } = objectOf(row);
  return {
    fingerprint: row.fingerprint,
    control: row.control,
    severity: row.severity,
    message: row.message,
    resource: { apiVersion: row.apiVersion, kind: kind.slice(kind.lastIndexOf('/') + 1), namespace, name },
    ...(row.container !== undefined && { container: row.container }),
    path: row.path,
    semanticPath: '',
    ...(row.causes && { causes: row.causes }),
    isFixable: row.fixable,
  };
}

function ownershipOf({ team, environment, criticality }: FindingRow): Ownership {
  const said = (value: string) => ({ value, from: '' });
  return {
    contacts: [],
    ...(team !== undefined && { owner: said(team) }),
    ...(environment !== undefined && { environment: said(environment) }),
    ...(criticality !== undefined && {
      criticality: said(criticality) as NonNullable<Ownership['criticality']>,
    }),
  };
}
