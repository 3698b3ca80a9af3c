import { containers, defineControl, mayBreak } from '@bulwark/core';
import { additionsOf, removeCapability } from './capability-lists.ts';

const NET_ADMIN = new Set(['NET_ADMIN']);

export const capabilityNetAdmin = defineControl({
  id: 'capability-net-admin',
  aliases: ['kubescape:C-0046', 'polaris:dangerousCapabilities'],
  title: 'Containers must not add the capability NET_ADMIN',
  problem: 'add the capability to change the network',
  message: 'Container {container} of {resource} adds the capability {capability}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "With NET_ADMIN a process changes addresses, routes and firewall rules of its network namespace: it can redirect the pod's traffic through itself or take the pod out of the reach of filters. Where the pod shares the host's network, that namespace is the node's, and every pod on it is exposed. It also opens large parts of the kernel's network code to attack.",
  remediation:
    'Remove NET_ADMIN from securityContext.capabilities.add. A service mesh can set up redirection in its CNI plug-in instead of an init container in every pod; VPN and network agents that need it belong in a namespace of their own.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1557'],
  refines: ['capabilities-baseline', 'capabilities-drop-all'],
  fix: removeCapability(
    mayBreak('A program that sets up routes, interfaces or packet filters is denied it.'),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  evaluate: (view) => additionsOf(view, NET_ADMIN),
});
