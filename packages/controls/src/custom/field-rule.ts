import {
  canonicalJson,
  type FieldPath,
  fieldsAt,
  formatPath,
  type Json,
  kindsParam,
  type ObjectView,
  type Path,
  parseFieldPath,
  pathParam,
  patternParam,
  textParam,
  textsParam,
  valueAt,
  valueParam,
  type WithParams,
} from '@bulwark/core';
import { whyNotChosen } from './chosen-kinds.ts';
import { fitsExpression } from './expressions.ts';

const CONTAINER_TYPES = ['init', 'sidecar', 'regular', 'ephemeral'] as const;

/** The parameters that say which fields a rule is about. */
export function fieldParams(kinds: readonly string[], containerTypes: readonly string[] = CONTAINER_TYPES) {
  return {
    path: pathParam(
      'The field, such as spec.replicas; [*] stands for every item of a list, and a key with dots is written ["example.com/key"].',
    ),
    start: textParam(
      'Where the path starts: at the object, at the spec of each pod template, or at each container.',
      { choices: ['object', 'pod', 'container'], default: 'object' },
    ),
    kinds: kindsParam('Which objects the rule is about.', { default: kinds }),
    containerTypes: textsParam('Which containers the rule is about, where the path starts at containers.', {
      choices: CONTAINER_TYPES,
      minimum: 1,
      default: containerTypes,
    }),
  } as const;
}

/** The parameters that say which values a rule is about. */
export const VALUE_PARAMS = {
  values: valueParam('The values, as a list or a single one; they are compared exactly, types included.', {
    default: [],
  }),
  pattern: patternParam(
    'A regular expression for texts, numbers and flags, which counts beside the values. Write ^ and $ around it to match the whole value.',
    { default: '' },
  ),
} as const;

type View = WithParams<ObjectView, ReturnType<typeof fieldParams>>;

/** A field that a rule is about, and what to call its owner in a message. */
export interface RuleField {
  readonly path: Path;
  readonly value: Json | undefined;
  readonly facts: { readonly owner: string; readonly field: string };
}

/** Why a rule about fields says nothing about an object. */
export function whyNoFields(view: View): string | undefined {
  const { resource, params } = view;
  const reason = whyNotChosen(view);
  if (reason !== undefined || params.start === 'object') return reason;
  if (resource.workloads.length === 0) return 'It has no pod template.';
  const [malformed] = resource.workloads.flatMap((workload) => workload.malformed);
  if (malformed !== undefined) return `${formatPath(resource.object, malformed)} is not what it must be.`;
  return startsOf(view).length > 0 ? undefined : 'It has no containers of these types.';
}

/**
 * Every field that a rule is about.
 *
 * @throws Error when the path cannot be read, or lacks the brackets of a list.
 */
export function* fieldsOf(view: View): Generator<RuleField> {
  const { resource, params } = view;
  const steps = stepsOf(params.path);
  for (const { path: start, owner } of startsOf(view))
    for (const { path, value } of fieldsAt(valueAt(resource.object, start) as Json | undefined, steps))
      yield { path: [...start, ...path], value, facts: { owner, field: params.path } };
}

function startsOf({ resource, params }: View): readonly { readonly path: Path; readonly owner: string }[] {
  const { workloads, kind, name } = resource;
  const owner = `${kind}/${name}`;
  if (params.start === 'object') return [{ path: [], owner }];
  if (params.start === 'pod') return workloads.map(({ specPath }) => ({ path: specPath, owner }));
  return workloads
    .flatMap(({ containers }) => containers)
    .filter(({ type }) => params.containerTypes.includes(type))
    .map((container) => ({ path: container.path, owner: `Container ${container.name} of ${owner}` }));
}

const PARSED = new Map<string, FieldPath>();

/** A configuration holds few paths, and each is asked for on every object. */
function stepsOf(path: string): FieldPath {
  const known = PARSED.get(path);
  if (known !== undefined) return known;
  const parsed = parseFieldPath(path);
  if (!parsed.ok) throw new Error(`the path ${path} cannot be read: ${parsed.error.message}`);
  PARSED.set(path, parsed.value);
  return parsed.value;
}

/** Values as a team names them. */
export interface ChosenValues {
  readonly values: Json;
  readonly pattern: string;
}

/** Whether a team names any values at all. */
export function namesValues({ values, pattern }: ChosenValues): boolean {
  return pattern !== '' || listOf(values).length > 0;
}

/** Whether a value is one of those that a team names. */
export function isNamed({ values, pattern }: ChosenValues, value: Json): boolean {
  const text = canonicalJson(value);
  if (listOf(values).some((item) => canonicalJson(item) === text)) return true;
  return pattern !== '' && typeof value !== 'object' && fitsExpression(pattern, String(value));
}

/** The values that a team names, in words: they come from its configuration, never from an object. */
export function namedValues({ values, pattern }: ChosenValues): string {
  const words = listOf(values).map((item) => canonicalJson(item));
  if (pattern !== '') words.push(`what matches ${pattern}`);
  return words.join(' or ');
}

function listOf(values: Json): readonly Json[] {
  return Array.isArray(values) ? values : [values];
}
