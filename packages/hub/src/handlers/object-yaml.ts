import { isObject, type Json, type JsonObject } from '@bulwark/core';
import { dump } from 'js-yaml';

/** The order in which people read an object. */
const FIRST = [
  'apiVersion',
  'kind',
  'metadata',
  'type',
  'spec',
  'rules',
  'roleRef',
  'subjects',
  'data',
  'status',
];

/** An object as YAML, secrets already redacted, and the line of a path such as `spec.containers[app].image`. */
export function objectYaml(stored: JsonObject, path?: string): { text: string; line: number | null } {
  const object = ordered(stored);
  const text = textOf(object);
  if (path === undefined || path === '') return { text, line: null };
  const steps = stepsOf(object, path);
  return { text, line: steps.length === 0 ? null : lineOf(object, steps) };
}

function textOf(value: Json): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}

function ordered(object: JsonObject): JsonObject {
  const rank = (key: string): number => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => rank(a) - rank(b)));
}

/** Takes a printed path apart, as far as it leads into the object: keys, and items by name or number. */
function stepsOf(root: JsonObject, path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  let value: Json | undefined = root;
  for (const [, key, quoted, item] of path.matchAll(
    /(?:^|\.)([^.[\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]/g,
  )) {
    const step = key ?? (quoted === undefined ? undefined : (JSON.parse(`"${quoted}"`) as string));
    const next: string | number | undefined = step ?? placeOf(value, item ?? '');
    if (next === undefined) break;
    const inner: Json | undefined = Array.isArray(value)
      ? typeof next === 'number'
        ? value[next]
        : undefined
      : isObject(value)
        ? value[String(next)]
        : undefined;
    if (inner === undefined) break;
    steps.push(next);
    value = inner;
  }
  return steps;
}

function placeOf(list: Json | undefined, item: string): number | undefined {
  if (!Array.isArray(list)) return undefined;
  const byName = list.findIndex((each) => isObject(each) && each['name'] === item);
  if (byName >= 0) return byName;
  return /^\d+$/.test(item) && Number(item) < list.length ? Number(item) : undefined;
}

/** The line of a node: those that everything before it takes. A printer writes each part as it writes the whole. */
function lineOf(root: JsonObject, steps: readonly (string | number)[]): number {
  let line = 1;
  let value: Json = root;
  for (const [depth, step] of steps.entries()) {
    const entries: [string | number, Json | undefined][] = Array.isArray(value)
      ? value.map((item, index) => [index, item] as [number, Json])
      : Object.entries(value as JsonObject);
    for (const [key, item] of entries) {
      if (key === step) break;
      line += linesOf(key, item);
    }
    const inner = entries.find(([key]) => key === step)?.[1];
    if (depth === steps.length - 1 || inner === undefined) break;
    value = inner;
    // A mapping or list below a key begins on the next line; one in a list begins on its dash.
    if (typeof step === 'string') line++;
  }
  return line;
}

function linesOf(key: string | number, item: Json | undefined): number {
  const part: Json = typeof key === 'number' ? [item ?? null] : { [key]: item ?? null };
  return textOf(part).split('\n').length - 1;
}
