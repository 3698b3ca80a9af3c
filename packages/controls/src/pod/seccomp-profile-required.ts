import {
  type ContainerView,
  containers,
  defineControl,
  isObject,
  type Setting,
  stringAt,
  type Violation,
} from '@bulwark/core';
import { judgedSettings, writerOf } from './inherited-settings.ts';
import { seccompRuntimeDefault } from './seccomp-runtime-default.ts';
import { whyNotLinux } from './windows-pods.ts';

const CONFINING = new Set(['RuntimeDefault', 'Localhost']);

export const seccompProfileRequired = defineControl({
  id: 'seccomp-profile-required',
  aliases: [
    'trivy:KSV-0030',
    'kubescape:C-0210',
    'checkov:CKV_K8S_31',
    'kyverno:restrict-seccomp-strict',
    'kubesec:SeccompAny',
    'kube-score:container-seccomp-profile',
  ],
  title: 'Containers must run under a seccomp profile',
  problem: 'run without a seccomp profile that confines them',
  message: 'In {resource}, {where} {state}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "Without a seccomp profile a container may use every system call of the kernel, including rare ones that most programs never need and that local privilege escalations are built on. The runtime's default profile blocks them. Kubernetes applies it by itself only on nodes whose kubelet runs with seccompDefault.",
  remediation:
    'Set securityContext.seccompProfile.type to RuntimeDefault on the pod, and remove Unconfined below it. Use Localhost with a profile of your own where the default blocks a system call that the program needs.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
  ],
  attack: ['T1611', 'T1068'],
  kubernetes: { from: 19 },
  fix: seccompRuntimeDefault,
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('seccompProfile'),
  *evaluate(view) {
    for (const setting of judgedSettings(view, 'seccompProfile')) {
      const violation = judge(view, setting);
      if (violation !== undefined) yield violation;
    }
  },
});

function judge(view: ContainerView, setting: Setting): Violation | undefined {
  const where = writerOf(view, setting);
  if (!isObject(setting.value)) return view.atSetting(setting, { where, state: 'names no seccomp profile' });
  const type = stringAt(setting.value, 'type');
  if (type !== undefined && CONFINING.has(type)) return undefined;
  const state =
    type === undefined ? 'names a seccomp profile without a type' : `uses the seccomp profile ${type}`;
  const path = Object.hasOwn(setting.value, 'type') ? [...setting.path, 'type'] : setting.path;
  return view.atSetting({ ...setting, path }, { where, state });
}
