import { containers, defineControl, get, mayBreak, removeField } from '@bulwark/core';

const FIELD = ['securityContext', 'windowsOptions', 'hostProcess'] as const;

export const windowsHostProcess = defineControl({
  id: 'windows-host-process',
  aliases: ['trivy:KSV-0103', 'kubescape:C-0202', 'polaris:hostProcess', 'kyverno:disallow-host-process'],
  title: 'Windows containers must not run as host processes',
  problem: 'run Windows host processes',
  message: 'In {resource}, {where} runs as a process of the Windows host.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A HostProcess container is not a container: it runs directly on the Windows node, with its file system, network and services, often as SYSTEM. An attacker in it owns the node and the credentials of every pod on it.',
  remediation:
    'Remove windowsOptions.hostProcess, or set it to false, at the pod and at its containers. Tasks on the node itself belong in a namespace of their own.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/',
  ],
  attack: ['T1611', 'T1610'],
  fix: removeField(
    mayBreak('A program that manages the Windows node sees an ordinary container in its place.'),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  // The standard judges the field whatever spec.os says, and the pod's own even where all containers override it.
  *evaluate({ spec, workload, container, at }) {
    if (get(spec, ...FIELD) === true)
      yield { path: [...workload.specPath, ...FIELD], facts: { where: 'the pod' } };
    if (get(container.spec, ...FIELD) === true) yield at(FIELD, { where: `container ${container.name}` });
  },
});
