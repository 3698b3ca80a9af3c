import { LONGEST_QUERY, type QueueItem } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';

/** A thing to do that a query finds: of others it cannot be said what is decided about. */
export type Findable = QueueItem & { readonly query: string };

export function isFindable(item: QueueItem): item is Findable {
  return item.query !== null;
}

/** The query of what is taken of a thing to do, or given back: what nobody has of it, or what somebody has. */
export function queryToTake({ query, assignees }: Findable, user: string): string {
  return `${query} ${queryForValues({ assignee: assignees.includes(user) ? user : null })}`;
}

/** Whether a thing to do can be taken: where its query leaves no room to say of which part, it can only be looked at. */
export function isTakeable(item: QueueItem, user: string): item is Findable {
  return isFindable(item) && queryToTake(item, user).length <= LONGEST_QUERY;
}
