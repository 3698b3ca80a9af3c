import {
  type Analysis,
  arrayAt,
  canonicalJson,
  compileSelector,
  get,
  type Labels,
  objectAt,
  oncePerObject,
  type Resource,
  type Selector,
  type WorldView,
} from '@bulwark/core';

/** From the pod's point of view. */
export type Direction = 'ingress' | 'egress';

export const NETWORK_POLICY = 'networking.k8s.io/NetworkPolicy';
/** Where NetworkPolicies were served until 1.16. */
const OLD_NETWORK_POLICY = 'extensions/NetworkPolicy';

/** Policies of other kinds, by whether they hold in their namespace only. */
const NAMESPACED_OTHERS = [
  'cilium.io/CiliumNetworkPolicy',
  'crd.projectcalico.org/NetworkPolicy',
  'projectcalico.org/NetworkPolicy',
];
const CLUSTER_OTHERS = [
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'crd.projectcalico.org/GlobalNetworkPolicy',
  'projectcalico.org/GlobalNetworkPolicy',
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'policy.networking.k8s.io/ClusterNetworkPolicy',
];
/** Every kind of policy that is recognised. */
export const POLICY_KINDS = [
  NETWORK_POLICY,
  OLD_NETWORK_POLICY,
  ...NAMESPACED_OTHERS,
  ...CLUSTER_OTHERS,
] as const;

/** A policy that the API server would refuse. */
export interface PolicyProblem {
  readonly policy: Resource;
  readonly message: string;
}

/** Which policies select a pod. */
export interface NetworkPolicyIndex {
  /** The NetworkPolicies that select a pod with these labels and hold in this direction; equal labels, the same list. */
  selecting(namespace: string, labels: Labels, direction: Direction): readonly Resource[];
  /** Whether only what some policy allows reaches, or leaves, such a pod. */
  isolated(namespace: string, labels: Labels, direction: Direction): boolean;
  /** Policies of other kinds that may hold in a namespace; they are recognised, not evaluated. */
  otherPolicies(namespace: string): readonly Resource[];
  /** Policies whose selector is invalid: they select nothing. */
  readonly problems: readonly PolicyProblem[];
}

/**
 * The directions in which a policy isolates the pods that it selects. Without `policyTypes` that is ingress always, and
 * egress when it has at least one egress rule (networking/v1 NetworkPolicySpec).
 */
export function directionsOf(policy: Resource): readonly Direction[] {
  const types = arrayAt(policy.object, 'spec', 'policyTypes') ?? [];
  if (types.length > 0)
    return (['ingress', 'egress'] as const).filter((direction) =>
      types.includes(direction === 'ingress' ? 'Ingress' : 'Egress'),
    );
  const hasEgress = (arrayAt(policy.object, 'spec', 'egress') ?? []).length > 0;
  return hasEgress ? ['ingress', 'egress'] : ['ingress'];
}

interface Compiled {
  readonly policy: Resource;
  readonly selector: Selector;
  readonly directions: readonly Direction[];
}

/**
 * Which NetworkPolicies select which pods: those of the pod's own namespace; an empty or missing `podSelector` selects
 * all of it. Cost of a question, once for the same labels: the policies that demand one of the pod's labels, and those
 * that demand no label.
 */
export const networkPolicies: Analysis<NetworkPolicyIndex> = {
  id: 'network-policies',
  reads: POLICY_KINDS,
  compute: (world) => new Index(world),
};

const NO_POLICIES: readonly Resource[] = [];
/** Each pod is asked about several times. */
const textOf = oncePerObject((labels: Labels) => canonicalJson(labels));

class Index implements NetworkPolicyIndex {
  readonly problems: PolicyProblem[] = [];
  /** By namespace and a label that they demand; under the namespace alone those that demand none. */
  private readonly byLabel = new Map<string, Compiled[]>();
  private readonly namespaces = new Set<string>();
  private readonly asked = new Map<string, readonly Resource[]>();
  private readonly others: WorldView;
  private readonly othersByNamespace = new Map<string, readonly Resource[]>();

  constructor(world: WorldView) {
    this.others = world;
    for (const kind of [NETWORK_POLICY, OLD_NETWORK_POLICY])
      for (const policy of world.list(kind)) this.add(policy);
  }

  selecting(namespace: string, labels: Labels, direction: Direction): readonly Resource[] {
    if (!this.namespaces.has(namespace)) return NO_POLICIES;
    const question = `${namespace}|${direction}|${textOf(labels)}`;
    let found = this.asked.get(question);
    if (found === undefined) {
      found = this.find(namespace, labels, direction);
      this.asked.set(question, found);
    }
    return found;
  }

  private find(namespace: string, labels: Labels, direction: Direction): readonly Resource[] {
    const keys = [namespace, ...Object.entries(labels).map(([key, value]) => `${namespace}|${key}=${value}`)];
    return keys
      .flatMap((key) => this.byLabel.get(key) ?? [])
      .filter(({ selector, directions }) => directions.includes(direction) && selector.matches(labels))
      .map(({ policy }) => policy);
  }

  isolated(namespace: string, labels: Labels, direction: Direction): boolean {
    return this.selecting(namespace, labels, direction).length > 0;
  }

  otherPolicies(namespace: string): readonly Resource[] {
    let found = this.othersByNamespace.get(namespace);
    if (found === undefined) {
      const own = NAMESPACED_OTHERS.flatMap((kind) => this.others.inNamespace(kind, namespace));
      const ofAll = CLUSTER_OTHERS.flatMap((kind) => this.others.list(kind));
      found = [...own, ...ofAll].filter((policy) => !isWithoutRules(policy));
      this.othersByNamespace.set(namespace, found);
    }
    return found;
  }

  private add(policy: Resource): void {
    const spec = objectAt(policy.object, 'spec');
    if (spec === undefined) {
      this.problems.push({ policy, message: 'the policy has no spec' });
      return;
    }
    const selector = compileSelector(get(spec, 'podSelector'), { absent: 'everything' });
    if (!selector.ok) {
      this.problems.push({ policy, message: selector.error.message });
      return;
    }
    this.namespaces.add(policy.namespace);
    const key = policy.namespace + demandedLabel(selector.value);
    const known = this.byLabel.get(key) ?? [];
    known.push({ policy, selector: selector.value, directions: directionsOf(policy) });
    this.byLabel.set(key, known);
  }
}

/** Cilium reads its rules from `spec` and from the list `specs`, and refuses a policy with neither. */
function isWithoutRules({ group, object }: Resource): boolean {
  return (
    group === 'cilium.io' &&
    objectAt(object, 'spec') === undefined &&
    (arrayAt(object, 'specs') ?? []).length === 0
  );
}

function demandedLabel({ requirements }: Selector): string {
  const demanded = requirements.find(({ operator, values }) => operator === 'In' && values.length === 1);
  return demanded === undefined ? '' : `|${demanded.key}=${demanded.values[0] ?? ''}`;
}
