import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROLS } from '@bulwark/controls';
import {
  contentHash,
  DEFAULT_OWNERSHIP,
  type JsonObject,
  type Secret,
  toResource,
  withoutSeenPods,
} from '@bulwark/core';
import type { KindState } from '@bulwark/kube';
import { type Actor, openStore, registerCluster, type Store, type WriteFault } from '@bulwark/store';
import { type TestDatabases, testDatabases } from '@bulwark/store/testing';
import { loadAll } from 'js-yaml';
import type { ConfiguredDecisions } from '../cluster/decision-settings.ts';
import type { DecisionSettings } from '../cluster/decisions.ts';
import { Recorder } from '../cluster/recorder.ts';
import { type Draft, draftOf } from '../cluster/row.ts';
import { KeptAnswers } from './kept-answers.ts';

/** What holds where a test decides nothing. */
export const UNDECIDED: DecisionSettings = {
  exceptions: [],
  annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: (control) => [control] },
  ownership: DEFAULT_OWNERSHIP,
};

/** What the configuration decides where a test asks for a second person, from `high` on. */
export const CONFIGURED: ConfiguredDecisions = {
  exceptions: [],
  annotations: 'accept',
  otherTools: 'accept',
  ownership: DEFAULT_OWNERSHIP,
  approvalFrom: 'high',
};

/** What handlers of findings are made of: with all controls. */
export function handlerSettings({ store }: Pick<TestHub, 'store'>) {
  const controls = new Map(CONTROLS.map((control) => [control.id, control]));
  return { store, controls, answers: new KeptAnswers(store) };
}

/** A real database with clusters that are recorded as the hub records them; for tests. */
export class TestHub {
  readonly store: Store;
  /** Of the database. */
  readonly url: Secret<string>;
  /** The moment at which what comes is seen. */
  now: Date;
  /** The session of the lease in which clusters are recorded from now on. */
  session: (() => number) | undefined;
  /** The version of the API server of clusters that are recorded from now on. */
  version = 'v1.34.0';
  /** What was told of why the database takes nothing, and that it does again. */
  readonly toldFaults: (WriteFault | undefined)[] = [];
  /** For files of a test; it goes when the hub stops. */
  readonly folder: string;
  private readonly databases: TestDatabases;
  /** By the number of the cluster. */
  private readonly recorders = new Map<number, Recorder>();

  private constructor(parts: { store: Store; url: Secret<string>; databases: TestDatabases; now: Date }) {
    this.store = parts.store;
    this.url = parts.url;
    this.databases = parts.databases;
    this.folder = mkdtempSync(join(tmpdir(), 'bulwark-hub-'));
    this.now = parts.now;
  }

  /** @param given in which it gets a database; they go when it stops. */
  static async start(now: Date, given?: TestDatabases): Promise<TestHub> {
    const databases = given ?? (await testDatabases());
    const url = await databases.database('hub');
    return new TestHub({ store: await openStore({ url, now }), url, databases, now });
  }

  /** Records a cluster, or does so again as after a restart; the kinds are seen as their states say. */
  async cluster(
    name: string,
    kinds: Readonly<Record<string, TestSight>>,
    decisionsOf: (cluster: number) => Promise<DecisionSettings> = async () => UNDECIDED,
  ): Promise<TestCluster> {
    const identity = { uid: name, caHash: name, name, server: `https://${name}`, isDemo: false };
    const { version } = this;
    const id = await registerCluster(this.store, { ...identity, version }, this.now);
    const recorder = new Recorder({
      store: this.store,
      cluster: id,
      name,
      version,
      controls: CONTROLS.filter(({ profile }) => profile !== 'opt-in'),
      decisions: await decisionsOf(id),
      now: () => this.now,
      wait: (milliseconds) => sleep(milliseconds),
      onDatabase: (fault) => this.toldFaults.push(fault),
      ...(this.session !== undefined && { session: this.session }),
    });
    // As after a restart: no two of them write at once.
    await this.recorders.get(id)?.stop();
    this.recorders.set(id, recorder);
    await recorder.load();
    for (const [groupKind, state] of Object.entries(kinds))
      await recorder.state(stateOf(groupKind, state, this.now));
    return new TestCluster(id, recorder, this);
  }

  async stop(): Promise<void> {
    for (const recorder of this.recorders.values()) await recorder.stop();
    await this.store.close();
    await this.databases.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One recorded cluster. */
export class TestCluster {
  readonly id: number;
  private readonly recorder: Recorder;
  private readonly hub: Pick<TestHub, 'store' | 'now'>;

  constructor(id: number, recorder: Recorder, hub: Pick<TestHub, 'store' | 'now'>) {
    this.id = id;
    this.recorder = recorder;
    this.hub = hub;
  }

  /** Takes new decisions, as the thread of a cluster does when it is told that there are some. */
  decide(decisions: DecisionSettings): Promise<void> {
    return this.recorder.decide(decisions);
  }

  /** Says that it answers, as it does every few seconds. */
  answers(at: Date): void {
    this.recorder.answered(at.getTime());
  }

  /** Lets time go by, as a timer does. */
  tick(): Promise<void> {
    return this.recorder.tick();
  }

  /** Says how much of a kind is seen from now on. */
  sees(groupKind: string, state: TestSight): Promise<void> {
    return this.recorder.state(stateOf(groupKind, state, this.hub.now));
  }

  /** Judges and writes at once what came. */
  flush(): Promise<void> {
    return this.recorder.flush();
  }

  /** Shows objects, as YAML, and waits until they are written, and with them what is found in them. */
  async show(yaml: string, actor?: Actor): Promise<void> {
    const shown: Draft[] = [];
    for (const object of loadAll(yaml) as JsonObject[]) {
      const resource = toResource(object, { kind: 'cluster', cluster: '', resourceVersion: '' });
      shown.push(draftOf(resource));
      await this.recorder.upsert(resource.groupKind, [object], actor);
    }
    for (const { resource, bodyHash } of shown)
      await this.until(resource.groupKind, resource.namespace, resource.name, bodyHash);
  }

  /** What a query finds of it in the database; `$1` is its number. */
  async rows<T>(query: string): Promise<readonly T[]> {
    return (await this.hub.store.pool.query(query, [this.id])).rows as T[];
  }

  /** Says that an object is gone, and waits until that is written. */
  async remove(groupKind: string, namespace: string, name: string): Promise<void> {
    await this.recorder.remove(groupKind, [{ namespace, name }]);
    await this.until(groupKind, namespace, name, undefined);
  }

  private async until(
    kind: string,
    namespace: string,
    name: string,
    bodyHash: string | undefined,
  ): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { rows } = await this.hub.store.pool.query<{ uid: string; body: JsonObject }>(
        `select r.uid, b.content as body from resource r join body b on b.cluster_id = r.cluster_id and b.hash = r.body_hash
         where r.cluster_id = $1 and kind = $2 and namespace = $3 and name = $4`,
        [this.id, kind, namespace, name],
      );
      const [row] = rows;
      // What is seen in pods is no part of the object.
      const told = row && withoutSeenPods(row.body);
      const isThere = row !== undefined && !(row.uid === '' && told !== row.body);
      if (bodyHash === undefined ? !isThere : told && contentHash(told) === bodyHash) return;
      await sleep(100);
    }
    throw new Error(`${kind} ${namespace}/${name} was not written`);
  }
}

const MOST_TRIES = 300;

/** How a kind can be seen in a test; `pending` because its list failed, and `awaited` as it was not tried yet. */
export type TestSight = 'live' | 'listing' | 'awaited' | 'withheld' | 'denied' | 'pending' | 'absent';

/** How much of a kind is seen. */
export function stateOf(groupKind: string, state: TestSight, now: Date): KindState {
  const group = groupKind.includes('/') ? groupKind.slice(0, groupKind.indexOf('/')) : '';
  const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
  const common = { groupKind, group, kind, version: 'v1', resource: `${kind.toLowerCase()}s` };
  const seen = { ...common, project: 'kubernetes', why: 'test', objects: 0, at: now.getTime() };
  if (state === 'awaited') return { ...seen, state: 'pending' };
  if (state === 'pending') return { ...seen, state, reason: 'The list failed.' };
  if (state !== 'denied') return { ...seen, state };
  const missing = { verbs: ['list', 'watch'], group, resource: common.resource, namespaced: false };
  return { ...seen, state, missing, reason: 'forbidden' };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
