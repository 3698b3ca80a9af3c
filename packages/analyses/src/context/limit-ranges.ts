import {
  type Analysis,
  arrayAt,
  type Container,
  get,
  isObject,
  type Json,
  objectAt,
  parseQuantity,
  type Quantity,
} from '@bulwark/core';

const LIMIT_RANGE = 'LimitRange';

/** Amounts by resource name, such as `cpu` and `memory`. */
export type Amounts = ReadonlyMap<string, Quantity>;

/** What a namespace gives to containers that say nothing. */
export interface ContainerDefaults {
  readonly limits: Amounts;
  readonly requests: Amounts;
}

/** The defaults of every namespace. */
export interface LimitRangeDefaults {
  of(namespace: string): ContainerDefaults;
}

const NO_AMOUNTS: Amounts = new Map();
const NO_DEFAULTS: ContainerDefaults = { limits: NO_AMOUNTS, requests: NO_AMOUNTS };

function amounts(value: Json | undefined): Map<string, Quantity> {
  const found = new Map<string, Quantity>();
  if (!isObject(value)) return found;
  for (const [name, amount] of Object.entries(value)) {
    const parsed = parseQuantity(amount);
    if (parsed.ok) found.set(name, parsed.value);
  }
  return found;
}

/** The first amount for a resource stays: what comes later fills gaps only. */
function fill(into: Map<string, Quantity>, from: Amounts): void {
  for (const [name, amount] of from) if (!into.has(name)) into.set(name, amount);
}

/**
 * One `limits` item of type Container with the defaults that the API server adds to it: the limit follows `max`, the
 * request follows the limit and then `min` (SetDefaults_LimitRangeItem).
 */
function containerItem(item: Json): ContainerDefaults {
  const limits = amounts(get(item, 'default'));
  fill(limits, amounts(get(item, 'max')));
  const requests = amounts(get(item, 'defaultRequest'));
  fill(requests, limits);
  fill(requests, amounts(get(item, 'min')));
  return { limits, requests };
}

/**
 * The container defaults of every namespace, as the LimitRanger admission plugin applies them. Several LimitRanges fill
 * each other's gaps in the order of their names; the plugin's own order is not fixed.
 */
export const limitRangeDefaults: Analysis<LimitRangeDefaults> = {
  id: 'limit-range-defaults',
  reads: [LIMIT_RANGE],
  compute(world) {
    const byNamespace = new Map<string, { limits: Map<string, Quantity>; requests: Map<string, Quantity> }>();
    for (const range of world.list(LIMIT_RANGE).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const known = byNamespace.get(range.namespace) ?? { limits: new Map(), requests: new Map() };
      byNamespace.set(range.namespace, known);
      for (const item of arrayAt(range.object, 'spec', 'limits') ?? []) {
        if (get(item, 'type') !== 'Container') continue;
        const { limits, requests } = containerItem(item);
        fill(known.limits, limits);
        fill(known.requests, requests);
      }
    }
    return { of: (namespace) => byNamespace.get(namespace) ?? NO_DEFAULTS };
  },
};

/** An amount, and who set it: the container itself, its own limit standing in for a request, or a LimitRange. */
export interface EffectiveAmount {
  readonly amount: Quantity;
  readonly source: 'container' | 'limit' | 'limit-range';
}

/** A container's limits and requests as they are once it runs. */
export interface EffectiveResources {
  readonly limits: ReadonlyMap<string, EffectiveAmount>;
  readonly requests: ReadonlyMap<string, EffectiveAmount>;
}

function add(into: Map<string, EffectiveAmount>, from: Amounts, source: EffectiveAmount['source']): void {
  for (const [name, amount] of from) if (!into.has(name)) into.set(name, { amount, source });
}

/** A container's resources after the API server's defaults (a limit is also the request) and then the namespace's. */
export function effectiveResources({ spec }: Container, defaults: ContainerDefaults): EffectiveResources {
  const resources = objectAt(spec, 'resources');
  const own = amounts(get(resources, 'limits'));
  const limits = new Map<string, EffectiveAmount>();
  const requests = new Map<string, EffectiveAmount>();
  add(limits, own, 'container');
  add(requests, amounts(get(resources, 'requests')), 'container');
  add(requests, own, 'limit');
  add(limits, defaults.limits, 'limit-range');
  add(requests, defaults.requests, 'limit-range');
  return { limits, requests };
}
