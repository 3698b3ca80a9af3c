import { defineControl, mayBreak, setValue, workloads } from '@bulwark/core';
import { whyNotOperated } from './judged-pods.ts';

export const dnsPolicyHostNetwork = defineControl({
  id: 'dns-policy-host-network',
  aliases: [],
  title: "Pods in the host's network must choose a DNS policy",
  problem: "are in the host's network without a DNS policy for it",
  message: "In {resource}, the pod is in the host's network, where the default DNS policy does not hold.",
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    "In the host's network the default policy ClusterFirst silently means Default: names are resolved by the node, so Services are not found, and a search domain of the node may answer for them.",
  remediation:
    'Set dnsPolicy to ClusterFirstWithHostNet where the pod needs names of the cluster, or write dnsPolicy: Default where it does not.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy'],
  attack: [],
  fix: setValue(
    'ClusterFirstWithHostNet',
    mayBreak('The pod no longer resolves names when the DNS of the cluster is down.'),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: (view) => (view.isWindows ? 'A Windows pod has no such policy.' : whyNotOperated(view)),
  *evaluate({ spec, at }) {
    const policy = spec['dnsPolicy'] ?? 'ClusterFirst';
    if (spec['hostNetwork'] === true && policy === 'ClusterFirst') yield at('dnsPolicy');
  },
});
