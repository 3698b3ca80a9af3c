import { type Finding, type Ownership, World } from '@bulwark/core';
import { type FindingRow, objectsOf, type Store, scopeOf, storedFindings } from '@bulwark/store';
import { type DecisionSettings, Decisions } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import { recall } from './recalled.ts';
import { idOf, objectOf } from './stored-rows.ts';

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
  for (const kind of new Set(rows.map((row) => row.kind))) {
    const own = rows.filter((row) => row.kind === kind);
    const names = [...new Set(own.map(({ name }) => name))];
    const objects = await objectsOf(store, scope, { cluster, kinds: [kind], names });
    const subjects = new Map(objects.map(recall).map((object) => [object.id, object]));
    for (const row of own) {
      const subject = subjects.get(idOf(objectOf(row)));
      const { finding } = decisions.decide(findingOf(row), subject, EMPTY, today);
      const decided = findingRowOf({ finding, ownership: ownershipOf(row) });
      if (decided.digest !== row.digest) changed.push(decided);
    }
  }
  return changed;
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
