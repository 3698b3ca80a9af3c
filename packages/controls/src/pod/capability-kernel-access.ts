import { containers, defineControl, mayBreak } from '@bulwark/core';
import { additionsOf, removeCapability } from './capability-lists.ts';

const KERNEL = new Set([
  'BPF',
  'CHECKPOINT_RESTORE',
  'DAC_READ_SEARCH',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'PERFMON',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
]);

export const capabilityKernelAccess = defineControl({
  id: 'capability-kernel-access',
  aliases: ['trivy:KSV-0120', 'kubescape:C-0046'],
  title:
    'Containers must not add capabilities that reach into the kernel, other processes or the files of the node',
  problem:
    'add a capability that reaches into the kernel, into other processes or into the files of the node',
  message: 'Container {container} of {resource} adds the capability {capability}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Each of these capabilities acts on the node and not on the container: SYS_MODULE loads code into the kernel, SYS_RAWIO reads and writes memory and devices, BPF and PERFMON observe or change what the kernel does, MAC_ADMIN and MAC_OVERRIDE change or bypass the rules of AppArmor and SELinux, DAC_READ_SEARCH opens files of the node by their handles, CHECKPOINT_RESTORE meddles with other processes, SYS_BOOT restarts the node or starts another kernel, and SYS_PTRACE takes over other processes, those of the node included where the pod shares their namespace.',
  remediation:
    'Remove the capability from securityContext.capabilities.add. Node agents that cannot work without it, such as those that trace with eBPF, belong in a namespace of their own, with nothing else added and an image that is pinned by digest.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1611'],
  refines: ['capabilities-baseline', 'capabilities-drop-all'],
  fix: removeCapability(
    mayBreak(
      'A program that traces processes or the kernel, loads modules or talks to devices directly is denied it.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  evaluate: (view) => additionsOf(view, KERNEL),
});
