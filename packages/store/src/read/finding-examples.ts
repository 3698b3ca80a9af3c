import type { Telling } from '@bulwark/core';
import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { ObjectKey } from '../write/rows.ts';
import { isUntold } from './told-findings.ts';

/** A control, and an object that it finds something wrong with. */
interface ExampleKey extends ObjectKey {
  readonly cluster: number;
  readonly control: string;
}

/**
 * What is wrong now with one object for each control, in a sentence by control; what is in order is left out, and so is what
 * other findings of the object tell.
 */
export async function examplesOf(
  { db }: Store,
  scope: Scope,
  keys: readonly ExampleKey[],
  tellings: readonly Telling[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ control: string; message: string }>`
    select t.control, min(t.message) as message from finding t
    where ${inScope(scope)} and t.exception is null and ${isUntold(tellings)} and (t.cluster_id, t.namespace, t.name, t.kind, t.control) in (select * from unnest(
      ${keys.map(({ cluster }) => cluster)}::int[], ${keys.map(({ namespace }) => namespace)}::text[],
      ${keys.map(({ name }) => name)}::text[], ${keys.map(({ kind }) => kind)}::text[],
      ${keys.map(({ control }) => control)}::text[]))
    group by 1`.execute(db);
  return new Map(rows.map(({ control, message }) => [control, message]));
}
