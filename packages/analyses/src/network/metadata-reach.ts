import { type Analysis, labelsOf, oncePerObject, type Resource, type Workload } from '@bulwark/core';
import { networkPolicies } from './policies.ts';
import { allowsAddress, allowsPort, rulesOf } from './policy-rules.ts';

/** Where clouds answer a machine's questions about itself, its credentials among them: all large ones, and AWS by IPv6. */
const ADDRESSES = ['169.254.169.254', 'fd00:ec2::254'] as const;

/** Whether pods can connect to the metadata service of the cloud that their node runs in. */
export interface MetadataReach {
  /** Unknown where policies decide that are recognised, not evaluated. */
  readonly answer: 'yes' | 'no' | 'unknown';
  /** The address that they can connect to, or may; of several the first. */
  readonly address: (typeof ADDRESSES)[number];
  /** Why, in words that follow a colon. */
  readonly reason: string;
  /** The policies that decide it. */
  readonly objects: readonly Resource[];
}

/** The address that policies let pods connect to, and the policy that does. */
interface Door {
  readonly address: MetadataReach['address'];
  readonly policy: Resource;
}

/**
 * Whether pods reach the metadata service, as far as policies of the cluster tell: nodes and clouds may block it as well.
 * Cost: a list of policies, once for each list.
 */
export const metadataReach: Analysis<{ of(workload: Workload, namespace: string): MetadataReach }> = {
  id: 'metadata-reach',
  reads: [networkPolicies],
  compute(world) {
    const index = world.get(networkPolicies);
    return {
      of({ spec, metadata }, namespace) {
        if (spec['hostNetwork'] === true) return ON_HOST;
        const policies = index.selecting(namespace, labelsOf(metadata), 'egress');
        const door = doorAmong(policies);
        if (policies.length > 0 && door === undefined) return closed(policies);
        const others = index.otherPolicies(namespace);
        const { address } = door ?? OPEN;
        if (others.length > 0) return { answer: 'unknown', address, reason: NOT_EVALUATED, objects: others };
        if (door === undefined) return OPEN;
        const reason = `the network policy ${door.policy.name} allows it`;
        return { answer: 'yes', address, reason, objects: [door.policy] };
      },
    };
  },
};

const [ADDRESS] = ADDRESSES;
const NOT_EVALUATED = 'policies of other kinds than NetworkPolicy may decide it, and are not evaluated';
const OPEN: MetadataReach = {
  answer: 'yes',
  address: ADDRESS,
  reason: 'no network policy limits where they connect to',
  objects: [],
};
const ON_HOST: MetadataReach = {
  ...OPEN,
  reason: "network policies do not hold for pods in their node's network",
};

const doorAmong = oncePerObject((policies: readonly Resource[]): Door | undefined => {
  for (const address of ADDRESSES) {
    const policy = policies.find((each) => letsThrough(each, address));
    if (policy !== undefined) return { address, policy };
  }
  return undefined;
});

function letsThrough(policy: Resource, address: string): boolean {
  return rulesOf(policy).some(
    (rule) =>
      rule.direction === 'egress' && allowsPort(rule, 'TCP', 80, /^$/) && allowsAddress(rule, address),
  );
}

const closed = oncePerObject(
  (policies: readonly Resource[]): MetadataReach => ({
    answer: 'no',
    address: ADDRESS,
    reason: 'none of their network policies allows it',
    objects: policies,
  }),
);
