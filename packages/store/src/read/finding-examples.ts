import { sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { ObjectKey } from '../write/rows.ts';
import type { Times } from './finding-columns.ts';
import { matching } from './matching-findings.ts';
import { leftOf, type NamedFindings } from './named-findings.ts';
import type { ListRequest } from './page.ts';

/** A control, and an object that it finds something wrong with. */
interface ExampleKey extends ObjectKey {
  readonly cluster: number;
  readonly control: string;
}

/**
 * What is wrong with one object for each control, in a sentence by control, by the findings that a query finds.
 *
 * @param without findings that are no example.
 */
export async function examplesOf(
  { db }: Store,
  scope: Scope,
  request: Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times,
  {
    keys,
    without,
  }: { readonly keys: readonly ExampleKey[]; readonly without: readonly NamedFindings[] | undefined },
): Promise<ReadonlyMap<string, string>> {
  const areThere = sql<boolean>`(t.cluster_id, t.namespace, t.name, t.kind, t.control) in (select * from unnest(
    ${keys.map(({ cluster }) => cluster)}::int[], ${keys.map(({ namespace }) => namespace)}::text[],
    ${keys.map(({ name }) => name)}::text[], ${keys.map(({ kind }) => kind)}::text[],
    ${keys.map(({ control }) => control)}::text[]))`;
  const { rows } = await sql<{ control: string; message: string }>`
    select t.control, min(t.message collate "C") as message
    from ${leftOf(matching(scope, request, areThere), without)} t group by 1`.execute(db);
  return new Map(rows.map(({ control, message }) => [control, message]));
}
