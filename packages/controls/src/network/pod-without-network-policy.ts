import { networkPolicies } from '@bulwark/analyses';
import { defineControl, labelsOf, type WorkloadView, workloads } from '@bulwark/core';
import { whyOthersDecide, whyUnpoliced } from './policed-pods.ts';

/** Whether a NetworkPolicy decides what may reach the pod. */
function isIsolated({ resource, workload, world }: WorkloadView): boolean {
  return world.get(networkPolicies).isolated(resource.namespace, labelsOf(workload.metadata), 'ingress');
}

function whyNotJudged(view: WorkloadView): string | undefined {
  const reason = whyUnpoliced(view);
  if (reason !== undefined || isIsolated(view)) return reason;
  return whyOthersDecide(view, view.resource.namespace);
}

export const podWithoutNetworkPolicy = defineControl({
  id: 'pod-without-network-policy',
  aliases: [
    'kubescape:C-0260',
    'kubescape:C-0030',
    'checkov:CKV2_K8S_6',
    'kube-linter:non-isolated-pod',
    'kube-score:pod-networkpolicy',
    'polaris:missingNetworkPolicy',
  ],
  title: 'Pods must be selected by a network policy for ingress',
  problem: 'are selected by no network policy for ingress',
  message: 'No network policy of namespace {namespace} selects the pods of {resource} for ingress.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Kubernetes lets every pod reach every other pod until a NetworkPolicy selects it. One compromised pod anywhere in the cluster can then try the ports of all the others, those that were never meant to be reached among them.',
  remediation:
    'Add a NetworkPolicy to the namespace that selects all its pods (podSelector: {}) and allows nothing, then one for each workload that allows what it needs. Check that the network plug-in of the cluster enforces policies: not every one does.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    'https://kubernetes.io/docs/concepts/security/multi-tenancy/#network-isolation',
  ],
  attack: ['T1210'],
  appliesTo: workloads,
  looks: 'world',
  reads: [networkPolicies],
  notApplicable: whyNotJudged,
  *evaluate(view) {
    if (!isIsolated(view)) yield view.atMetadata('labels', { namespace: view.resource.namespace });
  },
});
