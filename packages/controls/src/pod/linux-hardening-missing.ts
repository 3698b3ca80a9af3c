import { containers, defineControl, isObject, stringAt } from '@bulwark/core';
import { hasAppArmorProfile } from './apparmor-profiles.ts';
import { capabilityList } from './capability-lists.ts';
import { whyNotOwnComponent } from './cluster-components.ts';
import { whyNotLinux } from './windows-pods.ts';

const whyNot = whyNotLinux('security features of Linux');

export const linuxHardeningMissing = defineControl({
  id: 'linux-hardening-missing',
  aliases: ['kubescape:C-0055', 'polaris:linuxHardening'],
  title: 'Containers must use at least one of the security features of Linux',
  problem: 'use none of seccomp, AppArmor, SELinux and dropped capabilities',
  message:
    'Container {container} of {resource} has no seccomp or AppArmor profile, no SELinux options, and drops no capability.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Each of seccomp, AppArmor, SELinux and dropped capabilities takes away a part of the kernel that a container does not need. A manifest that uses none leaves everything to the defaults of the node, and those of seccomp are off unless the kubelet was told otherwise.',
  remediation:
    'Set securityContext.seccompProfile.type of the pod to RuntimeDefault and drop ALL capabilities in each container; seccomp-profile-required and capabilities-drop-all ask for exactly that.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/',
  ],
  attack: ['T1611'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: (view) => whyNot(view) ?? whyNotOwnComponent(view),
  *evaluate(view) {
    const seccomp = stringAt(view.setting('seccompProfile').value, 'type');
    const isHardened =
      seccomp === 'RuntimeDefault' ||
      seccomp === 'Localhost' ||
      isObject(view.setting('seLinuxOptions').value) ||
      capabilityList(view, 'drop').length > 0 ||
      hasAppArmorProfile(view);
    if (!isHardened) yield view.at('securityContext');
  },
});
