import { containers, defineControl, get, mayBreak, setValue } from '@bulwark/core';

export const privilegedContainer = defineControl({
  id: 'privileged-container',
  aliases: [
    'trivy:KSV-0017',
    'kubescape:C-0057',
    'kubescape:C-0193',
    'checkov:CKV_K8S_16',
    'kube-linter:privileged-container',
    'polaris:runAsPrivileged',
    'kube-score:container-security-context-privileged',
    'kyverno:disallow-privileged-containers',
    'kubesec:Privileged',
  ],
  title: 'Containers must not be privileged',
  problem: 'run a privileged container',
  message: 'Container {container} of {resource} is privileged.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "A privileged container has all capabilities, every device of its node, and no seccomp, AppArmor or SELinux limits. An attacker in it mounts the node's disk and is root on the node within one command.",
  remediation:
    'Remove privileged, or set it to false. Add only the capabilities the program needs with capabilities.add, and reach devices through a device plugin.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  ],
  attack: ['T1611', 'T1610'],
  // It has every capability and no profile whatever it asks for, and the API server refuses to end its escalation.
  covers: [
    'allow-privilege-escalation',
    'apparmor-unconfined',
    'capabilities-baseline',
    'capabilities-drop-all',
    'capability-kernel-access',
    'capability-net-admin',
    'capability-net-raw',
    'capability-net-raw-not-dropped',
    'capability-sys-admin',
    'proc-mount-unmasked',
    'seccomp-profile-required',
    'seccomp-unconfined',
  ],
  fix: setValue(
    false,
    mayBreak(
      'A program that needs devices, mounts or kernel settings of the node, or a capability beyond the default set, is denied them.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    if (get(container.spec, 'securityContext', 'privileged') === true) yield at('securityContext.privileged');
  },
});
