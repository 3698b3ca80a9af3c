import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@bulwark/core';
import { isAway } from '../away.ts';
import { findingRows, type Size, workloadRows } from '../dataset.testing.ts';
import { liveFindings, liveResources } from '../read/live.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import type { Batch, FindingRow, ResourceRow } from './rows.ts';

/** In how many parts a round is written. */
export const BATCHES = 40;

export const KILL_SIZE: Size = { namespaces: 10, workloads: 200, podsEach: 3, findingsEach: 12 };

/** What a cluster holds in a round: every round other workloads are there, in other versions, with other findings. */
export function targetOf(round: number): {
  resources: readonly ResourceRow[];
  findings: readonly FindingRow[];
} {
  const workloads = Array.from({ length: KILL_SIZE.workloads }, (_each, index) => index).filter(
    (index) => (index + round) % 4 !== 0,
  );
  return {
    resources: workloads.flatMap((index) => workloadRows(index, KILL_SIZE, (index + round) % 3)),
    findings: workloads.flatMap((index) =>
      findingRows(index, KILL_SIZE).filter((_each, place) => (place + index + round) % 3 !== 0),
    ),
  };
}

function keyOf({ kind, namespace, name }: Pick<ResourceRow, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}|${namespace}|${name}`;
}

/** What has to be written so that what is stored becomes what is there, in small batches. */
async function batchesFor(store: Store, cluster: number, round: number): Promise<Batch[]> {
  const { resources, findings } = targetOf(round);
  const stored = await liveResources(store, cluster);
  const storedFindings = await liveFindings(store, cluster);
  const digests = new Map(stored.map((row) => [keyOf(row), row.digest]));
  const found = new Map(storedFindings.map(({ fingerprint, digest }) => [fingerprint, digest]));
  const wanted = new Set(resources.map(keyOf));
  const wantedFindings = new Set(findings.map(({ fingerprint }) => fingerprint));
  const parts = {
    resources: resources.filter((row) => digests.get(keyOf(row)) !== row.digest),
    removed: stored.filter((row) => !wanted.has(keyOf(row))),
    findings: findings.filter(({ fingerprint, digest }) => found.get(fingerprint) !== digest),
    resolved: storedFindings
      .map(({ fingerprint }) => fingerprint)
      .filter((each) => !wantedFindings.has(each)),
  };
  const of = <T>(list: readonly T[], batch: number): T[] =>
    list.filter((_each, index) => index % BATCHES === batch);
  return Array.from({ length: BATCHES }, (_each, batch) => ({
    at: new Date(),
    resources: of(parts.resources, batch),
    removed: of(parts.removed, batch),
    findings: of(parts.findings, batch),
    resolved: of(parts.resolved, batch),
  }));
}

/** Until the database answers, as whoever records a cluster does. */
async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isAway(error)) throw error;
      await sleep(50);
    }
  }
}

/** What is said of each batch once it is written. */
export const WRITTEN = '.';

/** Writes a round and ends. It may be killed at any moment and started anew. */
export async function writeRound(url: string, cluster: number, round: number): Promise<void> {
  const store = await persist(() => openStore({ url: new Secret(url), now: new Date(), connections: 2 }));
  for (const batch of await persist(() => batchesFor(store, cluster, round))) {
    await persist(() => applyBatch(store, cluster, batch));
    process.stdout.write(WRITTEN);
  }
  await store.close();
}
