import type { KubeClient } from '../client/client.ts';
import type { WatchedKind } from '../kinds/watched-kind.ts';
import { WATCHED_KINDS } from '../kinds/watched-kinds.ts';
import { Collector } from './collector.ts';
import type { KnownObject, Sink } from './sink.ts';

/** What is collected, and where it goes. Clock and randomness are those of the client. */
export interface CollectOptions {
  readonly client: KubeClient;
  readonly sink: Sink;
  readonly signal: AbortSignal;
  /** All of `WATCHED_KINDS` where it is undefined. */
  readonly kinds?: readonly WatchedKind[];
  /** Whether Secrets are collected: types, key names, sizes and certificates. */
  readonly secrets?: boolean;
  /** The cluster's UID, as `clusterIdentity` gives it: the collection ends when another cluster answers in its place. */
  readonly uid?: string;
  /** The API server's version, as `clusterIdentity` gives it. */
  readonly version?: string;
  /** Told when the API server has another version, such as after an upgrade. */
  readonly onVersion?: (version: string) => void;
  /** What the receiver has of an earlier run: what of it is gone is removed after the first list of its kind. */
  readonly known?: Iterable<KnownObject> | AsyncIterable<KnownObject>;
}

/**
 * Keeps a cluster in view until the signal aborts: lists every kind that matters and follows its changes. An outage
 * removes nothing. Resolves after the last call of the sink has ended.
 *
 * @throws ClusterReplacedError when another cluster answers at the address, and whatever a call of the sink throws.
 */
export async function collect(options: CollectOptions): Promise<void> {
  await new Collector({ kinds: WATCHED_KINDS, ...options }).run();
}
