import { defineControl, mayBreak, removeField, workloads } from '@bulwark/core';

export const hostNetwork = defineControl({
  id: 'host-network',
  aliases: [
    'trivy:KSV-0009',
    'kubescape:C-0041',
    'kubescape:C-0196',
    'checkov:CKV_K8S_19',
    'kube-linter:host-network',
    'polaris:hostNetworkSet',
    'kyverno:disallow-host-namespaces',
    'kubesec:HostNetwork',
  ],
  title: 'Pods must not share the host network namespace',
  problem: "share the host's network namespace",
  message: "{resource} shares the host's network namespace.",
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "With hostNetwork a container has the node's interfaces and its loopback. An attacker in it reaches services that trust local callers, the cloud metadata service under the node's identity, and, with NET_RAW, the traffic of other pods; most network plug-ins apply no NetworkPolicy to it.",
  remediation:
    'Remove hostNetwork, or set it to false, and publish the workload with a Service. Network plug-ins and node agents that need it belong in a namespace of their own.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
  attack: ['T1210', 'T1046', 'T1040'],
  // In the host's network each port is one of the host, which the API server writes down, and what a probe of the kubelet
  // reaches the pod reaches itself.
  covers: ['host-port', 'host-probe-or-lifecycle-host'],
  fix: removeField(
    mayBreak(
      "Whoever reaches the pod at its node's address, and a program that needs the node's interfaces or loopback, stops reaching it there.",
    ),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    if (spec['hostNetwork'] === true) yield at('hostNetwork');
  },
});
