import { networkPolicies } from '@bulwark/analyses';
import {
  type Analysis,
  defineControl,
  labelsOf,
  oncePerObject,
  type Resource,
  type WorkloadView,
  workloads,
} from '@bulwark/core';
import { whyOthersDecide, whyUnpoliced } from './policed-pods.ts';
import { allowsAddress, allowsPort, rulesOf } from './policy-rules.ts';

/** Where the large clouds answer a machine's questions about itself, its credentials among them. */
const METADATA_SERVICE = '169.254.169.254';

/** Of policies the first that lets pods reach the metadata service. Cost: a list of policies, once for each list. */
const metadataDoors: Analysis<{ among(policies: readonly Resource[]): Resource | undefined }> = {
  id: 'metadata-doors',
  reads: [networkPolicies],
  compute: () => ({
    among: oncePerObject((policies: readonly Resource[]) => policies.find(letsThrough)),
  }),
};

function letsThrough(policy: Resource): boolean {
  return rulesOf(policy).some(
    (rule) =>
      rule.direction === 'egress' &&
      allowsPort(rule, 'TCP', 80, /^$/) &&
      allowsAddress(rule, METADATA_SERVICE),
  );
}

/** What lets the pod reach the metadata service, in words; undefined when nothing does. */
function wayOut({ resource, workload, world }: WorkloadView): string | undefined {
  const index = world.get(networkPolicies);
  const policies = index.selecting(resource.namespace, labelsOf(workload.metadata), 'egress');
  if (policies.length === 0) return 'no network policy limits where they connect to';
  const open = world.get(metadataDoors).among(policies);
  return open && `the network policy ${open.name} allows it`;
}

export const metadataApiReachable = defineControl({
  id: 'metadata-api-reachable',
  aliases: ['kubescape:C-0052'],
  title: "Pods must not reach the cloud's instance metadata",
  problem: "may reach the cloud's instance metadata",
  message: 'The pods of {resource} may connect to 169.254.169.254: {reason}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "On a cloud machine this address hands out the node's credentials and start-up data. A flaw that makes a pod fetch a URL is then enough to act as the node, to pull images and often to join the cluster.",
  remediation:
    'Select the pods with an egress policy that names their destinations. A rule for the internet needs 169.254.169.254/32 in except. Block the address on the node as well, or require session tokens with a hop limit of 1. Off the cloud, switch this control off.',
  references: [
    'https://kubernetes.io/docs/tasks/administer-cluster/securing-a-cluster/#restricting-cloud-metadata-api-access',
  ],
  attack: ['T1552.005'],
  appliesTo: workloads,
  looks: 'world',
  reads: [networkPolicies, metadataDoors],
  notApplicable(view) {
    const reason = whyUnpoliced(view);
    if (reason !== undefined || wayOut(view) === undefined) return reason;
    return whyOthersDecide(view, view.resource.namespace);
  },
  *evaluate(view) {
    const reason = wayOut(view);
    if (reason !== undefined) yield view.atMetadata('labels', { reason });
  },
});
