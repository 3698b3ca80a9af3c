import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP, groupKindOf, groupOf, type JsonObject, stringAt } from '@bulwark/core';
import type { KindState } from '@bulwark/kube';
import { type EmbeddedServer, openStore, registerCluster, type Store, startEmbedded } from '@bulwark/store';
import { loadAll } from 'js-yaml';
import { Recorder } from '../cluster/recorder.ts';

/** A real database with clusters that are recorded as the hub records them; for tests. */
export class TestHub {
  readonly store: Store;
  /** The moment at which what comes is seen. */
  now: Date;
  private readonly server: EmbeddedServer;
  private readonly folder: string;
  private readonly recorders: Recorder[] = [];

  private constructor(parts: { store: Store; server: EmbeddedServer; folder: string; now: Date }) {
    this.store = parts.store;
    this.server = parts.server;
    this.folder = parts.folder;
    this.now = parts.now;
  }

  static async start(now: Date): Promise<TestHub> {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-hub-'));
    // The server runs as another user where the tests run as root.
    chmodSync(folder, 0o755);
    const server = await startEmbedded({ folder });
    return new TestHub({ store: await openStore({ url: server.url, now }), server, folder, now });
  }

  /** Records a cluster; the kinds are seen as their states say. */
  async cluster(
    name: string,
    kinds: Readonly<Record<string, 'live' | 'withheld' | 'denied'>>,
  ): Promise<TestCluster> {
    const identity = { uid: name, caHash: name, name, server: `https://${name}`, isDemo: false };
    const id = await registerCluster(this.store, { ...identity, version: 'v1.34.0' }, this.now);
    const recorder = new Recorder({
      store: this.store,
      cluster: id,
      name,
      version: 'v1.34.0',
      controls: CONTROLS.filter(({ profile }) => profile !== 'opt-in'),
      decisions: {
        exceptions: [],
        annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: (control) => [control] },
        ownership: DEFAULT_OWNERSHIP,
      },
      now: () => this.now,
      wait: (milliseconds) => sleep(milliseconds),
      onDatabase: () => undefined,
    });
    this.recorders.push(recorder);
    await recorder.load();
    for (const [groupKind, state] of Object.entries(kinds))
      await recorder.state(stateOf(groupKind, state, this.now));
    return new TestCluster(id, recorder, this.store);
  }

  async stop(): Promise<void> {
    for (const recorder of this.recorders) await recorder.stop();
    await this.store.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One recorded cluster. */
export class TestCluster {
  readonly id: number;
  private readonly recorder: Recorder;
  private readonly store: Store;

  constructor(id: number, recorder: Recorder, store: Store) {
    this.id = id;
    this.recorder = recorder;
    this.store = store;
  }

  /** Shows objects, as YAML, and waits until they are written. */
  async show(yaml: string): Promise<void> {
    for (const object of loadAll(yaml) as JsonObject[]) await this.recorder.upsert(kindOf(object), [object]);
    await this.settled();
  }

  /** Says that objects are gone, and waits until that is written. */
  async remove(groupKind: string, namespace: string, name: string): Promise<void> {
    await this.recorder.remove(groupKind, [{ namespace, name }]);
    await this.settled();
  }

  private async settled(): Promise<void> {
    let before = '';
    for (let same = 0; same < 4; ) {
      await sleep(150);
      const { rows } = await this.store.pool.query<{ state: string }>(
        `select (select count(*) from change) || ' ' || (select count(*) from resource) || ' ' || (select count(*) from finding) as state`,
      );
      const state = rows[0]?.state ?? '';
      same = state === before ? same + 1 : 0;
      before = state;
    }
  }
}

function kindOf(object: JsonObject): string {
  return groupKindOf(groupOf(stringAt(object, 'apiVersion') ?? ''), stringAt(object, 'kind') ?? '');
}

function stateOf(groupKind: string, state: 'live' | 'withheld' | 'denied', now: Date): KindState {
  const group = groupKind.includes('/') ? groupKind.slice(0, groupKind.indexOf('/')) : '';
  const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
  const common = { groupKind, group, kind, version: 'v1', resource: `${kind.toLowerCase()}s` };
  const seen = { ...common, project: 'kubernetes', why: 'test', objects: 0, at: now.getTime() };
  if (state !== 'denied') return { ...seen, state };
  const missing = { verbs: ['list', 'watch'], group, resource: common.resource, namespaced: false };
  return { ...seen, state, missing, reason: 'forbidden' };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
