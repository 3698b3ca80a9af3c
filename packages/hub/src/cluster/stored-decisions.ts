import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Finding, namespaceOf, type Ownership, type Resource, World } from '@bulwark/core';
import { type FindingRow, type Store, scopeOf, storedFindings, storedFindingsAfter } from '@bulwark/store';
import { groupBy } from '../handlers/group-by.ts';
import { type DecisionSettings, Decisions } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import { idOf, objectOf } from './stored-rows.ts';
import { storedSubjects } from './stored-subjects.ts';

/** So many findings are read at once, with their objects. */
const READ_AT_ONCE = 2000;
/**
 * From so many on they are told: what few decisions change is written as one, and so are the messages about it. With a page more
 * they are fewer than the store takes for so many that it has to look at its tables anew.
 */
const TOLD_AT_ONCE = 3000;
/** After so long what else the thread has to do is let through: it may be the one that answers requests. */
const AT_A_STRETCH_MS = 20;

export interface StoredDecisionOptions {
  readonly settings: DecisionSettings;
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Of which findings, those of an object near each other; of all of the cluster where it is left out. */
  readonly fingerprints?: readonly string[];
  /** Reads from the database; once, and what goes wrong is thrown, where it is left out. */
  readonly read?: <T>(act: () => Promise<T>) => Promise<T>;
  /** How many findings are read and told at once. */
  readonly atOnce?: number | undefined;
}

/**
 * Puts decisions to findings as they are stored, as nothing is seen of their objects. Yields those that are under another decision
 * than before, some at a time, as there can be very many: whoever does not write all of them finds the others anew. Cost: the
 * findings, and the objects that they are about; memory: those that are read and told at once.
 */
export async function* decideStored(
  store: Store,
  cluster: number,
  options: StoredDecisionOptions,
): AsyncGenerator<readonly FindingRow[], void, undefined> {
  const { settings, today, read = (act) => act(), atOnce = TOLD_AT_ONCE } = options;
  const decisions = new Decisions(settings);
  let changed: FindingRow[] = [];
  for await (const rows of pagesOf(store, cluster, { ...options, read })) {
    const subjects = await read(() => subjectsOf(store, cluster, rows));
    let since = performance.now();
    for (const row of rows) {
      if (performance.now() - since > AT_A_STRETCH_MS) {
        await setImmediate();
        since = performance.now();
      }
      const decided = decideRow(row, subjects.get(idOf(objectOf(row))) ?? [], { decisions, today });
      if (!areSameDecisions(decided, row)) changed.push(decided);
    }
    if (changed.length < atOnce) continue;
    yield changed;
    changed = [];
  }
  if (changed.length > 0) yield changed;
}

type Reading = Pick<StoredDecisionOptions, 'fingerprints' | 'atOnce'> &
  Required<Pick<StoredDecisionOptions, 'read'>>;

async function* pagesOf(
  store: Store,
  cluster: number,
  { fingerprints, read, atOnce: limit = READ_AT_ONCE }: Reading,
): AsyncGenerator<readonly FindingRow[], void, undefined> {
  if (fingerprints !== undefined) {
    for (let from = 0; from < fingerprints.length; from += limit)
      yield await read(() => storedFindings(store, cluster, fingerprints.slice(from, from + limit)));
    return;
  }
  let after: FindingRow | undefined;
  do {
    const page = await read(() => storedFindingsAfter(store, cluster, { after, limit }));
    yield page;
    after = page.at(-1);
  } while (after !== undefined);
}

/** What findings are about, by its id. */
async function subjectsOf(
  store: Store,
  cluster: number,
  rows: readonly FindingRow[],
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const scope = scopeOf({ clusters: [cluster], namespaces: [...new Set(rows.map(namespaceOf))] });
  const found = new Map<string, readonly Resource[]>();
  for (const [kind, ofKind] of groupBy(rows, (row) => row.kind)) {
    const names = [...new Set(ofKind.map(({ name }) => name))];
    for (const [id, subjects] of await storedSubjects(store, scope, { cluster, kind, names }))
      found.set(id, subjects);
  }
  return found;
}

/**
 * Of several pods it is not known which show it: what is stored holds as long as it does for one of them. What controls them, and
 * is seen in them, accepts it for all.
 */
function decideRow(
  row: FindingRow,
  subjects: readonly Resource[],
  { decisions, today }: { readonly decisions: Decisions; readonly today: string },
): FindingRow {
  const { exception, requested, asMade } = row;
  // Whether what was made elsewhere than in the object covers it is known.
  const said = [exception ?? [], requested ?? []].flat().filter(({ annotation }) => annotation !== undefined);
  const before = [...said, ...[asMade?.accepted ?? []].flat()];
  const decideBy = (subject: Resource | undefined): FindingRow => {
    const { finding } = decisions.decide(findingOf(row), subject, { world: EMPTY, today, before });
    return findingRowOf({ finding, ownership: ownershipOf(row), ...(asMade && { asMade }) });
  };
  const owner = subjects.find(({ seenInPods }) => seenInPods !== undefined);
  const byOwner = decideBy(owner);
  if (owner !== undefined && byOwner.exception !== undefined) return byOwner;
  let decided: FindingRow | undefined;
  for (const subject of subjects.filter((each) => each !== owner)) {
    const one = decideBy(subject);
    if (areSameDecisions(one, row)) return one;
    if (decided === undefined || one.exception === undefined) decided = one;
  }
  return decided ?? byOwner;
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
