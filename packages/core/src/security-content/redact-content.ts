import type { JsonObject } from '../json.ts';
import { holdsSecret, REDACTED, type Redaction, redactDeep } from '../redaction.ts';
import type { Labels } from '../world.ts';

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
  return redactDeep(object, CONTENT) as JsonObject;
}

/**
 * A text that an object says of itself, such as an image or a contact, as it may be kept and shown: nothing of one that holds a
 * secret by its form.
 */
export function redactSaid(text: string): string {
  return isClean(undefined, text) ? text : REDACTED;
}

/** Labels of an object, as they may be kept and shown. */
export function redactLabels(labels: Labels): Labels {
  const isShown = Object.values(labels).every((value) => redactSaid(value) === value);
  return isShown
    ? labels
    : Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, redactSaid(value)]));
}

const CONTENT: Redaction = { isClean, isOfLabels: (name) => LABEL_MAPS.test(name) };

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
