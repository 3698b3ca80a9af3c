import { EventEmitter } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { CONTROLS } from '@bulwark/controls';
import { type Control, configureControl, type PortableControl, Secret, toPortable } from '@bulwark/core';
import type { IdTokens } from '@bulwark/kube';
import { isOfDatabase, openStore, whyNotWritten } from '@bulwark/store';
import { announcement } from '../duties.ts';
import { GRACE_MS } from '../stopping.ts';
import { AskedTokens, answerTo, type TokenAnswer, type TokenQuestion } from './asked-tokens.ts';
import { DecisionFeed, type Judging } from './decision-feed.ts';
import { type ConfiguredDecisions, decisionSettings } from './decision-settings.ts';
import type { HeldUpCluster } from './held-up.ts';
import type { ClusterRole } from './lead.ts';
import type { Claim, First } from './precedence.ts';
import { Turn } from './turn.ts';
import { watchDemo } from './watch-demo.ts';
import { watchKubernetes } from './watch-kubernetes.ts';
import { addressesOf, type ClusterPlace, type Environment, Way } from './way.ts';

/** What a thread that watches a cluster is started with. */
export interface ClusterTask {
  readonly task: 'cluster';
  readonly database: string;
  readonly place: ClusterPlace;
  /** The names of the contexts that are named before it. */
  readonly earlier: readonly string[];
  /** Where the other contexts lead. */
  readonly others: readonly ClusterPlace[];
  readonly controls: readonly PortableControl[];
  readonly decisions: ConfiguredDecisions;
  readonly secrets: boolean;
  readonly env: Environment;
}

type ToWorker =
  | { readonly type: 'decide' }
  | { readonly type: 'stop' }
  | { readonly type: 'turn'; readonly first: First }
  | TokenAnswer;
type FromWorker =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'role'; readonly role: ClusterRole }
  | { readonly type: 'claim'; readonly claim: Claim | undefined }
  | { readonly type: 'held-up'; readonly held: HeldUpCluster }
  | TokenQuestion;

const post = (message: FromWorker): void => parentPort?.postMessage(message);

const DATABASE_CONNECTIONS = 3;

/** The life of a thread that watches one cluster: the World is here, never on the loop that answers requests. */
export async function serveCluster(): Promise<void> {
  const stopping = new AbortController();
  const breaking = new AbortController();
  const decisions = new EventEmitter<{ new: [] }>();
  const signIns = new AskedTokens(post);
  const turn = new Turn((claim) => post({ type: 'claim', claim }));
  let grace: ReturnType<typeof setTimeout> | undefined;
  parentPort?.on('message', (message: ToWorker) => {
    if (message.type === 'decide') decisions.emit('new');
    else if (message.type === 'id-token') signIns.take(message);
    else if (message.type === 'turn') turn.told(message.first);
    else {
      stopping.abort();
      grace = setTimeout(() => breaking.abort(), GRACE_MS);
    }
  });
  try {
    await watch(workerData as ClusterTask, {
      stopping: stopping.signal,
      breaking: breaking.signal,
      decisions,
      signIns,
      turn,
    });
  } catch (error) {
    // What was broken off at the end is no fault.
    if (!stopping.signal.aborted) throw error;
  } finally {
    clearTimeout(grace);
    parentPort?.close();
  }
}

async function watch(
  { database, place, earlier, others, controls: portable, decisions, secrets, env }: ClusterTask,
  told: {
    readonly stopping: AbortSignal;
    /** Breaks off what still waits for the database. */
    readonly breaking: AbortSignal;
    readonly decisions: EventEmitter<{ new: [] }>;
    readonly signIns: IdTokens;
    readonly turn: Turn;
  },
): Promise<void> {
  const say = (text: string): void => post({ type: 'say', text });
  const controls = fromPortable(portable);
  const databaseUrl = new Secret(database);
  const store = await openStore({
    url: databaseUrl,
    now: new Date(),
    connections: DATABASE_CONNECTIONS,
    migrate: false,
    signal: told.breaking,
  });
  const feed = new DecisionFeed({
    read: (cluster) => decisionSettings(store, cluster, decisions, controls),
    onFault: () => say('New exceptions could not be read; it is tried again.'),
  });
  told.decisions.on('new', () => {
    void feed.changed();
  });
  const common = {
    store,
    databaseUrl,
    controls,
    decisions: (cluster: number) => feed.first(cluster),
    now: () => new Date(),
    signal: told.stopping,
    onJudging: (by: Judging, cluster: number) => feed.attach(by, cluster),
    onRole: (role: ClusterRole) => post({ type: 'role', role }),
    onHeldUp: (held: HeldUpCluster) => post({ type: 'held-up', held }),
  };
  try {
    if (place.kind === 'demo') await watchDemo(common);
    else {
      const way = new Way(place, env, told.signIns);
      const beside = { earlier, others: () => addressesOf(others, env) };
      await watchKubernetes({ ...common, ...beside, way, turn: told.turn, secrets, say });
    }
  } finally {
    await store.close();
  }
}

function fromPortable(portable: readonly PortableControl[]): Control[] {
  const builtIn = new Map<string, Control>(CONTROLS.map((control) => [control.id, control]));
  return portable.flatMap(({ basedOn, change }) => {
    const base = builtIn.get(basedOn);
    return base === undefined ? [] : [configureControl(base, change)];
  });
}

/** A thread that watches a cluster, as seen from the one that answers requests. */
export interface ClusterThread {
  /** Which hub records the cluster, as far as it is known. */
  readonly role: ClusterRole;
  /** Says which context of this hub goes first where it claims a cluster. */
  yieldTo(first: First): void;
  decide(): void;
  stop(): Promise<void>;
}

/** What a cluster is called before it answers. */
export function nameOf(place: ClusterPlace): string {
  if (place.kind !== 'kubeconfig') return place.kind;
  return place.context ?? 'of the current context';
}

const AGAIN_MS = 5000;
const STOP_WITHIN_MS = 5000;

/** Starts a thread for a cluster, and another one when it dies. */
export function startClusterThread(
  program: URL,
  task: Omit<ClusterTask, 'task' | 'controls'> & {
    readonly controls: readonly Control[];
    readonly signIns: IdTokens;
  },
  {
    say,
    onClaim,
    onHeldUp,
  }: {
    readonly say: (text: string) => void;
    /** Told which cluster it leads to, or that this is not known any more. */
    readonly onClaim: (claim: Claim | undefined) => void;
    /** Told that what is seen of a cluster is not written, why, and when it is again. */
    readonly onHeldUp: (held: HeldUpCluster) => void;
  },
): ClusterThread {
  // Only what can go to another thread: the caller may know more.
  const { database, place, earlier, others, decisions, secrets, controls, env, signIns } = task;
  const data: ClusterTask = {
    task: 'cluster',
    database,
    place,
    earlier,
    others,
    decisions,
    secrets,
    env: { ...env },
    controls: controls.map(toPortable),
  };
  let worker: Worker | undefined;
  let isStopping = false;
  let ended: Promise<void> = Promise.resolve();
  const unknown: ClusterRole = { name: nameOf(place), state: { kind: 'unknown' } };
  let role = unknown;
  let heldUp: HeldUpCluster | undefined;
  const start = (): void => {
    // It may have been stopped while it waited to begin again.
    if (isStopping) return;
    const next = new Worker(program, { workerData: data });
    worker = next;
    next.on('message', (message: FromWorker) => {
      if (message.type === 'say') {
        say(message.text);
        return;
      }
      if (message.type === 'id-token') {
        void answerTo(message, signIns).then((answer) => next.postMessage(answer satisfies ToWorker));
        return;
      }
      if (message.type === 'claim') {
        onClaim(message.claim);
        return;
      }
      if (message.type === 'held-up') {
        heldUp = message.held;
        onHeldUp(message.held);
        return;
      }
      const { name, state } = message.role;
      const text = announcement({ cluster: name, state }, role.state);
      role = message.role;
      if (text !== undefined) say(text);
    });
    next.on('error', (error) => {
      // What the database says may hold what it was given.
      const reason = isOfDatabase(error) ? whyNotWritten(error).reason : error.message;
      say(`A thread that watches a cluster failed: ${reason}`);
    });
    ended = new Promise((resolve) => {
      next.on('exit', () => {
        resolve();
        role = unknown;
        onClaim(undefined);
        if (heldUp !== undefined) onHeldUp({ ...heldUp, fault: undefined });
        setTimeout(start, AGAIN_MS).unref();
      });
    });
  };
  start();
  return {
    get role() {
      return role;
    },
    yieldTo: (first) => worker?.postMessage({ type: 'turn', first } satisfies ToWorker),
    decide: () => worker?.postMessage({ type: 'decide' } satisfies ToWorker),
    stop: async () => {
      isStopping = true;
      worker?.postMessage({ type: 'stop' } satisfies ToWorker);
      // What it writes is written in whole transactions, so that it can be ended anywhere.
      const timer = setTimeout(() => {
        say(`Watching ${role.name} did not end within ${STOP_WITHIN_MS / 1000} s, and was cut off.`);
        void worker?.terminate();
      }, STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
