import {
  type Analysis,
  canonicalJson,
  compileSelector,
  get,
  type LabelRequirement,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { byId } from './by-id.ts';

const ADMIN = 'policy.networking.k8s.io/AdminNetworkPolicy';
const CLUSTER = 'policy.networking.k8s.io/ClusterNetworkPolicy';
/** The kinds whose objects are ordered by a priority. */
export const PRIORITISED_POLICY_KINDS = [ADMIN, CLUSTER] as const;

/** Which prioritised policies have no defined order between them. */
export interface PolicyOrder {
  /** The first other policy of the same tier and priority whose pods may be the same. */
  unorderedWith(policy: Resource): Resource | undefined;
}

function rankOf(policy: Resource): string {
  const tier = stringAt(policy.object, 'spec', 'tier') ?? 'Admin';
  return `${policy.kind}|${tier}|${canonicalJson(get(policy.object, 'spec', 'priority'))}`;
}

/** Every condition that a policy's subject sets, under the selector that sets it. */
function conditionsOf(policy: Resource): ReadonlyMap<string, readonly LabelRequirement[]> {
  const subject = get(policy.object, 'spec', 'subject');
  const fields = [
    ['namespace', get(subject, 'namespaces') ?? get(subject, 'pods', 'namespaceSelector')],
    ['pod', get(subject, 'pods', 'podSelector')],
  ] as const;
  return new Map(
    fields.map(([name, raw]) => {
      const selector = compileSelector(raw, { absent: 'everything' });
      return [name, selector.ok ? selector.value.requirements : []] as const;
    }),
  );
}

/** Whether two lists of conditions cannot hold together: they demand different values of one label. */
function exclude(some: readonly LabelRequirement[], others: readonly LabelRequirement[]): boolean {
  return some.some(
    ({ key, operator, values }) =>
      operator === 'In' &&
      others.some(
        (other) =>
          other.key === key &&
          other.operator === 'In' &&
          !other.values.some((value) => values.includes(value)),
      ),
  );
}

function mayMeet(a: Resource, b: Resource): boolean {
  const [some, others] = [conditionsOf(a), conditionsOf(b)];
  return ['namespace', 'pod'].every((field) => !exclude(some.get(field) ?? [], others.get(field) ?? []));
}

/**
 * Prioritised policies by tier and priority (policy.networking.k8s.io: of two policies of one priority that match the
 * same traffic, either may win). Cost: linear; that of a question, the policies of one priority.
 */
export const policyOrder: Analysis<PolicyOrder> = {
  id: 'policy-order',
  reads: [...PRIORITISED_POLICY_KINDS],
  compute(world) {
    const byRank = new Map<string, Resource[]>();
    for (const policy of PRIORITISED_POLICY_KINDS.flatMap((kind) => world.list(kind))) {
      const known = byRank.get(rankOf(policy));
      if (known === undefined) byRank.set(rankOf(policy), [policy]);
      else known.push(policy);
    }
    for (const policies of byRank.values()) policies.sort(byId);
    return {
      unorderedWith: (policy) =>
        (byRank.get(rankOf(policy)) ?? []).find(
          (other) => other.key !== policy.key && mayMeet(policy, other),
        ),
    };
  },
};
