import type { ObjectView } from '@bulwark/core';

/** From here on a WebSocket needs `create` too; before, its request was a mere `get` (KEP-4006). */
const WEBSOCKETS_NEED_CREATE = 35;

/** The verbs that open a stream into a pod through its subresources exec, attach and portforward. */
export function connectVerbs({ kubernetes }: Pick<ObjectView, 'kubernetes'>): readonly string[] {
  return kubernetes.minor >= WEBSOCKETS_NEED_CREATE ? ['create'] : ['create', 'get'];
}
