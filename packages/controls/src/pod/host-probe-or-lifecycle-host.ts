import { containers, defineControl, mayBreak, removeField, stringAt } from '@bulwark/core';

const HANDLERS: readonly (readonly string[])[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

export const hostProbeOrLifecycleHost = defineControl({
  id: 'host-probe-or-lifecycle-host',
  aliases: [],
  title: 'Probes and lifecycle hooks must not name a host',
  problem: 'name a host in a probe or lifecycle hook',
  message: 'The {handler} of container {container} of {resource} names the host "{host}".',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "The kubelet sends probes and hooks from the node's own network. With a host of the author's choice they reach what pods cannot, such as the node's loopback or the cloud metadata service, and their success or failure tells an attacker what listens there.",
  remediation:
    'Remove host from httpGet and tcpSocket: the kubelet then uses the address of the pod. To send a host name to the application, use a Host header in httpHeaders; to check something only the container can reach, use an exec probe.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: ['T1046'],
  kubernetes: { from: 34 },
  fix: removeField(
    mayBreak(
      "The kubelet asks the pod's own address, so a check of another server, or of one that listens on the loopback alone, fails.",
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const handler of HANDLERS) {
      for (const action of ['httpGet', 'tcpSocket']) {
        const path = [...handler, action, 'host'];
        const host = stringAt(container.spec, ...path);
        if (host !== undefined && host !== '') yield at(path, { handler: handler.at(-1) ?? '', host });
      }
    }
  },
});
