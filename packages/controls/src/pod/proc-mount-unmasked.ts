import { containers, defineControl, get, mayBreak, removeField } from '@bulwark/core';
import { isRootHarmless } from './user-namespaces.ts';

export const procMountUnmasked = defineControl({
  id: 'proc-mount-unmasked',
  aliases: [
    'trivy:KSV-0027',
    'kubescape:C-0211',
    'kube-linter:unsafe-proc-mount',
    'polaris:procMount',
    'kyverno:disallow-proc-mount',
  ],
  title: 'Containers must keep the masks over /proc',
  problem: 'remove the masks over /proc',
  message: 'Container {container} of {resource} mounts /proc as "{procMount}".',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "Runtimes hide or write-protect the parts of /proc that show or change the node's kernel, such as /proc/kcore and /proc/sys. Without these masks an attacker who is root in the container reads kernel memory and changes kernel settings, unless the container is in a user namespace of its own.",
  remediation:
    'Remove procMount, or set it to Default. A container that builds or runs containers can keep Unmasked from Kubernetes 1.35 on when the pod has hostUsers: false.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
  ],
  attack: ['T1611'],
  refines: ['proc-mount-restricted'],
  fix: removeField(
    mayBreak(
      'A container that runs containers of its own, such as an image builder, can no longer mount /proc in them.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const procMount = get(view.container.spec, 'securityContext', 'procMount');
    if (typeof procMount !== 'string' || procMount === 'Default' || isRootHarmless(view)) return;
    yield view.at('securityContext.procMount', { procMount });
  },
});
