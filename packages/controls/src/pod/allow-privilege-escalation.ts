import { arrayAt, containers, defineControl, get, mayBreak, valueAt } from '@bulwark/core';
import { whyNotLinux } from './windows-pods.ts';

export const allowPrivilegeEscalation = defineControl({
  id: 'allow-privilege-escalation',
  aliases: [
    'trivy:KSV-0001',
    'kubescape:C-0016',
    'kubescape:C-0197',
    'checkov:CKV_K8S_20',
    'kube-linter:privilege-escalation-container',
    'polaris:privilegeEscalationAllowed',
    'kyverno:disallow-privilege-escalation',
    'kubesec:AllowPrivilegeEscalation',
  ],
  title: 'Containers must not allow privilege escalation',
  problem: 'let processes gain more privileges than they started with',
  message: 'Container {container} of {resource} {state}, so its processes can gain privileges.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Unless allowPrivilegeEscalation is false, a process may gain more privileges than its parent: a set-user-ID binary such as su or sudo turns an attacker who got in as an ordinary user into root of the container, with every capability the container has. False sets the no_new_privs flag of the kernel, which ends that road.',
  remediation:
    'Set securityContext.allowPrivilegeEscalation to false on every container, init and ephemeral ones included; there is no such field on the pod. It has no effect on programs that use neither set-user-ID binaries nor file capabilities.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://docs.kernel.org/userspace-api/no_new_privs.html',
  ],
  attack: ['T1548.001', 'T1068'],
  kubernetes: { from: 8 },
  fix: {
    ...mayBreak(
      'A program that gains rights by a set-user-ID binary or by file capabilities, such as sudo, no longer gains them.',
    ),
    edits: ({ path }, { object }) =>
      mustAllow(valueAt(object, path.slice(0, -1))) ? [] : [{ op: 'set', path, value: false }],
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('allowPrivilegeEscalation'),
  *evaluate({ container, at }) {
    const value = get(container.spec, 'securityContext', 'allowPrivilegeEscalation') ?? undefined;
    if (value === false) return;
    const state =
      value === undefined ? 'does not set allowPrivilegeEscalation to false' : 'allows privilege escalation';
    yield at('securityContext.allowPrivilegeEscalation', { state });
  },
});

/** Whether the API server refuses false here, because a privileged container escalates anyway. */
function mustAllow(securityContext: unknown): boolean {
  const isPrivileged = get(securityContext, 'privileged') === true;
  return isPrivileged || arrayAt(securityContext, 'capabilities', 'add')?.includes('CAP_SYS_ADMIN') === true;
}
