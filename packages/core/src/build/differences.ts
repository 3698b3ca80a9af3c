import { groupOf, isBuiltInGroup } from '../group-kind.ts';
import { isObject, isSameJson, type Json, type JsonObject, objectAt, stringAt } from '../json.ts';
import { formatPath } from '../path.ts';
import { parseQuantity } from '../quantity.ts';
import {
  type Around,
  holdsQuantities,
  isMadeByServer,
  isPodSpec,
  isServerDefault,
  isServerItem,
  isServerList,
  saysNothing,
} from './server-defaults.ts';

/** One place at which a deployed object is not what was written. */
export interface BuildDifference {
  /** For people: `spec.template.spec.containers[app].image`. */
  readonly path: string;
  /** `changed`: another value; `missing`: written and not there; `added`: there, not written, and no default. */
  readonly change: 'changed' | 'missing' | 'added';
}

/**
 * Where a deployed object differs from the manifest that it was applied from. What API servers fill in is no difference,
 * nor are labels and annotations that tools add to the object, nor how many replicas there are. Of kinds that are not
 * built in, whose defaults nobody here knows, only what is added to a pod's specification counts.
 *
 * @param written content of a manifest, of the same kind and name.
 * @param deployed the object as stored, both halves of its content.
 * @returns in the order of the manifest's fields; empty where what runs is what was written.
 */
export function differencesSinceBuild(written: JsonObject, deployed: JsonObject): readonly BuildDifference[] {
  const knowsDefaults = isBuiltInGroup(groupOf(stringAt(written, 'apiVersion') ?? ''));
  const found: BuildDifference[] = [];
  const comparison = new Comparison(found);
  const notes = ['labels', 'annotations'] as const;
  for (const note of notes)
    comparison.written(
      objectAt(written, 'metadata', note) ?? {},
      objectAt(deployed, 'metadata', note) ?? {},
      {
        at: `metadata.${note}`,
        around: [],
        key: note,
        isStrict: false,
      },
    );
  const place = { at: '', around: [], key: '', isStrict: knowsDefaults };
  comparison.objects(withoutIdentity(written), withoutIdentity(deployed), place);
  return found;
}

/** The kind stays, as some defaults hang on it. */
function withoutIdentity({
  apiVersion: _version,
  metadata: _metadata,
  status: _status,
  ...rest
}: JsonObject) {
  return rest;
}

interface Place {
  readonly at: string;
  /** The deployed objects around it. */
  readonly around: Around;
  /** Of the field that holds it. */
  readonly key: string;
  /** Whether what was added counts. */
  readonly isStrict: boolean;
}

class Comparison {
  private readonly found: BuildDifference[];

  constructor(found: BuildDifference[]) {
    this.found = found;
  }

  /** Fields of two objects: those that were written, and those that were not. */
  objects(written: JsonObject, deployed: JsonObject, outer: Place): void {
    const place = { ...outer, isStrict: outer.isStrict || isPodSpec(deployed) };
    this.written(written, deployed, place);
    if (!place.isStrict || place.at.endsWith('metadata.labels')) return;
    for (const [key, value] of Object.entries(deployed))
      if ((own(written, key) ?? null) === null) this.added(key, value, deployed, place);
  }

  /** Only the fields that were written. */
  written(written: JsonObject, deployed: JsonObject, place: Place): void {
    for (const [key, value] of Object.entries(written)) {
      const at = formatPath(written, [key], place.at);
      if (at === 'spec.replicas') continue;
      const there = own(deployed, key);
      const inner = { ...place, at, key, around: [...place.around, deployed] };
      if ((there ?? null) !== null) this.values(value, there, inner);
      else if (!saysNothing(key, value)) this.found.push({ path: at, change: 'missing' });
    }
  }

  private values(written: Json | undefined, deployed: Json | undefined, place: Place): void {
    if (isObject(written) && isObject(deployed)) this.objects(written, deployed, place);
    else if (Array.isArray(written) && Array.isArray(deployed)) this.lists(written, deployed, place);
    else if ((written ?? null) === null) this.added(place.key, deployed, place.around.at(-1) ?? {}, place);
    else if (!isSameJson(written, deployed) && !isSameAmount(written, deployed, place))
      this.found.push({ path: place.at, change: 'changed' });
  }

  private added(key: string, value: Json | undefined, parent: JsonObject, place: Place): void {
    const at = formatPath(parent, [key], place.at);
    if (at === 'spec.replicas') return;
    const around = [...place.around, parent];
    if (isServerDefault(key, value, around)) return;
    if (Array.isArray(value) && isServerList(key, value)) return;
    if (isObject(value) && isMadeByServer(key)) {
      const inner: BuildDifference[] = [];
      new Comparison(inner).objects({}, value, { at, around, key, isStrict: true });
      if (inner.length === 0) return;
    }
    this.found.push({ path: at, change: 'added' });
  }

  private lists(written: readonly Json[], all: readonly Json[], place: Place): void {
    const deployed = all.filter((item) => !isServerItem(place.key, item));
    const names = namesOf(written);
    const namesThere = namesOf(deployed);
    if (names !== undefined && namesThere !== undefined) {
      this.named({ items: written, names }, { items: deployed, names: namesThere }, place);
    } else if (written.length !== deployed.length) this.found.push({ path: place.at, change: 'changed' });
    else for (const [index, item] of written.entries()) this.item(item, deployed, index, place);
  }

  private named(written: NamedItems, deployed: NamedItems, place: Place): void {
    for (const [index, item] of written.items.entries()) {
      const there = deployed.names.indexOf(written.names[index] ?? '');
      if (there >= 0) this.item(item, deployed.items, there, place);
      else this.found.push({ path: formatPath(written.items, [index], place.at), change: 'missing' });
    }
    for (const [index, name] of deployed.names.entries())
      if (place.isStrict && !written.names.includes(name))
        this.found.push({ path: formatPath(deployed.items, [index], place.at), change: 'added' });
    // They run one after the other.
    if (place.key === 'initContainers' && !isSameOrder(written.names, deployed.names))
      this.found.push({ path: place.at, change: 'changed' });
  }

  private item(written: Json, list: readonly Json[], index: number, place: Place): void {
    this.values(written, list[index], { ...place, at: formatPath(list, [index], place.at) });
  }
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

interface NamedItems {
  readonly items: readonly Json[];
  readonly names: readonly string[];
}

function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  return isSameJson(
    a.filter((name) => b.includes(name)),
    b.filter((name) => a.includes(name)),
  );
}

/** The names of a list's items, where each has one of its own. */
function namesOf(list: readonly Json[]): readonly string[] | undefined {
  const names = list.map((item) => stringAt(item, 'name') ?? '');
  return names.includes('') || new Set(names).size < names.length ? undefined : names;
}

function isSameAmount(
  written: Json | undefined,
  deployed: Json | undefined,
  { key, around }: Place,
): boolean {
  const parent = around.at(-1);
  const holder = around.at(-2);
  const isQuantity =
    holdsQuantities(key) ||
    (holder !== undefined &&
      Object.entries(holder).some(([name, value]) => value === parent && holdsQuantities(name)));
  if (!isQuantity) return false;
  const [a, b] = [parseQuantity(written), parseQuantity(deployed)];
  return a.ok && b.ok && a.value.nano === b.value.nano;
}
