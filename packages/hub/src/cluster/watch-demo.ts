import { setTimeout as sleep } from 'node:timers/promises';
import { type Control, groupKindOf, groupOf, type JsonObject, type Secret, stringAt } from '@bulwark/core';
import { type DemoChange, demoHistory, replay } from '@bulwark/demo';
import type { KindState } from '@bulwark/kube';
import { type Actor, registerCluster, type Store, setSetting, settingOf } from '@bulwark/store';
import type { Judging } from './decision-feed.ts';
import type { DecisionSettings } from './decisions.ts';
import { HeldUp, type HeldUpCluster } from './held-up.ts';
import { type ClusterRole, type Lead, whileLeading } from './lead.ts';
import { Recorder } from './recorder.ts';

export interface DemoWatchOptions {
  readonly store: Store;
  /** Where the store is, for the lease of the cluster. */
  readonly databaseUrl: Secret<string>;
  readonly controls: readonly Control[];
  readonly decisions: (cluster: number) => Promise<DecisionSettings>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onJudging: (by: Judging, cluster: number) => void;
  readonly onRole: (role: ClusterRole) => void;
  /** Told that what is seen of it is not written, why, and when it is again. */
  readonly onHeldUp: (held: HeldUpCluster) => void;
}

const IDENTITY = {
  uid: 'demo',
  caHash: '',
  name: 'demo',
  server: '',
  version: 'v1.34.2',
  isDemo: true,
} as const;
const SEED = 'hearthside';
/** The end of the history, when all of it was told; and before that, with how far it was. */
const SETTING = 'demo.now';
const PROGRESS = 'demo.progress';
/** Changes within this time are one step: what one deployment causes. */
const STEP_MS = 30 * 60 * 1000;
/** Longer than the history. */
const MONTH_MS = 32 * 86_400_000;
const TICK_MS = 50 * 1000;
const DAY_MS = 86_400_000;

/** Fills the database with a shop that is made up, and the last month of it; then only decisions change it. */
export async function watchDemo(options: DemoWatchOptions): Promise<void> {
  const { store, databaseUrl, signal, onRole } = options;
  const onState = (state: ClusterRole['state']): void => onRole({ name: IDENTITY.name, state });
  const cluster = await registerCluster(store, IDENTITY, new Date(options.now().getTime() - MONTH_MS));
  while (!signal.aborted)
    await whileLeading({ databaseUrl, cluster, signal, onState }, (lead) =>
      record({ ...options, ...lead }).catch((error: unknown) => {
        // What was given up is no fault.
        if (!lead.signal.aborted) throw error;
      }),
    );
}

/** How much of the history was told; `until` is the moment of the last step, in milliseconds since 1970. */
interface Progress {
  readonly end: number;
  readonly until: number;
}

async function progressOf({ store, now }: DemoWatchOptions): Promise<Progress> {
  const told = await settingOf<number>(store, SETTING);
  if (told !== undefined) return { end: told, until: told };
  return (await settingOf<Progress>(store, PROGRESS)) ?? { end: now().getTime(), until: 0 };
}

async function record(options: DemoWatchOptions & Lead): Promise<void> {
  const { store, signal } = options;
  const { end, until } = await progressOf(options);
  const history = demoHistory({ seed: SEED, now: end });
  const start = history.changes[0]?.at ?? end;
  /** The moment of the history that is told; what is decided once it was told is of the present. */
  let clock: Date | undefined = new Date(Math.max(until, start - STEP_MS));
  const now = (): Date => clock ?? options.now();
  let remark = until < end ? loadedOf(now(), { start, end }) : undefined;
  const cluster = await registerCluster(store, IDENTITY, now());
  const heldUp = new HeldUp(store, options.onHeldUp);
  const recorder = new Recorder({
    store,
    cluster,
    name: IDENTITY.name,
    version: IDENTITY.version,
    controls: options.controls,
    decisions: await options.decisions(cluster),
    now,
    wait: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
    signal,
    session: options.session,
    remark: () => remark,
    heldUp,
    onDatabase: (fault) =>
      fault === undefined ? heldUp.end() : heldUp.begin(cluster, fault, options.session()),
  });
  // The history ends at the same moment, however often it has to begin.
  await setSetting(store, PROGRESS, { end, until } satisfies Progress);
  await recorder.load();
  const see = async (): Promise<void> => {
    for (const state of kindStates(history.start, now())) await recorder.state(state);
  };
  await see();
  const told = history.changes.filter(({ at }) => at <= until);
  await put(recorder, replay({ ...history, changes: told }));
  // With risks, or the queue would show lower points until all of the history is told.
  await recorder.flush();
  for (const step of steps(history.changes.slice(told.length))) {
    clock = new Date(step[0]?.at ?? end);
    for (const change of step) await tell(recorder, change);
    const loaded = loadedOf(clock, { start, end });
    if (loaded !== remark) {
      remark = loaded;
      await see();
    }
    await recorder.flush('later');
    if (signal.aborted) return;
    await setSetting(store, PROGRESS, { end, until: step.at(-1)?.at ?? end } satisfies Progress);
  }
  await setSetting(store, SETTING, end);
  clock = undefined;
  remark = undefined;
  await see();
  await recorder.flush();
  options.onJudging(recorder, cluster);
  let ticking: ReturnType<typeof setInterval> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      ticking = setInterval(() => {
        recorder.answered(now().getTime());
        // After something that could not be written nothing is, until it begins anew.
        recorder.tick().catch(reject);
      }, TICK_MS);
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    clearInterval(ticking);
    await recorder.stop();
  }
}

/** How much of the history is there, for those who would else take the beginning of it for all. */
function loadedOf(until: Date, { start, end }: { readonly start: number; readonly end: number }): string {
  const days = Math.ceil((end - start) / DAY_MS);
  const told = Math.max(0, Math.floor((until.getTime() - start) / DAY_MS));
  return `${told} of ${days} days are loaded`;
}

function kindOf(object: JsonObject): string {
  return groupKindOf(groupOf(stringAt(object, 'apiVersion') ?? ''), stringAt(object, 'kind') ?? '');
}

function byKindOf(objects: readonly JsonObject[]): Map<string, JsonObject[]> {
  const byKind = new Map<string, JsonObject[]>();
  for (const object of objects) {
    const kind = kindOf(object);
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [object]);
    else known.push(object);
  }
  return byKind;
}

async function put(recorder: Recorder, objects: readonly JsonObject[]): Promise<void> {
  const byKind = byKindOf(objects);
  for (const [kind, group] of byKind) await recorder.upsert(kind, group);
}

function tell(recorder: Recorder, { verb, object, actor }: DemoChange): Promise<void> {
  const who: Actor = {
    user: actor.user,
    groups: actor.groups,
    impersonatedBy: null,
    address: actor.address ?? null,
    userAgent: actor.via,
    managers: [actor.via],
  };
  const kind = kindOf(object);
  if (verb === 'upsert') return recorder.upsert(kind, [object], who);
  const key = {
    namespace: stringAt(object, 'metadata', 'namespace') ?? '',
    name: stringAt(object, 'metadata', 'name') ?? '',
  };
  return recorder.remove(kind, [key], who);
}

function* steps(changes: readonly DemoChange[]): Generator<readonly DemoChange[]> {
  let step: DemoChange[] = [];
  for (const change of changes) {
    const [first] = step;
    if (first !== undefined && change.at - first.at > STEP_MS) {
      yield step;
      step = [];
    }
    step.push(change);
  }
  if (step.length > 0) yield step;
}

function kindStates(objects: readonly JsonObject[], at: Date): KindState[] {
  return [...byKindOf(objects)].map(([groupKind, group]) => ({
    state: 'live',
    groupKind,
    group: groupOf(stringAt(group[0], 'apiVersion') ?? ''),
    version: '',
    kind: stringAt(group[0], 'kind') ?? '',
    resource: '',
    project: '',
    why: '',
    objects: group.length,
    at: at.getTime(),
  }));
}
