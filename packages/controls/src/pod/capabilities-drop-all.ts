import { containers, defineControl, mayBreak } from '@bulwark/core';
import { capabilityList, removalOf } from './capability-lists.ts';
import { whyNotLinux } from './windows-pods.ts';

export const capabilitiesDropAll = defineControl({
  id: 'capabilities-drop-all',
  aliases: [
    'trivy:KSV-0003',
    'trivy:KSV-0004',
    'trivy:KSV-0106',
    'kubescape:C-0201',
    'checkov:CKV_K8S_37',
    'polaris:insecureCapabilities',
    'kyverno:disallow-capabilities-strict',
    'kyverno:drop-all-capabilities',
    'kubesec:CapDropAll',
  ],
  title: 'Containers must drop all capabilities and add back at most NET_BIND_SERVICE',
  problem: 'keep Linux capabilities that they do not need',
  message: 'Container {container} of {resource} {state}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A container starts with a dozen capabilities that a web service never uses, such as NET_RAW, which forges packets, MKNOD, which creates devices, and DAC_OVERRIDE, which ignores the permissions of files. Each is a tool for whoever takes the container over. Dropping all leaves nothing but what is added back on purpose.',
  remediation:
    'Set securityContext.capabilities.drop to ["ALL"] on every container, in capitals: other spellings do not satisfy the Pod Security Standards. Add NET_BIND_SERVICE only to listen below port 1024; any other addition leaves the restricted level.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
  ],
  attack: ['T1611'],
  refines: ['capability-net-raw-not-dropped'],
  kubernetes: { from: 22 },
  fix: {
    ...mayBreak(
      'A program that changes owners or users, ignores file permissions, binds low ports or adds a capability of its own is denied it.',
    ),
    edits: ({ path }, resource) =>
      path.at(-1) === 'drop' ? [{ op: 'set', path, value: ['ALL'] }] : removalOf(path, resource),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('capabilities'),
  *evaluate(view) {
    if (!capabilityList(view, 'drop').includes('ALL'))
      yield view.at('securityContext.capabilities.drop', { state: 'does not drop ALL capabilities' });
    const added = capabilityList(view, 'add');
    for (const [index, item] of added.entries()) {
      if (item === 'NET_BIND_SERVICE' || added.indexOf(item) < index) continue;
      const isNamed = typeof item === 'string' && item !== '';
      const state = isNamed ? `adds the capability ${item}` : 'adds a capability without a name';
      yield view.at(['securityContext', 'capabilities', 'add', index], { state });
    }
  },
});
