import { hash128 } from '@bulwark/core';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { registerCluster } from './clusters.ts';
import type { Batch, FindingRow } from './rows.ts';

export const NOON = new Date('2026-11-26T12:00:00Z');

/** A database with one cluster, in which what comes does so a minute after what came before; for tests. */
export class RecordedCluster {
  readonly store: Store;
  readonly id: number;
  private readonly databases: TestDatabases;
  private minutes = 0;

  private constructor(parts: { store: Store; id: number; databases: TestDatabases }) {
    this.store = parts.store;
    this.id = parts.id;
    this.databases = parts.databases;
  }

  static async start(): Promise<RecordedCluster> {
    const databases = await testDatabases();
    const store = await openStore({ url: await databases.database('recorded'), now: NOON });
    const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
    return new RecordedCluster({ store, id: await registerCluster(store, identity, NOON), databases });
  }

  async stop(): Promise<void> {
    await this.store.close();
    await this.databases.drop();
  }

  /** The number of the minute: what is made in another is another thing. */
  get minute(): number {
    return this.minutes;
  }

  /** Writes what comes and goes at once; answers when that was. */
  async apply(parts: Partial<Omit<Batch, 'at'>>): Promise<Date> {
    const at = new Date(NOON.getTime() + ++this.minutes * 60_000);
    const nothing = { resources: [], removed: [], findings: [], resolved: [] };
    await applyBatch(this.store, this.id, { ...nothing, ...parts, at });
    return at;
  }

  /** A finding of a Deployment in the namespace `shop`, which says something else in each minute. */
  finding(name: string, more: Partial<FindingRow> = {}): FindingRow {
    const row = {
      fingerprint: hash128(name),
      control: 'host-pid',
      severity: 'high' as const,
      kind: 'apps/Deployment',
      apiVersion: 'apps/v1',
      namespace: 'shop',
      name,
      container: undefined,
      path: '',
      message: `It is wrong, after ${this.minutes} minutes.`,
      fixable: false,
      exception: undefined,
      requested: undefined,
      team: undefined,
      environment: undefined,
      criticality: undefined,
      ...more,
    };
    return { ...row, digest: hash128(JSON.stringify(row)) };
  }
}
