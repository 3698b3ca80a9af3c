import { containers, defineControl, get, mayBreak, removeField } from '@bulwark/core';

export const procMountRestricted = defineControl({
  id: 'proc-mount-restricted',
  aliases: [],
  title: 'Containers must keep the default masks of /proc, even in a user namespace',
  problem: 'remove the masks of /proc',
  message: 'Container {container} of {resource} sets procMount to {procMount}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "Runtimes hide parts of /proc that speak about the whole node, such as /proc/kcore and /proc/keys, and make /proc/sys read-only. Without these masks a process sees more of the kernel and can reach switches that were never meant for containers. A user namespace takes away root's rights there, but not the wider view; the restricted level therefore keeps the masks, while the baseline level lets pods with hostUsers: false remove them from Kubernetes 1.35 on.",
  remediation:
    'Remove securityContext.procMount, or set it to Default. Workloads that build containers inside containers need Unmasked; keep them at the baseline level, with hostUsers: false, in a namespace of their own.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
  ],
  attack: ['T1611'],
  kubernetes: { from: 35 },
  fix: removeField(
    mayBreak(
      'A container that runs containers of its own, such as an image builder, can no longer mount /proc in them.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    const value = get(container.spec, 'securityContext', 'procMount') ?? undefined;
    if (value === undefined || value === 'Default') return;
    const procMount = typeof value === 'string' && value !== '' ? value : 'no valid type';
    yield at('securityContext.procMount', { procMount });
  },
});
