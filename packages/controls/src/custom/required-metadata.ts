import {
  flagParam,
  get,
  isControlled,
  kindsParam,
  type ObjectView,
  type ParamFault,
  type Path,
  patternParam,
  textParam,
  type Violation,
  type WithParams,
} from '@bulwark/core';
import { whyNotChosen } from './chosen-kinds.ts';
import { fitsExpression } from './expressions.ts';

/** The parameters of a rule that wants a label, or an annotation. */
export function metadataParams(what: 'label' | 'annotation') {
  return {
    key: textParam(`The key of the ${what} that must be there.`, { minimum: 1 }),
    pattern: patternParam(
      'What its value must match; without it any value will do. Write ^ and $ around it to match the whole value.',
      { default: '' },
    ),
    kinds: kindsParam('Which objects need it.', { default: ['workload'] }),
    pods: flagParam('Whether the pod templates in these objects need it as well.', { default: false }),
  } as const;
}

const NAME = /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** A key that the API server accepts nowhere is a slip of the pen: every object would lack it. */
export function whyNotKey({ key }: { readonly key: string }): ParamFault | undefined {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  const isKey = NAME.test(name) && (prefix === undefined || PREFIX.test(prefix)) && more.length === 0;
  return isKey ? undefined : { param: 'key', reason: 'must be a name such as team or example.com/team' };
}

type View = WithParams<ObjectView, ReturnType<typeof metadataParams>>;

/** Why the rule says nothing about an object: it is of another kind, or a controller wrote its metadata. */
export function whyNotRequired(view: View): string | undefined {
  if (isControlled(view.resource)) return 'Its controller made it and writes its metadata.';
  return whyNotChosen(view);
}

/** A violation for the object, and for each of its pod templates where they count, that lacks what is required. */
export function* lacksRequired(view: View, field: 'labels' | 'annotations'): Generator<Violation> {
  const { resource, params, at } = view;
  const templates = params.pods ? resource.workloads.map(({ path }) => path) : [];
  for (const template of [[], ...templates.filter((path) => path.length > 0)]) {
    const path: Path = [...template, 'metadata', field, params.key];
    const state = stateOf(get(resource.object, ...path), params.pattern);
    const place = template.length > 0 ? ' on its pods' : '';
    if (state !== undefined) yield at(path, { key: params.key, state, place });
  }
}

function stateOf(value: unknown, pattern: string): string | undefined {
  if (typeof value !== 'string') return 'lacks';
  return fitsExpression(pattern, value) ? undefined : 'has another value than is asked for in';
}
