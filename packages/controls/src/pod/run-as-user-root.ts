import { containers, defineControl, mayBreak, removeField } from '@bulwark/core';
import { judgedSettings, writerOf } from './inherited-settings.ts';
import { isRootHarmless } from './user-namespaces.ts';

export const runAsUserRoot = defineControl({
  id: 'run-as-user-root',
  aliases: ['trivy:KSV-0105', 'kyverno:require-run-as-non-root-user'],
  title: 'Containers must not set runAsUser to 0',
  problem: 'run as root',
  message: 'In {resource}, {where} sets runAsUser to 0, which is root.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "User 0 in a container is user 0 on the node for anything that crosses the boundary: a mounted host directory, a leaked file descriptor, a flaw in the runtime or the kernel. An attacker who takes over such a process starts with the container's capabilities and can rewrite every file in it.",
  remediation:
    'Set runAsUser to a number other than 0, or remove it and use an image that declares a numeric user of its own; give that user the files it must write. A workload that really needs root belongs in a user namespace (hostUsers: false), which the Pod Security Standards accept from Kubernetes 1.35 on.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
  ],
  attack: ['T1611'],
  covers: ['run-as-non-root'],
  kubernetes: { from: 23 },
  fix: removeField(
    mayBreak(
      'The process runs as the user that the image names, which may not be allowed to read, write or bind what root was.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    if (isRootHarmless(view)) return;
    for (const setting of judgedSettings(view, 'runAsUser'))
      if (setting.value === 0) yield view.atSetting(setting, { where: writerOf(view, setting) });
  },
});
