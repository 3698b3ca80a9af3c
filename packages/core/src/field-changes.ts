import { canonicalJson, isObject, isSameJson, type Json, type JsonObject } from './json.ts';
import { formatPath, type Path } from './path.ts';

/** One field that two versions of an object do not have in common. */
export interface FieldChange {
  /** For people: `spec.template.spec.containers[app].image`. */
  readonly path: string;
  /** Undefined where the version has no such field. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * What is different between two versions of an object, as few and as small fields as say it. List items are the same by name
 * where all have one; others by their content, and what is left of them in order. A list that only has another order is
 * one change. None exactly where the versions say the same.
 */
export function fieldChanges(before: JsonObject, after: JsonObject): FieldChange[] {
  return [...differences({ from: [], to: [], before, after })].map(({ from, to, ...values }) => ({
    path: values.after === undefined ? formatPath(before, from) : formatPath(after, to),
    ...values,
  }));
}

/** Two values that stand for each other, and where each is. */
interface Place {
  readonly from: Path;
  readonly to: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function* differences(place: Place): Generator<Place> {
  const { before, after } = place;
  if (before === undefined || after === undefined) {
    if (before !== after) yield place;
    return;
  }
  if (isSameJson(before, after)) return;
  let isSmaller = false;
  for (const inner of partsOf(place))
    for (const difference of differences(inner)) {
      isSmaller = true;
      yield difference;
    }
  if (!isSmaller) yield place;
}

/** The fields of two mappings, or the items of two lists; none of anything else. */
function partsOf({ from, to, before, after }: Place): Place[] {
  if (Array.isArray(before) && Array.isArray(after))
    return pairsOf(before, after).map(([a, b]) => ({
      from: [...from, a ?? before.length],
      to: [...to, b ?? after.length],
      before: a === undefined ? undefined : before[a],
      after: b === undefined ? undefined : after[b],
    }));
  if (!isObject(before) || !isObject(after)) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
    from: [...from, key],
    to: [...to, key],
    before: own(before, key),
    after: own(after, key),
  }));
}

type Pair = readonly [before: number | undefined, after: number | undefined];

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Which items of two lists are the same one. */
function pairsOf(before: readonly Json[], after: readonly Json[]): readonly Pair[] {
  const [old, fresh] = [byName(before), byName(after)];
  if (old !== undefined && fresh !== undefined)
    return [...new Set([...old.keys(), ...fresh.keys()])].map((name) => [old.get(name), fresh.get(name)]);
  const places = new Map<string, number[]>();
  for (const [index, item] of before.entries()) {
    const text = canonicalJson(item);
    const known = places.get(text);
    if (known === undefined) places.set(text, [index]);
    else known.push(index);
  }
  const left = [...after.keys()].filter(
    (index) => places.get(canonicalJson(after[index] ?? null))?.shift() === undefined,
  );
  const gone = [...places.values()].flat().sort((a, b) => a - b);
  const longer = Math.max(left.length, gone.length);
  return Array.from({ length: longer }, (_each, index) => [gone[index], left[index]]);
}

/** The items of a list by name; undefined where one has none, or two have the same. */
function byName(list: readonly Json[]): ReadonlyMap<string, number> | undefined {
  const places = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const name = isObject(item) ? own(item, 'name') : undefined;
    if (typeof name !== 'string' || places.has(name)) return undefined;
    places.set(name, index);
  }
  return places;
}
