import {
  type Json,
  type JsonObject,
  keptOwner,
  keptReason,
  type Labels,
  redactAddress,
  redactContent,
  redactLabels,
  redactSaid,
  redactText,
} from '@bulwark/core';
import { keptAsMade, keptDecision } from '../read/kept-decision.ts';
import type { FindingRow, StoredDecision } from './rows.ts';

/** How what a column holds is masked, and its type. */
export interface Mask {
  readonly type: string;
  readonly of: (value: never) => unknown;
  /** Whether another row of the table may not hold the same, though the two were different before. */
  readonly isUnique?: true;
}

const OBJECT: Mask = { type: 'jsonb', of: (value: JsonObject) => redactContent(value) };
const LABELS: Mask = { type: 'jsonb', of: (value: Labels) => redactLabels(value) };
const SAID: Mask = { type: 'text', of: (value: string) => redactSaid(value) };
const SAID_OF_EACH: Mask = { type: 'text[]', of: (values: readonly string[]) => values.map(redactSaid) };
const TEXT: Mask = { type: 'text', of: (value: string) => redactText(value) };
const TEXTS: Mask = {
  type: 'text[]',
  of: (values: readonly (string | null)[]) => values.map((value) => value && redactText(value)),
};
const ADDRESS: Mask = { type: 'text', of: (value: string) => redactAddress(value) };
const REASON: Mask = { type: 'text', of: (value: string) => keptReason(value) };
const OWNER: Mask = { type: 'text', of: (value: string) => keptOwner(value) };
const DECISION: Mask = { type: 'jsonb', of: (value: StoredDecision) => keptDecision(value) };
const AS_MADE: Mask = {
  type: 'jsonb',
  of: (value: NonNullable<FindingRow['asMade']>) => keptAsMade(value),
};
const EVERY_TEXT: Mask = { type: 'jsonb', of: (value: Json) => masked(value, []) };
/** Who somebody is and where they come from the API server has found out: no client writes that as it likes. */
const ACTOR: Mask = {
  type: 'jsonb',
  of: (value: Json) => masked(value, ['user', 'groups', 'impersonatedBy', 'address']),
};

/** A value with every text in it masked, but what some keys have. */
function masked(value: Json | undefined, names: readonly string[]): Json | undefined {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((each: Json) => masked(each, names) ?? null);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, names.includes(key) ? each : masked(each, names)]),
  );
}

/**
 * What holds texts that others have written, by table and column. Of the rest:
 * - The audit log is never changed, and goes with its age.
 * - Names of objects, containers, kinds and namespaces are what the API server takes for one, and those of people what they sign in by.
 *   Paths of findings are made of them.
 * - What is made anew at each start, or with each finding, holds what this version makes: sums, words, risks, coverage, and whose what is
 *   there now is.
 * - Secrets of channels are sealed, and of tokens and passwords there are hashes.
 */
export const MASKS: Readonly<Record<string, Readonly<Record<string, Mask>>>> = {
  body: { content: OBJECT },
  resource: { instance: OBJECT, labels: LABELS, images: SAID_OF_EACH, pod_images: SAID_OF_EACH },
  resource_past: {
    ...{ instance: OBJECT, labels: LABELS, images: SAID_OF_EACH },
    ...{ team: SAID, environment: SAID },
  },
  change: { actor: ACTOR },
  audit_event: { actor: ACTOR, manager: TEXT },
  finding: { message: TEXT, exception: DECISION, requested: DECISION, as_made: AS_MADE },
  finding_past: {
    ...{ message: TEXT, exception: DECISION, requested: DECISION },
    ...{ team: SAID, environment: SAID },
  },
  counter: { example: TEXT, fixable_example: TEXT },
  object_counter: { example: TEXTS, fixable_example: TEXTS },
  notice: { message: TEXT },
  delivery: { message: EVERY_TEXT, answer: TEXT, recipient: TEXT },
  delivery_item: { message: TEXT },
  build_manifest: { content: OBJECT },
  build_record: { repository: TEXT, ref: TEXT, author: TEXT, run: ADDRESS },
  build_object: { images: SAID_OF_EACH },
  build_image: { name: { ...TEXT, isUnique: true } },
  saved_view: { name: { ...TEXT, isUnique: true }, view: EVERY_TEXT },
  comment: { text: TEXT },
  exception: { reason: { ...REASON, isUnique: true }, owner: OWNER, revoked_because: TEXT, query: TEXT },
};
