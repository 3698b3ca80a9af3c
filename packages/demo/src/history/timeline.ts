import { canonicalJson, type JsonObject } from '@bulwark/core';
import { appObjects, keyOf, type WrittenShop } from '../shop/units.ts';
import type { DemoActor } from './actors.ts';
import type { AppEdit, Edit, ObjectEdit } from './edit.ts';

/** What one edit did to one object. */
export interface WrittenChange {
  readonly at: number;
  readonly actor: DemoActor;
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** What was written at the beginning, and every change since, oldest first. */
export interface WrittenTimeline {
  readonly start: ReadonlyMap<string, JsonObject>;
  readonly changes: readonly WrittenChange[];
}

/** Goes back from the shop as it is to what it was before the first edit. */
export function writtenTimeline(shop: WrittenShop, edits: readonly Edit[]): WrittenTimeline {
  const start = new Map<string, JsonObject>(shop.objects);
  const changes: WrittenChange[] = [];
  const latestFirst = edits.toSorted((a, b) => b.at - a.at);
  const appEdits = latestFirst.filter(isAppEdit);
  for (const [name, placed] of shop.apps) {
    let after = appObjects(placed, shop.callers);
    let spec: typeof placed.app | undefined = placed.app;
    for (const edit of appEdits.filter(({ app }) => app === name)) {
      spec = edit.undo(spec);
      const before = spec === undefined ? [] : appObjects({ ...placed, app: spec }, shop.callers);
      changes.push(...differences(before, after, edit));
      after = before;
    }
    for (const object of after) start.set(keyOf(object), object);
  }
  for (const edit of latestFirst.filter(isObjectEdit)) {
    const after = start.get(edit.object);
    const before = edit.undo(after);
    changes.push({ at: edit.at, actor: edit.actor, key: edit.object, before, after });
    if (before === undefined) start.delete(edit.object);
    else start.set(edit.object, before);
  }
  return { start, changes: changes.sort((a, b) => a.at - b.at) };
}

function isObjectEdit(edit: Edit): edit is ObjectEdit {
  return 'object' in edit;
}

function isAppEdit(edit: Edit): edit is AppEdit {
  return 'app' in edit;
}

function differences(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  { at, actor }: AppEdit | ObjectEdit,
): WrittenChange[] {
  const old = new Map(before.map((object) => [keyOf(object), object]));
  const fresh = new Map(after.map((object) => [keyOf(object), object]));
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((key) => ({ at, actor, key, before: old.get(key), after: fresh.get(key) }))
    .filter((change) => canonicalJson(change.before) !== canonicalJson(change.after));
}
