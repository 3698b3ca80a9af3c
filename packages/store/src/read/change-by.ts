import { type RawBuilder, sql } from 'kysely';
import { placeOf } from '../place.ts';
import { inNamespaces, type Scope } from '../scope.ts';
import { fullActorOf } from '../write/actor.ts';

/**
 * SQL: the change of a row `t` whose number a column has, as JSON of its number and its actor. Null where the changed object, such
 * as the binding that a finding comes from, lies beyond a scope: who asks sees nothing of it elsewhere.
 */
export function changeBy(scope: Scope, column: string): RawBuilder<unknown> {
  return sql`(select json_build_object('change', c.id, 'actor', ${sql.raw(fullActorOf('c'))}) from change c
    where c.cluster_id = t.cluster_id and c.id = ${sql.ref(column)} and ${inNamespaces(scope, sql.raw(placeOf('c')))})`;
}
