import { contentHash, redactContent, stringAt } from '@bulwark/core';
import { objectsOf, type ResourceRow, type Store, scopeOf } from '@bulwark/store';
import { groupBy } from '../handlers/group-by.ts';
import { type PersistOptions, persist } from './persist.ts';
import { idOf, type StoredRows } from './stored-rows.ts';

export interface MaskedAnewParts extends PersistOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly stored: Pick<StoredRows, 'has'>;
}

const READ_AT_ONCE = 500;

/**
 * Marks rows that differ from what is stored only by what this version masks and the one before did not: nobody changed these objects.
 * To be asked of the first rows after a start. Cost: the content of those that differ, some hundred at a time.
 */
export async function withoutMaskedAnew(
  rows: readonly ResourceRow[],
  parts: MaskedAnewParts,
): Promise<readonly ResourceRow[]> {
  const known = rows.filter((row) => row.isFirst !== true && parts.stored.has(row));
  const byKind = groupBy(known, ({ kind }) => kind);
  const before = new Map<string, string>();
  for (const [kind, differing] of byKind)
    for (let from = 0; from < differing.length; from += READ_AT_ONCE) {
      const names = differing.slice(from, from + READ_AT_ONCE).map(({ name }) => name);
      for (const [id, hash] of await maskedHashes(parts, kind, names)) before.set(id, hash);
    }
  return rows.map((row) =>
    before.get(idOf(row)) === `${row.uid} ${row.bodyHash}` ? { ...row, isFirst: true } : row,
  );
}

async function maskedHashes(
  { store, cluster, ...waiting }: MaskedAnewParts,
  kind: string,
  names: readonly string[],
): Promise<readonly (readonly [id: string, hash: string])[]> {
  const scope = scopeOf({ clusters: [cluster], namespaces: 'all' });
  const objects = await persist(waiting, () =>
    objectsOf(store, scope, { cluster, kinds: [kind], names: [...new Set(names)] }),
  );
  return objects.flatMap((object) => {
    const { body, instance } = object;
    const masked = contentHash(redactContent(body));
    // Of what is masked as it was something else differs, such as the node of a pod.
    if (masked === contentHash(body)) return [];
    return [[idOf(object), `${stringAt(instance, 'metadata', 'uid')} ${masked}`] as const];
  });
}
