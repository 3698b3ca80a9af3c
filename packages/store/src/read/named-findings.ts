import { type RawBuilder, sql } from 'kysely';

/**
 * Findings of a control in a cluster by their fingerprints, which are joined with commas: they may be very many, and nobody reads
 * them.
 */
export interface NamedFindings {
  readonly cluster: number;
  /** Of all of them. */
  readonly control: string;
  /** Where they are. */
  readonly namespaces: readonly string[];
  readonly fingerprints: string;
}

/** Rows of the clusters and fingerprints of findings. */
export function rowsOfNamed(findings: readonly NamedFindings[]): RawBuilder<unknown> {
  return sql`select n.cluster_id, f::uuid as fingerprint from unnest(${findings.map(({ cluster }) => cluster)}::int[],
    ${findings.map(({ fingerprints }) => fingerprints)}::text[]) as n(cluster_id, list), unnest(string_to_array(n.list, ',')) f`;
}

/** The places in which they are: rows of `cluster_id`, `namespace` and `control`. */
export function placesOfNamed(findings: readonly NamedFindings[]): RawBuilder<unknown> {
  const places = findings.flatMap(({ cluster, control, namespaces }) =>
    namespaces.map((namespace) => ({ cluster, control, namespace })),
  );
  return sql`(select * from unnest(${places.map(({ cluster }) => cluster)}::int[], ${places.map(({ namespace }) => namespace)}::text[],
    ${places.map(({ control }) => control)}::text[]) as p(cluster_id, namespace, control))`;
}

/** Findings without those that are named. */
export function leftOf(
  found: RawBuilder<unknown>,
  without: readonly NamedFindings[] | undefined,
): RawBuilder<unknown> {
  if (without === undefined) return found;
  // Looked up by hash: how many they are is not known before, and a plan for few would be bad for many.
  return sql`(select t.* from ${found} t where (t.cluster_id, t.fingerprint) not in (${rowsOfNamed(without)}))`;
}
