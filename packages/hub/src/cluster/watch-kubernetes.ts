import { setTimeout } from 'node:timers/promises';
import type { Control, Secret } from '@bulwark/core';
import { type ClusterIdentity, clusterIdentity, collect, KubeClient } from '@bulwark/kube';
import {
  awaitedCluster,
  isOfDatabase,
  markClusterAway,
  registerCluster,
  type Store,
  WriteMissing,
  whyNotWritten,
} from '@bulwark/store';
import { wayRecords } from './coverage.ts';
import type { Judging } from './decision-feed.ts';
import type { DecisionSettings } from './decisions.ts';
import { giveBack } from './give-back.ts';
import { HeldUp, type HeldUpCluster } from './held-up.ts';
import { type ClusterRole, type Lead, whileLeading } from './lead.ts';
import { Recorder } from './recorder.ts';
import type { Turn } from './turn.ts';
import { addressOf, type Way } from './way.ts';

export interface WatchOptions {
  readonly store: Store;
  /** Where the store is, for the lease of the cluster. */
  readonly databaseUrl: Secret<string>;
  readonly way: Way;
  /** Another context of this hub may lead to the same cluster. */
  readonly turn: Turn;
  /** The names of the contexts of this hub that are named before this one. */
  readonly earlier: readonly string[];
  /** The addresses to which the other contexts of this hub lead now. */
  readonly others: () => readonly string[];
  readonly controls: readonly Control[];
  readonly decisions: (cluster: number) => Promise<DecisionSettings>;
  readonly secrets: boolean;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Told what people should know: that a cluster or the database does not answer, that something failed. */
  readonly say: (message: string) => void;
  /** Told of whoever judges from now on, so that decisions can be sent there. */
  readonly onJudging: (by: Judging, cluster: number) => void;
  /** Told whether it records the cluster, or another hub or context does. */
  readonly onRole: (role: ClusterRole) => void;
  /** Told that what is seen of a cluster is not written, why, and when it is again. */
  readonly onHeldUp: (held: HeldUpCluster) => void;
}

const AGAIN_MS = 5000;
/** What fails again and again, each time after everything was read anew, is tried less and less often. */
const MOST_AGAIN_MS = 60_000;
/** What fails then is said within a minute. */
const TICK_MS = 50_000;
/** After so long without anything of the cluster another context that leads to it goes first. */
const AWAY_MS = 30_000;

/** What is known from one try to watch a cluster to the next. */
class Watched {
  /** The cluster that each address last led to. */
  readonly byServer = new Map<string, number>();
  readonly heldUp: HeldUp;
  /** The cluster that it led to last. */
  last: number | undefined;
  /** Why it did not answer, as it was last said. */
  away: string | undefined;

  constructor(heldUp: HeldUp) {
    this.heldUp = heldUp;
  }

  /** Takes which cluster an address leads to. */
  leads(server: string, cluster: number): void {
    this.byServer.set(server, cluster);
    this.last = cluster;
  }
}

/** Watches a cluster until the signal aborts. Whatever fails is said, and tried again. */
export async function watchKubernetes(options: WatchOptions): Promise<void> {
  const { signal, say, way, store } = options;
  let failed = 0;
  const onHeldUp = (held: HeldUpCluster): void => {
    if (held.fault === undefined) failed = 0;
    options.onHeldUp(held);
  };
  const watched = new Watched(new HeldUp(store, onHeldUp));
  while (!signal.aborted) {
    try {
      await watchOnce(options, watched);
    } catch (error) {
      if (signal.aborted) return;
      const { heldUp, last } = watched;
      const isOfStore = isOfDatabase(error);
      const fault = whyNotWritten(error);
      // The fault of one cluster must not end the others; the text is ours or the adapter's, which hold no secret.
      const own = error instanceof Error ? error.message : 'an unknown failure';
      const again = error instanceof WriteMissing ? '' : ' It is tried again.';
      say(`${way.name}: ${isOfStore ? `${fault.reason}${again}` : `${own}; tried again.`}`);
      if (isOfStore && last !== undefined) await heldUp.begin(last, fault);
      failed = heldUp.reason === undefined || fault.isWhole ? 0 : failed + 1;
      await sleep(Math.min(AGAIN_MS * 2 ** Math.max(failed - 1, 0), MOST_AGAIN_MS), signal);
    }
  }
}

async function watchOnce(options: WatchOptions, watched: Watched): Promise<void> {
  const { way, turn, databaseUrl, onRole } = options;
  const { signal: stopping } = options;
  const client = new KubeClient({ access: way.access() });
  // What is under way may take longer than the time there is to stop.
  const cut = (): void => void client.close();
  stopping.addEventListener('abort', cut, { once: true });
  try {
    const first = await identify(client, options, watched);
    if (first === undefined) return;
    // Another context may record it: it has the name of that one.
    const cluster = await register(first, options, 'asker');
    watched.leads(first.server, cluster);
    const { heldUp } = watched;
    const onState = (state: ClusterRole['state']): void => {
      // Whoever records it says how it is.
      if (state.kind === 'taken' || state.kind === 'yielded') heldUp.end();
      onRole({ name: way.name, state });
    };
    const lead = async (held: Lead, onAway: (isAway: boolean) => void): Promise<void> => {
      // It may have waited for days: the cluster may be another one, or be out of reach of this hub only.
      const identity = await clusterIdentity(client, held.signal);
      if (!identity.ok) return;
      // This waits for what an earlier holder is just writing; from now on that one writes nothing.
      if ((await register(identity.value, options, 'recorder')) !== cluster) return;
      await record(client, { ...identity.value, cluster }, { ...options, ...held, onAway, heldUp }).catch(
        async (error: unknown) => {
          if (!held.signal.aborted) await heldUp.begin(cluster, whyNotWritten(error), held.session());
          throw error;
        },
      );
    };
    const onWait = (to: string): void => onState({ kind: 'yielded', to });
    await turn.take({ name: way.name, cluster }, { signal: stopping, onWait }, (signal, onAway) =>
      whileLeading({ databaseUrl, cluster, signal, onState }, (held) => lead(held, onAway)),
    );
  } finally {
    stopping.removeEventListener('abort', cut);
    await client.close();
  }
}

function register(
  { uid, caHash, server, version }: ClusterIdentity,
  { store, way, now, earlier }: WatchOptions,
  as: 'recorder' | 'asker',
): Promise<number> {
  const identity = { uid, caHash: caHash ?? '', name: way.name, server, version };
  return registerCluster(store, { ...identity, isDemo: false, earlier }, now(), as);
}

async function record(
  client: KubeClient,
  { cluster, uid, version }: Pick<ClusterIdentity, 'uid' | 'version'> & { readonly cluster: number },
  options: WatchOptions & Lead & { readonly onAway: (isAway: boolean) => void; readonly heldUp: HeldUp },
): Promise<void> {
  const { store, way, now, say, session, onAway, heldUp } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const records = wayRecords(client.access);
  for (const { reason } of records) say(`${way.name}: ${reason}`);
  const recorder = new Recorder({
    way: records,
    store,
    cluster,
    name: way.name,
    version,
    controls: options.controls,
    decisions: await options.decisions(cluster),
    now,
    wait: (milliseconds) => sleep(milliseconds, signal),
    signal,
    session,
    heldUp,
    clockSkewMs: () => client.clockSkewMs,
    onDatabase: async (fault) => {
      say(`${way.name}: ${fault?.reason ?? 'The database takes what is seen again.'}`);
      if (fault === undefined) heldUp.end();
      else await heldUp.begin(cluster, fault, session());
    },
  });
  options.onJudging(recorder, cluster);
  const known = await recorder.load();
  options.onAnew(() => void recorder.look().catch(() => undefined));
  const ticking = setInterval(() => void recorder.tick().catch(() => undefined), TICK_MS);
  let wasStale = false;
  let wasJudged = false;
  let staleFor = 0;
  const looking = setInterval(() => {
    const { isStale, isJudged } = recorder;
    if (isJudged && !wasJudged) giveBack();
    wasJudged = isJudged;
    if (isStale !== wasStale)
      say(
        isStale ? `${way.name} does not answer; what is shown of it is old.` : `${way.name} answers again.`,
      );
    wasStale = isStale;
    const wasAway = staleFor >= AWAY_MS;
    staleFor = isStale ? staleFor + AGAIN_MS : 0;
    const isAway = staleFor >= AWAY_MS;
    if (isAway !== wasAway) onAway(isAway);
    // A kubeconfig that others write for themselves is no reason to read everything anew, unless it is needed.
    if ((isStale || client.isRefused) && way.isOutdated()) ending.abort();
    // Whatever comes next would end it; but nothing may come for long.
    if (recorder.failed !== undefined) ending.abort();
  }, AGAIN_MS);
  try {
    await collect({
      client,
      sink: recorder,
      signal,
      secrets: options.secrets,
      known,
      version,
      // What was judged by the rules of the version of before is judged anew, and the row of the cluster says what it runs.
      onVersion: (next) => {
        say(`${way.name} runs ${next} now, where it ran ${version}: it is judged anew.`);
        ending.abort();
      },
      ...(uid !== null && { uid }),
    });
    if (recorder.failed !== undefined && !options.signal.aborted) throw recorder.failed.error;
  } finally {
    clearInterval(ticking);
    clearInterval(looking);
    await recorder.stop();
  }
}

/** Asks until the cluster answers, or should be asked in another way. It is listed from the beginning, and said to be away where it is. */
async function identify(client: KubeClient, options: WatchOptions, watched: Watched) {
  const { store, way, signal, say, now, others } = options;
  const server = addressOf(client.access);
  let hasSaid = false;
  while (!signal.aborted) {
    // Each time, as it may have been removed.
    const known = watched.byServer.get(server);
    const awaited = { name: way.name, server, ...(known === undefined ? { others: others() } : { known }) };
    const cluster = await awaitedCluster(store, awaited, now());
    watched.leads(server, cluster);
    const identity = await clusterIdentity(client, signal);
    if (identity.ok) {
      watched.away = undefined;
      return identity.value;
    }
    // What was given up says nothing about the cluster.
    if (signal.aborted) return undefined;
    if (!hasSaid) say(`${way.name} does not answer: ${identity.error.message}`);
    hasSaid = true;
    // Another context, or another hub, may say of the same cluster why it does not answer there: none says it twice.
    const said = `${cluster} ${identity.error.message}`;
    await markClusterAway(store, cluster, identity.error.message, { isNew: said !== watched.away });
    watched.away = said;
    watched.heldUp.end();
    await sleep(AGAIN_MS, signal);
    if (way.isOutdated()) return undefined;
  }
  return undefined;
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
