import {
  type Analysis,
  arrayAt,
  compareQuantity,
  get,
  isObject,
  type Json,
  parseQuantity,
} from '@bulwark/core';
import type { Amounts } from './limit-ranges.ts';

const LIMIT_RANGE = 'LimitRange';

/** What a container's amounts must keep within, by resource. */
export interface ContainerBounds {
  /** The least of each request and limit. */
  readonly min: Amounts;
  /** The most of each request and limit. */
  readonly max: Amounts;
  /** How many times its request a limit may be. */
  readonly ratio: Amounts;
}

/** The bounds of every namespace; undefined where it has none. */
export interface LimitRangeBounds {
  of(namespace: string): ContainerBounds | undefined;
}

type Bounds = {
  readonly [Name in keyof ContainerBounds]: Map<string, NonNullable<ReturnType<Amounts['get']>>>;
};

/** The tightest of several bounds for a resource stays. */
function tighten(into: Bounds, field: keyof Bounds, from: Json | undefined): void {
  if (!isObject(from)) return;
  for (const [name, amount] of Object.entries(from)) {
    const parsed = parseQuantity(amount);
    if (!parsed.ok) continue;
    const known = into[field].get(name);
    const difference = known === undefined ? 0 : compareQuantity(parsed.value, known);
    if (known === undefined || (field === 'min' ? difference > 0 : difference < 0))
      into[field].set(name, parsed.value);
  }
}

/**
 * What the LimitRanger admission plugin demands of every container of a namespace; all LimitRanges must be satisfied.
 * Bounds of whole pods and of volume claims are not among them. Cost: linear in LimitRanges.
 */
export const limitRangeBounds: Analysis<LimitRangeBounds> = {
  id: 'limit-range-bounds',
  reads: [LIMIT_RANGE],
  compute(world) {
    const byNamespace = new Map<string, Bounds>();
    for (const { namespace, object } of world.list(LIMIT_RANGE)) {
      const known: Bounds = byNamespace.get(namespace) ?? {
        min: new Map(),
        max: new Map(),
        ratio: new Map(),
      };
      byNamespace.set(namespace, known);
      for (const item of arrayAt(object, 'spec', 'limits') ?? []) {
        if (get(item, 'type') !== 'Container') continue;
        tighten(known, 'min', get(item, 'min'));
        tighten(known, 'max', get(item, 'max'));
        tighten(known, 'ratio', get(item, 'maxLimitRequestRatio'));
      }
    }
    return { of: (namespace) => byNamespace.get(namespace) };
  },
};
