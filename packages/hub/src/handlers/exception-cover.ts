import { MOST_SELECTED } from '@bulwark/api';
import { FINDING_FIELDS, type Query, type TextPattern } from '@bulwark/core';
import {
  clusterFacts,
  type DecidedCounts,
  type FindingKeyRecord,
  findingKeys,
  liveAmong,
  type Scope,
  type Store,
} from '@bulwark/store';
import type { ScopeInput } from './exception-scope.ts';
import { queryOf } from './list-request.ts';

function pattern(text: string): TextPattern {
  return text.split('*');
}

/** What a scope covers, as a query. Controls are named, never meant by a pattern; labels and images are asked when findings are judged. */
function asQuery(scope: ScopeInput): Query {
  const fields = {
    control: scope.controls?.map((id) => [id]),
    namespace: scope.namespaces?.map(pattern),
    kind: scope.kinds?.map(pattern),
    name: scope.names?.map(pattern),
    container: scope.containers?.map(pattern),
  };
  const items: Query[] = Object.entries(fields).flatMap(([field, values]) =>
    values === undefined
      ? []
      : [
          {
            op: 'field',
            field,
            compare: '=',
            values: values.map((parts) => ({ type: 'text', parts }) as const),
          } as const,
        ],
  );
  return { op: 'and', items: [...items, queryOf('(state:open OR state:excepted)', FINDING_FIELDS)] };
}

/** The live findings that an exception would cover, before it is judged by; ten thousand and one at most. */
export async function coveredBy(
  scope: ScopeInput,
  { store, scope: seen, now }: { readonly store: Store; readonly scope: Scope; readonly now: Date },
): Promise<readonly FindingKeyRecord[]> {
  const { fingerprints, clusters } = scope;
  if (fingerprints !== undefined) {
    // Without a cluster a fingerprint means the same finding in each of them.
    const ids = clusters ?? (await clusterFacts(store, seen)).map(({ id }) => id);
    const keys = fingerprints.flatMap((fingerprint) => ids.map((cluster) => ({ cluster, fingerprint })));
    return liveAmong(store, seen, keys);
  }
  const found = await findingKeys(store, seen, { query: asQuery(scope), now, most: MOST_SELECTED });
  return found.filter(({ cluster }) => clusters === undefined || clusters.includes(cluster));
}

/** What will be counted of a new exception once it is judged by. */
export function foreseen(found: readonly Severe[], isRequest: boolean): DecidedCounts {
  const none = bySeverity([]);
  const all = bySeverity(found);
  return isRequest ? { accepted: none, asked: all } : { accepted: all, asked: none };
}

interface Severe {
  readonly severity: number;
}

/** Findings by severity as numbers, info first. */
function bySeverity(findings: readonly Severe[]): readonly number[] {
  const counts = [0, 0, 0, 0, 0];
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
