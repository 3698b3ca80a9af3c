import { allowsPort, networkPolicies, type PolicyRule, rulesOf } from '@bulwark/analyses';
import {
  type Analysis,
  defineControl,
  labelsOf,
  oncePerObject,
  type Resource,
  workloads,
} from '@bulwark/core';
import { whyUnpoliced } from './policed-pods.ts';

/** Names that the ports of cluster DNS servers have. */
const DNS_PORT_NAME = /^(dns|domain)/;

/** Whether policies let their pods connect by name, but not ask for the names. Cost: as many as they are, once for each list. */
const namelessEgress: Analysis<{ is(policies: readonly Resource[]): boolean }> = {
  id: 'nameless-egress',
  reads: [networkPolicies],
  compute: () => ({ is: oncePerObject(forgetDns) }),
};

function forgetDns(policies: readonly Resource[]): boolean {
  const rules = policies
    .flatMap((policy) => rulesOf(policy))
    .filter(({ direction }) => direction === 'egress');
  return rules.some(needsNames) && !rules.some((rule) => allowsPort(rule, 'UDP', 53, DNS_PORT_NAME));
}

/** Whether a rule leads to something that is found by its name. */
function needsNames({ peers }: PolicyRule): boolean {
  return peers === undefined || peers.some(({ spec }) => (spec['ipBlock'] ?? undefined) === undefined);
}

export const networkPolicyDnsEgress = defineControl({
  id: 'network-policy-dns-egress',
  aliases: [],
  title: 'Pods that may connect to others must be allowed to ask DNS',
  problem: 'may connect to others, but not ask DNS for their addresses',
  message: 'The network policies of {resource} allow connections, but not DNS on UDP port 53.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'An egress policy blocks DNS unless a rule allows it. The pods cannot look up the services that they are allowed to reach, and the quick remedy is often a rule that allows everything.',
  remediation:
    'Allow UDP and TCP port 53 to the DNS pods of kube-system for all pods of the namespace. Pods that use addresses only can be exempted.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [networkPolicies, namelessEgress],
  notApplicable(view) {
    const policy = view.spec['dnsPolicy'];
    if (policy === 'None' || policy === 'Default') return 'The pod does not ask the DNS of the cluster.';
    return whyUnpoliced(view);
  },
  *evaluate({ resource, workload, world, atMetadata }) {
    const labels = labelsOf(workload.metadata);
    const policies = world.get(networkPolicies).selecting(resource.namespace, labels, 'egress');
    if (world.get(namelessEgress).is(policies)) yield atMetadata('labels');
  },
});
