import { namespaceOf } from '@bulwark/core';
import type { Batch, CoverageRecord, FindingRow, ObjectKey } from '@bulwark/store';
import { idOf, objectOf } from './stored-rows.ts';

/** What a batch has of objects themselves; what is found in them waits elsewhere. */
type Parts = Required<Pick<Batch, 'resources' | 'removed' | 'deletedBy' | 'owners' | 'risks' | 'riskless'>>;

/** What the database does not take of an object, as it is by now. */
interface Refused {
  readonly key: ObjectKey;
  readonly reason: string;
  /** When it was last tried, in milliseconds since the epoch. */
  readonly triedAt: number;
  readonly parts: Parts;
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
    const keys = keysIn(batch);
    this.records = undefined;
    for (const [id, reason] of reasons) {
      const key = keys.get(id);
      if (key === undefined) continue;
      this.refused.set(id, { key, reason, triedAt: now.getTime(), parts: partsOf(batch, id) });
    }
  }

  /** A batch as it is to be tried: what has changed of objects that are refused, or was tried long ago, is in it; the rest waits. */
  toBeTried(batch: Batch, now: Date): { readonly tried: Batch; readonly waiting: readonly FindingRow[] } {
    if (this.refused.size === 0) return { tried: batch, waiting: [] };
    const due: Parts[] = [];
    const rest = partOf(batch, (id) => !this.refused.has(id));
    for (const [id, each] of [...this.refused]) {
      const news = partsOf(batch, id);
      const parts = newest(each.parts, news);
      const isDue = now.getTime() - each.triedAt > AGAIN_MS;
      if (!isDue && !isOfObject(news)) {
        this.refused.set(id, { ...each, parts });
        continue;
      }
      this.refused.delete(id);
      this.records = undefined;
      due.push(parts);
    }
    const isTried = ({ id }: { readonly id: string }): boolean => !this.refused.has(id);
    const found = batch.findings.map((row) => ({ row, id: idOf(objectOf(row)) }));
    return {
      tried: {
        ...due.reduce<Batch>(joined, rest),
        findings: found.filter(isTried).map(({ row }) => row),
      },
      waiting: found.filter((each) => !isTried(each)).map(({ row }) => row),
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

function partsOf(batch: Batch, id: string): Parts {
  const { resources, removed, owners = [], risks = [], riskless = [] } = partOf(batch, (each) => each === id);
  const actor = batch.deletedBy?.get(id);
  return { resources, removed, owners, risks, riskless, deletedBy: new Map(actor && [[id, actor]]) };
}

function isOfObject({ resources, removed }: Parts): boolean {
  return resources.length + removed.length > 0;
}

/** The parts of an object of which some are said anew: what is said of the object itself says all that belongs to it, but its risk. */
function newest(old: Parts, news: Parts): Parts {
  const { resources, removed, deletedBy, owners } = isOfObject(news) ? news : old;
  const hasRisk = [news.risks, news.riskless, news.removed].some((rows) => rows.length > 0);
  const { risks, riskless } = hasRisk ? news : old;
  const hasOwners = news.owners.length > 0;
  return { resources, removed, deletedBy, owners: hasOwners ? news.owners : owners, risks, riskless };
}

function joined(batch: Batch, parts: Parts): Batch {
  const both = <T>(some: readonly T[] = [], others: readonly T[]): readonly T[] => [...some, ...others];
  return {
    ...batch,
    resources: both(batch.resources, parts.resources),
    removed: both(batch.removed, parts.removed),
    deletedBy: new Map([...(batch.deletedBy ?? []), ...parts.deletedBy]),
    owners: both(batch.owners, parts.owners),
    risks: both(batch.risks, parts.risks),
    riskless: both(batch.riskless, parts.riskless),
  };
}
