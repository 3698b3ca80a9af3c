import { get, isObject, type Json } from './json.ts';
import type { Path } from './path.ts';
import { err, ok, type Result } from './result.ts';

/** One step of a field path: a key, every item, the item at an index, or the items with a name. */
export type FieldStep =
  | { readonly by: 'key'; readonly key: string }
  | { readonly by: 'every' }
  | { readonly by: 'index'; readonly index: number }
  | { readonly by: 'name'; readonly name: string };

/** Which fields of an object a rule is about. */
export type FieldPath = readonly FieldStep[];

/** A text that is no field path; the message says where it goes wrong and what to write. */
export interface FieldPathError {
  readonly message: string;
}

/** A field that a path leads to. `value` is undefined where the object lacks it, or has null. */
export interface Field {
  readonly path: Path;
  readonly value: Json | undefined;
}

const KEY = /[^.[\]"'\s*/]+/y;
const QUOTED = /\[("(?:[^"\\]|\\.)*"|'[^']*')\]/y;
const EVERY = /\[\*\]/y;
const ITEM = /\[([\w.-]+)\]/y;
const LONGEST = 1000;

/**
 * Reads a field path, in the form in which findings print theirs: keys with dots between them
 * (`spec.template.spec.priorityClassName`), a key with other characters in brackets and quotes
 * (`metadata.labels["example.com/team"]`), `[*]` for every item of a list or value of a mapping, `[0]` for an item by its
 * index, `[app]` for those with a name.
 */
export function parseFieldPath(text: string): Result<FieldPath, FieldPathError> {
  if (text === '') return fault(0, 'the path is empty');
  if (text.length > LONGEST) return fault(LONGEST, 'the path is too long');
  const steps: FieldStep[] = [];
  let at = 0;
  while (at < text.length) {
    const isDot = text[at] === '.';
    if (isDot && steps.length === 0) return fault(at, 'a path starts with a key, without a dot before it');
    const wantsKey = isDot || (steps.length === 0 && text[at] !== '[');
    const found = wantsKey ? keyAt(text, isDot ? at + 1 : at) : bracketAt(text, at);
    if (!found.ok) return found;
    steps.push(found.value.step);
    at = found.value.end;
  }
  return ok(steps);
}

type Found = Result<{ readonly step: FieldStep; readonly end: number }, FieldPathError>;

function fault(at: number, message: string): { readonly ok: false; readonly error: FieldPathError } {
  return err({ message: `${message} (character ${at + 1})` });
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function keyAt(text: string, at: number): Found {
  const [key] = match(KEY, text, at) ?? [];
  const end = at + (key?.length ?? 0);
  const next = text[end];
  if (next === '*') return fault(end, 'every item is written [*], right after the key');
  if (next === '/') return fault(end, 'a key with a slash is written in brackets: ["example.com/key"]');
  if (key === undefined) return fault(at, 'a key is missing here');
  return ok({ step: { by: 'key', key }, end });
}

function bracketAt(text: string, at: number): Found {
  const [every] = match(EVERY, text, at) ?? [];
  if (every !== undefined) return ok({ step: { by: 'every' }, end: at + every.length });
  const [quoted, literal] = match(QUOTED, text, at) ?? [];
  if (quoted !== undefined && literal !== undefined) {
    const key = unquote(literal);
    if (key === undefined) return fault(at, 'the quoted key cannot be read');
    return ok({ step: { by: 'key', key }, end: at + quoted.length });
  }
  const [item, name] = match(ITEM, text, at) ?? [];
  if (item === undefined || name === undefined)
    return fault(at, 'expected a dot and a key, or one of [*], [0], [name] and ["key"]');
  const step: FieldStep = /^\d+$/.test(name) ? { by: 'index', index: Number(name) } : { by: 'name', name };
  return ok({ step, end: at + item.length });
}

function unquote(literal: string): string | undefined {
  if (literal.startsWith("'")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    // The one way to ask whether the escapes are those of JSON.
    return undefined;
  }
}

/**
 * The fields that a path leads to. A missing key is a field without a value; brackets choose among what is there, so an
 * empty or missing list has none.
 *
 * @throws Error when a key stands where the object has a list: the path lacks brackets, and would never find anything.
 */
export function* fieldsAt(root: Json | undefined, steps: FieldPath, path: Path = []): Generator<Field> {
  const [step, ...rest] = steps;
  if (step === undefined) yield { path, value: root ?? undefined };
  else for (const part of partsOf(root, step)) yield* fieldsAt(get(root, part), rest, [...path, part]);
}

function partsOf(value: Json | undefined, step: FieldStep): readonly (string | number)[] {
  const isList = Array.isArray(value);
  switch (step.by) {
    case 'key':
      if (isList) throw new Error(`there is a list before ${step.key}: write [*] for its items`);
      return [step.key];
    case 'every':
      if (isList) return [...value.keys()];
      return isObject(value) ? Object.keys(value) : [];
    case 'index':
      return isList && step.index < value.length ? [step.index] : [];
    case 'name':
      if (!isList) return [];
      return [...value.entries()]
        .filter(([, item]) => isObject(item) && item['name'] === step.name)
        .map(([index]) => index);
  }
}
