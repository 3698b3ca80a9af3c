import { defineControl, mayBreak, removeField, workloads } from '@bulwark/core';

export const hostPid = defineControl({
  id: 'host-pid',
  aliases: [
    'trivy:KSV-0010',
    'kubescape:C-0038',
    'kube-linter:host-pid',
    'checkov:CKV_K8S_17',
    'polaris:hostPIDSet',
  ],
  title: 'Pods must not share the host process namespace',
  problem: "share the host's process namespace",
  message: "{resource} shares the host's process namespace.",
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'With hostPID a container sees every process of its node, can read their environment and files through /proc, and, with the right capability, can trace or kill them. It removes one of the walls between a pod and its node.',
  remediation:
    'Remove hostPID, or set it to false. Node agents that need it belong in a namespace of their own.',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  attack: ['T1611'],
  fix: removeField(
    mayBreak('A program that looks at, traces or signals processes of the node stops finding them.'),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    if (spec['hostPID'] === true) yield at('hostPID');
  },
});
