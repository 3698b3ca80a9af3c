import { commandPasswords } from '../command-passwords.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { flagName, holdsSecret, isMapped, nameWithin, REDACTED, wordsBefore } from '../redaction.ts';

/**
 * Maps whose keys name labels, not credentials: what selects must stay equal to what is selected, so their values are
 * redacted only where their form gives them away.
 */
const LABEL_MAPS = /^(?:labels|matchLabels|selector|nodeSelector)$/;

/**
 * A copy of an object in which every text that holds a secret, by its name or its form, is replaced. Parts without any
 * are not copied.
 */
export function redactContent(object: JsonObject): JsonObject {
  return redactObject(object, undefined);
}

/** Stands for what a map of labels is called: its keys name nothing. */
const LABELS = Symbol('labels');
type Name = string | typeof LABELS | undefined;

function redactObject(object: JsonObject, outer: Name): JsonObject {
  let changed: [string, Json | undefined][] | undefined;
  const entries = Object.entries(object);
  for (const [index, [key, value]] of entries.entries()) {
    const redacted = redactAt(object, [key, value], outer);
    if (redacted === value) continue;
    changed ??= [...entries];
    changed[index] = [key, redacted];
  }
  return changed === undefined ? object : Object.fromEntries(changed);
}

function redactAt(
  object: JsonObject,
  [key, value]: readonly [string, Json | undefined],
  outer: Name,
): Json | undefined {
  const isLabel = outer === LABELS;
  if (!isLabel && isMapped(outer, key, value)) return REDACTED;
  const name = isLabel ? undefined : nameWithin(object, key, outer);
  if (isObject(value)) return redactObject(value, LABEL_MAPS.test(key) ? LABELS : name);
  return redactValue(value, name, wordsBefore(object, key));
}

function redactValue(value: Json | undefined, name: string | undefined, before?: Json): Json | undefined {
  if (typeof value === 'string') return isClean(name, value) ? value : REDACTED;
  if (Array.isArray(value)) return redactList(value, name, before);
  return isObject(value) ? redactObject(value, name) : value;
}

function redactList(list: readonly Json[], name: string | undefined, before?: Json): readonly Json[] {
  const passwords = commandPasswords(list, before);
  const redacted = list.map((item, index) =>
    passwords.has(index) ? REDACTED : (redactValue(item, flagName(list[index - 1]) ?? name) ?? null),
  );
  return redacted.some((item, index) => item !== list[index]) ? redacted : list;
}

/** Texts that hold no secret, by their name: most texts of a cluster are there very often, and searching them takes long. */
const clean = new Map<string, Set<string>>();
const MOST_KEPT = 20_000;
const LONGEST_KEPT = 200;
let kept = 0;

function isClean(name = '', value: string): boolean {
  let known = clean.get(name);
  if (known?.has(value) === true) return true;
  if (holdsSecret(name, value)) return false;
  if (name.length + value.length > LONGEST_KEPT) return true;
  if (kept >= MOST_KEPT) {
    clean.clear();
    known = undefined;
    kept = 0;
  }
  if (known === undefined) clean.set(name, new Set([value]));
  else known.add(value);
  kept++;
  return true;
}
