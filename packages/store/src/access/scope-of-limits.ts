import { type Scope, scopeOf } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Limits } from './users.ts';

/**
 * What limits let somebody see at this moment. A pattern takes the namespaces that fit it and are there, or were there in what
 * is kept of the past; one that fits none takes nothing. Cost: for limits with patterns a row for each known namespace, and
 * nothing else.
 */
export async function scopeOfLimits({ pool }: Store, { clusters, namespaces }: Limits): Promise<Scope> {
  if (namespaces === 'all') return scopeOf({ clusters, namespaces });
  const patterns = namespaces.filter((each) => each.includes('*'));
  if (patterns.length === 0) return scopeOf({ clusters, namespaces });
  const names = namespaces.filter((each) => !each.includes('*'));
  const { rows } = await pool.query<{ name: string }>(
    `select distinct name from known_namespace
     where name like any ($1::text[]) and ($2::int[] is null or cluster_id = any ($2::int[]))`,
    [patterns.map(likeOf), clusters === 'all' ? null : clusters],
  );
  const fitting = rows.map(({ name }) => name);
  return scopeOf({ clusters, namespaces: [...new Set([...names, ...fitting])].sort(), given: namespaces });
}

function likeOf(pattern: string): string {
  return pattern.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}
