import { containers, defineControl, mayBreak } from '@bulwark/core';
import { additionsOf, removeCapability } from './capability-lists.ts';

const ALMOST_ROOT = new Set(['SYS_ADMIN', 'ALL']);

export const capabilitySysAdmin = defineControl({
  id: 'capability-sys-admin',
  aliases: [
    'trivy:KSV-0005',
    'kubescape:C-0046',
    'checkov:CKV_K8S_39',
    'polaris:dangerousCapabilities',
    'kubesec:CapSysAdmin',
  ],
  title: 'Containers must not add the capability SYS_ADMIN, or all capabilities',
  problem: 'add a capability that is almost root on the node',
  message:
    'Container {container} of {resource} adds the capability {capability}, which is almost root on the node.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "SYS_ADMIN covers so many operations, mounting file systems and joining namespaces among them, that a root process with it can usually leave its container: mounting the node's disk or a control group is enough. ALL includes it, and every other capability.",
  remediation:
    'Remove SYS_ADMIN, or ALL, from securityContext.capabilities.add and add the one capability that the program needs, if any. FUSE and mounts belong in a CSI driver; tracing has BPF and PERFMON of its own.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1611'],
  refines: ['capabilities-baseline', 'capabilities-drop-all'],
  fix: removeCapability(
    mayBreak(
      'A program that mounts file systems or does other work of an administrator of the node is denied it.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  evaluate: (view) => additionsOf(view, ALMOST_ROOT),
});
