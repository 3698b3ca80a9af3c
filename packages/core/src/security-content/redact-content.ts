import { isObject, type Json, type JsonObject } from '../json.ts';
import { flagName, holdsSecret, REDACTED } from '../redaction.ts';

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
  return redactObject(object, false);
}

function redactObject(object: JsonObject, isLabels: boolean): JsonObject {
  const own = typeof object['name'] === 'string' ? object['name'] : undefined;
  let changed: [string, Json | undefined][] | undefined;
  const entries = Object.entries(object);
  for (const [index, [key, value]] of entries.entries()) {
    const name = isLabels ? undefined : key === 'value' ? own : key;
    const redacted = redactValue(value, name, LABEL_MAPS.test(key));
    if (redacted === value) continue;
    changed ??= [...entries];
    changed[index] = [key, redacted];
  }
  return changed === undefined ? object : Object.fromEntries(changed);
}

function redactValue(value: Json | undefined, name: string | undefined, isLabels: boolean): Json | undefined {
  if (typeof value === 'string') return isClean(name, value) ? value : REDACTED;
  if (Array.isArray(value)) return redactList(value, name);
  return isObject(value) ? redactObject(value, isLabels) : value;
}

function redactList(list: readonly Json[], name: string | undefined): readonly Json[] {
  const redacted = list.map(
    (item, index) => redactValue(item, flagName(list[index - 1]) ?? name, false) ?? null,
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
