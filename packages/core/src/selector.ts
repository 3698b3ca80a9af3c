import { isObject, type Json } from './json.ts';
import { err, ok, type Result } from './result.ts';
import type { Labels } from './world.ts';

/** One condition of a selector. `values` is empty for Exists and DoesNotExist. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** A selector that the API server refuses; an object with it cannot exist in a cluster. */
export interface SelectorError {
  readonly message: string;
}

/** A compiled label selector. */
export interface Selector {
  /** All of them must hold. */
  readonly requirements: readonly LabelRequirement[];
  /** No condition: it selects everything. */
  readonly empty: boolean;
  matches(labels: Labels): boolean;
}

/** What a missing selector means; the field that it stands in decides. */
export interface SelectorOptions {
  readonly absent: 'nothing' | 'everything';
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const LONGEST_PREFIX = 253;

/** Whether a text is a label key (qualified name): an optional DNS subdomain and `/`, then up to 63 characters. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return NAME.test(key);
  const prefix = key.slice(0, slash);
  return prefix.length <= LONGEST_PREFIX && PREFIX.test(prefix) && NAME.test(key.slice(slash + 1));
}

/** Whether a text is a label value: empty, or up to 63 characters. */
export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}

function holds({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function toSelector(requirements: readonly LabelRequirement[]): Selector {
  return {
    requirements,
    empty: requirements.length === 0,
    matches: (labels) => requirements.every((requirement) => holds(requirement, labels)),
  };
}

const EVERYTHING = toSelector([]);
const NOTHING: Selector = { requirements: [], empty: false, matches: () => false };

function fault(message: string): { readonly ok: false; readonly error: SelectorError } {
  return err({ message });
}

function absent({ absent: meaning }: SelectorOptions): Result<Selector, SelectorError> {
  return ok(meaning === 'everything' ? EVERYTHING : NOTHING);
}

/**
 * Compiles a label selector (meta/v1 LabelSelector): `matchLabels` and `matchExpressions`, all of which must hold. An
 * empty selector selects everything. NotIn and DoesNotExist hold for objects without the key. Null stands for a missing
 * selector.
 *
 * Cost of a match: the number of conditions and of their values.
 */
export function compileSelector(
  selector: unknown,
  options: SelectorOptions,
): Result<Selector, SelectorError> {
  if (selector === undefined || selector === null) return absent(options);
  if (!isObject(selector)) return fault('the selector is not an object');
  const labels = labelRequirements(selector['matchLabels']);
  if (!labels.ok) return labels;
  const expressions = expressionRequirements(selector['matchExpressions']);
  if (!expressions.ok) return expressions;
  return ok(toSelector([...labels.value, ...expressions.value]));
}

/** Compiles a map of labels as Services and ReplicationControllers have it: every label must be there with its value. */
export function compileMatchLabels(
  labels: unknown,
  options: SelectorOptions,
): Result<Selector, SelectorError> {
  if (labels === undefined || labels === null) return absent(options);
  const requirements = labelRequirements(labels);
  if (!requirements.ok) return requirements;
  return requirements.value.length === 0 ? absent(options) : ok(toSelector(requirements.value));
}

function labelRequirements(labels: unknown): Result<readonly LabelRequirement[], SelectorError> {
  if (labels === undefined || labels === null) return ok([]);
  if (!isObject(labels)) return fault('matchLabels is not an object');
  const found: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const requirement = toRequirement(key, 'In', [value ?? '']);
    if (!requirement.ok) return requirement;
    found.push(requirement.value);
  }
  return ok(found);
}

function expressionRequirements(expressions: unknown): Result<readonly LabelRequirement[], SelectorError> {
  if (expressions === undefined || expressions === null) return ok([]);
  if (!Array.isArray(expressions)) return fault('matchExpressions is not a list');
  const found: LabelRequirement[] = [];
  for (const expression of expressions) {
    if (!isObject(expression)) return fault('an expression is not an object');
    const values = expression['values'] ?? [];
    if (!Array.isArray(values)) return fault('the values of an expression are not a list');
    const requirement = toRequirement(expression['key'], expression['operator'], values);
    if (!requirement.ok) return requirement;
    found.push(requirement.value);
  }
  return ok(found);
}

function toRequirement(
  key: Json | undefined,
  operator: Json | undefined,
  given: readonly Json[],
): Result<LabelRequirement, SelectorError> {
  if (typeof key !== 'string' || !isLabelKey(key))
    return fault(`${JSON.stringify(key ?? null)} is not a label key`);
  const values = given.filter((value) => typeof value === 'string');
  if (values.length < given.length || !values.every(isLabelValue))
    return fault(`a value for ${key} is not a label value`);
  if (operator === 'In' || operator === 'NotIn')
    return values.length === 0 ? fault(`${operator} of ${key} needs values`) : ok({ key, operator, values });
  if (operator === 'Exists' || operator === 'DoesNotExist')
    return values.length > 0 ? fault(`${operator} of ${key} takes no values`) : ok({ key, operator, values });
  return fault(`the operator of ${key} is none of In, NotIn, Exists, DoesNotExist`);
}
