import { defineControl, mayBreak, removeField, workloads } from '@bulwark/core';

export const hostIpc = defineControl({
  id: 'host-ipc',
  aliases: [
    'trivy:KSV-0008',
    'kubescape:C-0038',
    'kubescape:C-0195',
    'kubescape:C-0276',
    'checkov:CKV_K8S_18',
    'kube-linter:host-ipc',
    'polaris:hostIPCSet',
    'kyverno:disallow-host-namespaces',
    'kubesec:HostIPC',
  ],
  title: 'Pods must not share the host IPC namespace',
  problem: "share the host's IPC namespace",
  message: "{resource} shares the host's IPC namespace.",
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'With hostIPC a container reaches the System V and POSIX shared memory, semaphores and message queues of every process of its node. An attacker in it can read or change what databases and other programs keep there.',
  remediation:
    'Remove hostIPC, or set it to false. Processes that must share memory belong in containers of one pod, which share an IPC namespace anyway, or use an emptyDir volume with medium Memory.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://man7.org/linux/man-pages/man7/ipc_namespaces.7.html',
  ],
  attack: ['T1611'],
  fix: removeField(
    mayBreak(
      'A program that shares memory with processes of the node, or with other pods in that way, stops reaching it.',
    ),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    if (spec['hostIPC'] === true) yield at('hostIPC');
  },
});
