import { metadataReach, networkPolicies } from '@bulwark/analyses';
import { defineControl, type WorkloadView, workloads } from '@bulwark/core';
import { whyOthersDecide, whyUnpoliced } from './policed-pods.ts';

function reachOf({ resource, workload, world }: WorkloadView) {
  return world.get(metadataReach).of(workload, resource.namespace);
}

export const metadataApiReachable = defineControl({
  id: 'metadata-api-reachable',
  aliases: ['kubescape:C-0052'],
  title: "Pods must not reach the cloud's instance metadata",
  problem: "may reach the cloud's instance metadata",
  message: 'The pods of {resource} may connect to {address}: {reason}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "On a cloud machine this address hands out the node's credentials and start-up data. A flaw that makes a pod fetch a URL is then enough to act as the node, to pull images and often to join the cluster.",
  remediation:
    'Select the pods with an egress policy that names their destinations. A rule for the internet needs 169.254.169.254/32 in except, one for all of IPv6 fd00:ec2::254/128. Block the address on the node as well, or require session tokens with a hop limit of 1. Off the cloud, switch this control off.',
  references: [
    'https://kubernetes.io/docs/tasks/administer-cluster/securing-a-cluster/#restricting-cloud-metadata-api-access',
  ],
  attack: ['T1552.005'],
  appliesTo: workloads,
  looks: 'world',
  reads: [networkPolicies, metadataReach],
  notApplicable: (view) =>
    whyUnpoliced(view) ??
    (reachOf(view).answer === 'unknown' ? whyOthersDecide(view, view.resource.namespace) : undefined),
  *evaluate(view) {
    const { answer, address, reason } = reachOf(view);
    if (answer === 'yes') yield view.atMetadata('labels', { address, reason });
  },
});
