import { namespaceOf } from '@bulwark/core';
import type { Batch, CoverageRecord, FindingRow, ObjectKey, ResourceRow, RiskRow } from '@bulwark/store';
import { idOf, objectOf } from './stored-rows.ts';

/** What the database does not take of an object, as it is by now. */
interface Refused {
  readonly key: ObjectKey;
  readonly reason: string;
  /** When it was last tried, in milliseconds since the epoch. */
  readonly triedAt: number;
  readonly resource: ResourceRow | undefined;
  readonly risk: RiskRow | undefined;
}

/** What is refused for what it is may be taken when somebody has changed the database. */
const AGAIN_MS = 600_000;

/** The objects that the database refuses: what is of them is kept apart, so that all beside them is written. */
export class RefusedObjects {
  private readonly refused = new Map<string, Refused>();
  private records: readonly CoverageRecord[] | undefined = [];

  /** How many there are. */
  get size(): number {
    return this.refused.size;
  }

  /** Notes that an object is there no more. */
  forget(key: ObjectKey): void {
    if (this.refused.delete(idOf(key))) this.records = undefined;
  }

  /** Notes what a batch has of objects that the database does not take, and why, by their ids. */
  note(batch: Batch, reasons: ReadonlyMap<string, string>, now: Date): void {
    const resources = byId(batch.resources);
    const risks = byId(batch.risks ?? []);
    const keys = keysIn(batch);
    this.records = undefined;
    for (const [id, reason] of reasons) {
      const key = keys.get(id);
      if (key === undefined) continue;
      const parts = { resource: resources.get(id), risk: risks.get(id) };
      this.refused.set(id, { key, reason, triedAt: now.getTime(), ...parts });
    }
  }

  /** A batch as it is to be tried: what has changed of objects that are refused, or was tried long ago, is in it; the rest waits. */
  toBeTried(batch: Batch, now: Date): { readonly tried: Batch; readonly waiting: readonly FindingRow[] } {
    if (this.refused.size === 0) return { tried: batch, waiting: [] };
    const changed = new Set([...batch.resources, ...batch.removed].map(idOf));
    const risks = byId(batch.risks ?? []);
    const riskless = byId(batch.riskless ?? []);
    const resources: ResourceRow[] = [];
    const kept: RiskRow[] = [];
    for (const [id, each] of [...this.refused]) {
      const risk = risks.get(id) ?? (riskless.has(id) ? undefined : each.risk);
      const isDue = now.getTime() - each.triedAt > AGAIN_MS;
      if (!isDue && !changed.has(id)) {
        this.refused.set(id, { ...each, risk });
        continue;
      }
      this.refused.delete(id);
      this.records = undefined;
      if (!changed.has(id) && each.resource !== undefined) resources.push(each.resource);
      if (risk !== undefined && !risks.has(id)) kept.push(risk);
    }
    const isTried = (id: string): boolean => !this.refused.has(id);
    const rest = partOf(batch, isTried);
    return {
      tried: {
        ...rest,
        resources: [...rest.resources, ...resources],
        risks: [...(rest.risks ?? []), ...kept],
      },
      waiting: batch.findings.filter((row) => !isTried(idOf(objectOf(row)))),
    };
  }

  /** What coverage says of them, the same list as long as nothing changes. */
  coverage(): readonly CoverageRecord[] {
    this.records ??= [...this.refused.values()].map(recordOf);
    return this.records;
  }
}

/** It is told to those alone who may see the object. */
function recordOf({ key, reason }: Refused): CoverageRecord {
  return {
    code: 'unrecorded-object',
    subject: `${key.kind} ${key.namespace === '' ? key.name : `${key.namespace}/${key.name}`}`,
    namespace: namespaceOf(key),
    kind: 'lost',
    reason: `${reason} It is shown as it was before, or not at all, until it changes.`,
    remedy: null,
  };
}

/** The objects of which a batch has something, by id. */
export function keysIn({
  resources,
  removed,
  owners = [],
  findings,
  risks = [],
  riskless = [],
}: Batch): ReadonlyMap<string, ObjectKey> {
  const objects = [...resources, ...removed, ...owners, ...findings.map(objectOf), ...risks, ...riskless];
  return new Map(
    objects.map(({ kind, namespace, name }) => [idOf({ kind, namespace, name }), { kind, namespace, name }]),
  );
}

/** What a batch has of some objects, by id, and all that it has of none. */
export function partOf(batch: Batch, isIn: (id: string) => boolean): Batch {
  const those = <T extends ObjectKey>(rows: readonly T[] = []): readonly T[] =>
    rows.filter((row) => isIn(idOf(row)));
  return {
    ...batch,
    resources: those(batch.resources),
    removed: those(batch.removed),
    owners: those(batch.owners),
    findings: batch.findings.filter((row) => isIn(idOf(objectOf(row)))),
    risks: those(batch.risks),
    riskless: those(batch.riskless),
  };
}

function byId<T extends ObjectKey>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [idOf(row), row]));
}
