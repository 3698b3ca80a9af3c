import { ECOSYSTEM_KINDS } from './ecosystem.ts';
import { KUBERNETES_KINDS } from './kubernetes.ts';
import { NETWORK_KINDS } from './network.ts';
import type { WatchedKind } from './watched-kind.ts';

/**
 * Every kind that is collected where a cluster serves it. Besides, custom kinds are collected whose definition shows a
 * pod template.
 */
export const WATCHED_KINDS: readonly WatchedKind[] = [
  ...KUBERNETES_KINDS,
  ...NETWORK_KINDS,
  ...ECOSYSTEM_KINDS,
];
