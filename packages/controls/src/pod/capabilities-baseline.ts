import { containers, defineControl, mayBreak } from '@bulwark/core';
import { capabilityList, removeCapability } from './capability-lists.ts';

/** What common runtimes give by default, without NET_RAW; the same in every version of the standard. */
const ALLOWED = new Set<unknown>([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const capabilitiesBaseline = defineControl({
  id: 'capabilities-baseline',
  aliases: [
    'trivy:KSV-0022',
    'kubescape:C-0046',
    'kubescape:C-0200',
    'checkov:CKV_K8S_25',
    'polaris:insecureCapabilities',
    'kyverno:disallow-capabilities',
  ],
  title: 'Containers must not add capabilities beyond the default set',
  problem: 'add Linux capabilities beyond the default set',
  message: 'Container {container} of {resource} adds the capability {capability}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Capabilities are the parts of root. Those beyond the default set act on the node and on what all its containers share: its clock, its audit log, its limits, the memory and the IPC objects of others. Some are enough for an attacker to leave the container; those have controls of their own.',
  remediation:
    'Remove the capability from capabilities.add. Allowed are, in upper case and without the prefix CAP_: AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID and SYS_CHROOT.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
  ],
  attack: ['T1611'],
  fix: removeCapability(mayBreak('What the program does with the capability is denied.')),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const added = capabilityList(view, 'add');
    for (const [index, capability] of added.entries()) {
      if (ALLOWED.has(capability) || added.indexOf(capability) < index) continue;
      // The API server reads null as an empty name, which the standard refuses like any other unknown name.
      const name = typeof capability === 'string' ? capability : JSON.stringify(capability ?? '');
      yield view.at(['securityContext', 'capabilities', 'add', index], { capability: name });
    }
  },
});
