import { parseFieldPath } from './field-path.ts';
import { canonicalJson, isObject, type Json } from './json.ts';
import { compareQuantity, parseQuantity } from './quantity.ts';
import { RegularExpression } from './regular-expression.ts';

/**
 * What a parameter's value is: `texts` is a list of texts, `pattern` a regular expression, `path` a field path, `quantity`
 * an amount such as 2 or 1Gi, or null for none, `amounts` such amounts by name, `kinds` a list of kinds of objects, `value`
 * anything.
 */
export type ParamType =
  | 'integer'
  | 'number'
  | 'text'
  | 'texts'
  | 'flag'
  | 'pattern'
  | 'path'
  | 'quantity'
  | 'amounts'
  | 'kinds'
  | 'value';

/** A parameter of a control: what a team may set in its configuration. */
export interface Param<T extends Json = Json> {
  readonly type: ParamType;
  readonly description: string;
  /** Missing where only a team can know the value: until it is set, the control's verdict is `not-checked`. */
  readonly default?: T;
  /** Of a number, or of the length of a list or text. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** The only texts that a text may be, or that a list of texts may hold. */
  readonly choices?: readonly string[];
}

/** A control's parameters by name, in camel case. */
export type Params = Readonly<Record<string, Param>>;

/** The values that a control with these parameters gets. */
export type ParamValues<P extends Params> = {
  readonly [Name in keyof P]: P[Name] extends Param<infer T> ? T : never;
};

type Options<T extends Json> = Pick<Param<T>, 'default' | 'minimum' | 'maximum' | 'choices'>;

/** A whole number. */
export function integerParam(description: string, options: Options<number> = {}): Param<number> {
  return { type: 'integer', description, ...options };
}

/** A number, fractions included. */
export function numberParam(description: string, options: Options<number> = {}): Param<number> {
  return { type: 'number', description, ...options };
}

/** A text. */
export function textParam(description: string, options: Options<string> = {}): Param<string> {
  return { type: 'text', description, ...options };
}

/** A list of texts. */
export function textsParam(
  description: string,
  options: Options<readonly string[]> = {},
): Param<readonly string[]> {
  return { type: 'texts', description, ...options };
}

/** True or false. */
export function flagParam(description: string, options: Options<boolean> = {}): Param<boolean> {
  return { type: 'flag', description, ...options };
}

/** A regular expression, as `RegularExpression` reads it. */
export function patternParam(description: string, options: Options<string> = {}): Param<string> {
  return { type: 'pattern', description, ...options };
}

/** Which fields a rule is about, as `parseFieldPath` reads it. */
export function pathParam(description: string, options: Options<string> = {}): Param<string> {
  return { type: 'path', description, ...options };
}

/** An amount as Kubernetes writes it, or null for none. */
export function quantityParam(
  description: string,
  options: Pick<Param<string | number | null>, 'default'> = {},
): Param<string | number | null> {
  return { type: 'quantity', description, ...options };
}

/** Amounts by the name of what they are of, such as a resource of containers. */
export function amountsParam(
  description: string,
  options: Pick<Param<Amounts>, 'default'> = {},
): Param<Amounts> {
  return { type: 'amounts', description, ...options };
}

/** Amounts by name, as a configuration writes them. */
export type Amounts = Readonly<Record<string, string | number>>;

/**
 * Kinds of objects: `apps/Deployment`, `Deployment` for the kind of any group, `workload` for whatever has a pod
 * template, `*` for all.
 */
export function kindsParam(
  description: string,
  options: Pick<Param<readonly string[]>, 'default'> = {},
): Param<readonly string[]> {
  return { type: 'kinds', description, minimum: 1, ...options };
}

/** Any value of a manifest. */
export function valueParam(description: string, options: Options<Json> = {}): Param {
  return { type: 'value', description, ...options };
}

const FITS: Readonly<Record<ParamType, { readonly words: string; readonly test: (value: Json) => boolean }>> =
  {
    integer: { words: 'a whole number', test: (value) => Number.isSafeInteger(value) },
    number: { words: 'a number', test: (value) => typeof value === 'number' && Number.isFinite(value) },
    text: { words: 'a text', test: (value) => typeof value === 'string' },
    texts: {
      words: 'a list of texts',
      test: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    },
    flag: { words: 'true or false', test: (value) => typeof value === 'boolean' },
    pattern: { words: 'a regular expression', test: (value) => typeof value === 'string' },
    path: { words: 'a path of fields such as spec.replicas', test: (value) => typeof value === 'string' },
    quantity: {
      words: 'an amount such as 2, 500m or 1Gi',
      test: (value) => value === null || parseQuantity(value).ok,
    },
    amounts: {
      words: 'amounts by name, such as {cpu: 2, memory: 1Gi}',
      test: (value) =>
        isObject(value) &&
        Object.keys(value).length > 0 &&
        Object.values(value).every((amount) => parseQuantity(amount).ok),
    },
    kinds: {
      words: 'a list of kinds such as apps/Deployment, Deployment, workload or *',
      test: (value) =>
        Array.isArray(value) && value.every((item) => typeof item === 'string' && KIND.test(item)),
    },
    value: { words: 'a value', test: () => true },
  };

const KIND = /^(?:\*|workload|(?:[a-z0-9][a-z0-9.-]*\/)?[A-Z][A-Za-z0-9]*)$/;

/** Why a value does not fit a parameter, in words that follow its name; undefined when it does. */
export function whyNotParam(param: Param, value: Json): string | undefined {
  const { words, test } = FITS[param.type];
  if (!test(value)) return `must be ${words}, not ${canonicalJson(value).slice(0, 60)}`;
  return whyNotText(param, value) ?? whyNotChoice(param, value) ?? whyNotSize(param, value);
}

/** Texts that are read further. */
function whyNotText({ type }: Param, value: Json): string | undefined {
  if (typeof value !== 'string') return undefined;
  const read = type === 'path' ? parseFieldPath(value) : type === 'pattern' && RegularExpression.parse(value);
  if (read === false || read.ok) return undefined;
  return `must be ${type === 'path' ? 'a path of fields' : 'a regular expression'}: ${read.error.message}`;
}

function whyNotChoice({ choices }: Param, value: Json): string | undefined {
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  const wrong = items.find((item) => choices?.some((choice) => choice === item) === false);
  if (wrong === undefined) return undefined;
  return `must be ${Array.isArray(value) ? 'of' : 'one of'} ${choices?.join(', ')}, not ${canonicalJson(wrong).slice(0, 60)}`;
}

function whyNotSize({ minimum, maximum }: Param, value: Json): string | undefined {
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : value;
  if (typeof size !== 'number') return undefined;
  const counted = size === value ? '' : Array.isArray(value) ? ' items' : ' characters';
  if (minimum !== undefined && size < minimum) return `must be at least ${minimum}${counted}`;
  if (maximum !== undefined && size > maximum) return `must be at most ${maximum}${counted}`;
  return undefined;
}

/** A parameter whose value does not go with the others, and why, in words that follow its name. */
export interface ParamFault {
  readonly param: string;
  readonly reason: string;
}

/** What is wrong with the ends of a range, of which each may be missing. */
export function whyNotRange({
  minimum,
  maximum,
}: {
  readonly minimum: string | number | null;
  readonly maximum: string | number | null;
}): ParamFault | undefined {
  const [least, most] = [parseQuantity(minimum), parseQuantity(maximum)];
  if (!least.ok || !most.ok || compareQuantity(least.value, most.value) <= 0) return undefined;
  return { param: 'maximum', reason: `must not be below the minimum, which is ${minimum}` };
}
