import { defineControl, labelsOf, objectAt, stringAt, type WorkloadView, workloads } from '@bulwark/core';
import { CLUSTER_NAMESPACES } from './cluster-namespaces.ts';

/** Labels of what installers and addon managers put there. */
const OF_INSTALLERS = [
  'k8s-app',
  'tier',
  'kubernetes.io/cluster-service',
  'addonmanager.kubernetes.io/mode',
  'kops.k8s.io/managed-by',
  'objectset.rio.cattle.io/hash',
  'eks.amazonaws.com/component',
  'kubernetes.azure.com/managedby',
] as const;

function isOfTheCluster({ resource, workload, spec }: WorkloadView): boolean {
  const labels = { ...labelsOf(workload.metadata), ...labelsOf(objectAt(resource.object, 'metadata')) };
  return (
    OF_INSTALLERS.some((key) => labels[key] !== undefined) ||
    // Node agents and what a cluster cannot do without say so by their priority.
    (stringAt(spec, 'priorityClassName') ?? '').startsWith('system-') ||
    stringAt(workload.metadata, 'annotations', 'kubernetes.io/config.mirror') !== undefined
  );
}

export const systemNamespaceUsed = defineControl({
  id: 'system-namespace-used',
  aliases: ['trivy:KSV-0037'],
  title: "Workloads must not run among the cluster's own components",
  problem: 'run in a namespace that is for the cluster itself',
  message: '{resource} runs in {namespace}, and nothing marks it as a component of the cluster.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'In kube-system lie the secrets and the accounts of the control plane, and policies mostly exempt the namespace. A workload there escapes them, and whoever may change it, or create a pod beside it, can run as an account that holds the cluster.',
  remediation:
    'Deploy it to a namespace of its own. A node agent that has to be here should have the priority class system-node-critical or system-cluster-critical, which marks it.',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces',
    'https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/',
  ],
  attack: ['T1036', 'T1610'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const { resource, workload } = view;
    if (!CLUSTER_NAMESPACES.has(resource.namespace) || workload !== resource.workloads[0]) return;
    if (!isOfTheCluster(view))
      yield { path: ['metadata', 'namespace'], facts: { namespace: resource.namespace } };
  },
});
