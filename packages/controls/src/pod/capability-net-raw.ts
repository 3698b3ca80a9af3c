import { containers, defineControl, mayBreak } from '@bulwark/core';
import { additionsOf, removeCapability } from './capability-lists.ts';

const NET_RAW = new Set(['NET_RAW']);

export const capabilityNetRaw = defineControl({
  id: 'capability-net-raw',
  aliases: ['trivy:KSV-0119'],
  title: 'Containers must not add the capability NET_RAW',
  problem: 'add the capability to forge network packets',
  message: 'Container {container} of {resource} adds the capability {capability}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "With NET_RAW a process writes packets of any form: it can answer for other addresses on the pod's network, forge DNS replies to neighbours and scan without opening connections. Written out in a manifest it survives every default that takes it away, such as a runtime that no longer grants it.",
  remediation:
    'Remove NET_RAW from securityContext.capabilities.add. For ping, allow the group of the process in the sysctl net.ipv4.ping_group_range, which the Pod Security Standards count as safe.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1557', 'T1046'],
  refines: ['capabilities-baseline', 'capabilities-drop-all'],
  fix: removeCapability(
    mayBreak('A program that writes raw packets, such as some versions of ping, is denied it.'),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  evaluate: (view) => additionsOf(view, NET_RAW),
});
