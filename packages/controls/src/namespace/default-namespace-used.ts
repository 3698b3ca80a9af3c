import { hasWrittenNamespace } from '@bulwark/analyses';
import { defineControl, type WorkloadView, workloads } from '@bulwark/core';

function whyUnknown({ resource }: WorkloadView): string | undefined {
  if (!hasWrittenNamespace(resource)) return 'The file leaves the namespace to the tool that deploys it.';
  // A chart's namespace is that of its release, for which `default` only stands while it is rendered.
  return resource.origin.kind === 'file' && resource.origin.lines.lineMap !== undefined
    ? 'The text is rendered, and the tool that deploys it decides on the namespace.'
    : undefined;
}

export const defaultNamespaceUsed = defineControl({
  id: 'default-namespace-used',
  aliases: [
    'trivy:KSV-0110',
    'kubescape:C-0061',
    'kubescape:C-0212',
    'checkov:CKV_K8S_21',
    'kube-linter:use-namespace',
    'kyverno:disallow-default-namespace',
  ],
  title: 'Workloads must not run in the namespace default',
  problem: 'run in the namespace default',
  message: '{resource} runs in the namespace default.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Everything that names no namespace lands in default, so workloads of different teams and tests by hand meet there. Rights, quotas, network policies and Pod Security labels are given per namespace and cannot tell them apart.',
  remediation:
    'Give the application a namespace of its own. The namespace of a running workload cannot be changed: deploy it there, move its Services, Secrets and data, and remove it here.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/'],
  attack: [],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyUnknown,
  *evaluate({ resource, workload }) {
    // One finding for an object, however many templates it has.
    if (resource.namespace === 'default' && workload === resource.workloads[0])
      yield { path: ['metadata', 'namespace'], facts: {} };
  },
});
