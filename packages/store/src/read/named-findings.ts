import { type RawBuilder, sql } from 'kysely';

/** Findings of a cluster by their fingerprints, which are joined with commas: they may be very many, and nobody reads them. */
export interface NamedFindings {
  readonly cluster: number;
  readonly fingerprints: string;
}

/** Rows of the clusters and fingerprints of findings. */
export function rowsOfNamed(findings: readonly NamedFindings[]): RawBuilder<unknown> {
  return sql`select n.cluster_id, f::uuid as fingerprint from unnest(${findings.map(({ cluster }) => cluster)}::int[],
    ${findings.map(({ fingerprints }) => fingerprints)}::text[]) as n(cluster_id, list), unnest(string_to_array(n.list, ',')) f`;
}
