import { hash128 } from '@bulwark/core';
import { findingRows, podRow, type Size, workloadRows } from '../dataset.testing.ts';
import type { Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import type { FindingRow, ResourceRow } from './rows.ts';

export const SIZE: Size = { namespaces: 5, workloads: 12, podsEach: 2, findingsEach: 6 };
export const START = new Date('2026-08-20T10:00:00Z').getTime();
/** Between two moments. */
export const STEP = 20 * 3_600_000;
const STEPS = 60;
const EXCEPTION = { id: 1, reason: 'accepted', owner: null, until: null, origin: 'hub' };

/** What a cluster held at a moment, as a list in memory has it. */
export interface Moment {
  readonly at: Date;
  readonly resources: readonly ResourceRow[];
  readonly findings: readonly FindingRow[];
}

function number(...parts: readonly (string | number)[]): number {
  return Number.parseInt(hash128(parts.join('|')).slice(0, 8), 16);
}

export function keyOf({ kind, namespace, name }: ResourceRow): string {
  return `${kind}|${namespace}|${name}`;
}

function withDigest(row: FindingRow): FindingRow {
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

/** A life of a cluster: workloads come, change and go, findings with them; some are accepted, some come back. */
export async function live(store: Store, cluster: number): Promise<readonly Moment[]> {
  const resources = new Map<string, ResourceRow>();
  const findings = new Map<string, FindingRow>();
  const moments: Moment[] = [];
  for (let step = 0; step < STEPS; step++) {
    const at = new Date(START + step * STEP);
    const upserts: ResourceRow[] = [];
    const removed: ResourceRow[] = [];
    const found: FindingRow[] = [];
    const resolved: string[] = [];
    for (let act = 0; act < 4; act++) {
      const workload = number('workload', step, act) % SIZE.workloads;
      const own = [...resources.values()].filter(({ ownerName }) => ownerName.endsWith(`-${workload}`));
      const theirs = [...findings.values()].filter(({ name }) => name.endsWith(`-${workload}`));
      switch (number('act', step, act) % 6) {
        case 0:
          removed.push(...own);
          resolved.push(...theirs.map(({ fingerprint }) => fingerprint));
          break;
        case 1:
          upserts.push(podRow(workload, SIZE, `extra-${step}`));
          break;
        case 2:
          found.push(
            ...theirs
              .slice(0, 2)
              .map((row) => withDigest({ ...row, exception: row.exception ? undefined : EXCEPTION })),
          );
          break;
        case 3:
          resolved.push(...theirs.slice(1, 4).map(({ fingerprint }) => fingerprint));
          break;
        default:
          upserts.push(...workloadRows(workload, SIZE, step % 3));
          found.push(...findingRows(workload, SIZE).slice(0, 2 + (step % 5)));
      }
    }
    const gone = new Set(removed.map(keyOf));
    const kept = new Map(upserts.filter((row) => !gone.has(keyOf(row))).map((row) => [keyOf(row), row]));
    const fixed = new Set(resolved);
    const open = new Map(
      found.filter(({ fingerprint }) => !fixed.has(fingerprint)).map((row) => [row.fingerprint, row]),
    );
    await applyBatch(store, cluster, {
      at,
      resources: [...kept.values()],
      removed,
      findings: [...open.values()],
      resolved,
    });
    for (const key of gone) resources.delete(key);
    for (const [key, row] of kept) resources.set(key, row);
    for (const fingerprint of fixed) findings.delete(fingerprint);
    for (const [fingerprint, row] of open) findings.set(fingerprint, row);
    moments.push({ at, resources: [...resources.values()], findings: [...findings.values()] });
  }
  return moments;
}
