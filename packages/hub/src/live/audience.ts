import type { LiveEvent } from '@bulwark/api';
import { type Caller, may } from '../access/caller.ts';
import { meetsNamespace } from '../access/limits.ts';
import type { Happening, Topic } from './event-log.ts';

/** What somebody is told of something that happened: nothing where it happened out of their sight. */
export function eventFor(
  { topics, clusters, namespaces, sequence }: Happening,
  { role, limits }: Pick<Caller, 'role' | 'limits'>,
): LiveEvent | undefined {
  const seen = limits.clusters;
  const own = seen === 'all' || clusters === 'all' ? clusters : clusters.filter((id) => seen.includes(id));
  const isElsewhere = seen !== 'all' && (own === 'all' ? seen : own).length === 0;
  const isBeyond =
    limits.namespaces !== 'all' &&
    (namespaces === 'all'
      ? limits.namespaces.length === 0
      : !namespaces.some((name) => meetsNamespace(limits, name)));
  // What is set is of nobody's namespace, and administrators alone may read it.
  const told = topics.filter((topic: Topic) => topic !== 'settings' || may({ role, limits }, 'administer'));
  if (isElsewhere || isBeyond || told.length === 0) return undefined;
  const [only, ...others] = own === 'all' ? [] : own;
  return { sequence, cluster: others.length === 0 ? (only ?? null) : null, topics: told };
}
