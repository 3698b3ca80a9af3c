import { type Analysis, arrayAt, get, isObject, objectAt } from '@bulwark/core';

const RESOURCE_QUOTA = 'ResourceQuota';

/** An amount that every container of a namespace has to state. */
export interface QuotaDemand {
  readonly field: 'limits' | 'requests';
  readonly name: 'cpu' | 'memory';
  /** The quota that wants it. */
  readonly quota: string;
}

/** What a quota can count only where every container states it: `cpu` is another name for `requests.cpu`. */
const COUNTED = /^(?:(requests|limits)\.)?(cpu|memory)$/;

/** What the quotas of every namespace demand. */
export interface QuotaDemands {
  of(namespace: string): readonly QuotaDemand[];
}

const NOTHING: readonly QuotaDemand[] = [];
function demandOf(key: string, quota: string): QuotaDemand | undefined {
  const [, field, name] = COUNTED.exec(key) ?? [];
  if (name !== 'cpu' && name !== 'memory') return undefined;
  return { field: field === 'limits' ? 'limits' : 'requests', name, quota };
}

/**
 * The amounts that ResourceQuotas oblige every container to state (the quota evaluator for pods). A quota with scopes
 * holds for some pods only and is left out. Cost: linear in quotas.
 */
export const quotaDemands: Analysis<QuotaDemands> = {
  id: 'quota-demands',
  reads: [RESOURCE_QUOTA],
  compute(world) {
    const byNamespace = new Map<string, Map<string, QuotaDemand>>();
    for (const { namespace, name: quota, object } of world.list(RESOURCE_QUOTA)) {
      const spec = objectAt(object, 'spec');
      if ((arrayAt(spec, 'scopes') ?? []).length > 0 || isObject(get(spec, 'scopeSelector'))) continue;
      const demands = byNamespace.get(namespace) ?? new Map<string, QuotaDemand>();
      byNamespace.set(namespace, demands);
      for (const key of Object.keys(objectAt(spec, 'hard') ?? {})) {
        const demand = demandOf(key, quota);
        if (demand !== undefined) demands.set(`${demand.field}.${demand.name}`, demand);
      }
    }
    const listed = new Map(
      [...byNamespace].map(([namespace, demands]) => [namespace, [...demands.values()]]),
    );
    return { of: (namespace) => listed.get(namespace) ?? NOTHING };
  },
};
