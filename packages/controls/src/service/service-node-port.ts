import { defineControl, get, kinds, mayBreak } from '@bulwark/core';
import { portsOf } from './service-ports.ts';

export const serviceNodePort = defineControl({
  id: 'service-node-port',
  aliases: ['kube-linter:exposed-services', 'kube-score:service-type', 'kyverno:restrict-nodeport'],
  title: 'Services must not open ports on every node',
  problem: 'open ports on every node',
  message: '{resource} is of type NodePort, which opens its ports on every node.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A NodePort listens on all addresses of all nodes, past the Ingress with its TLS and authentication. Whoever reaches one node reaches the Service, and network policies often see the address of the node instead of that of the client.',
  remediation:
    'Use ClusterIP, and publish through an Ingress or a Gateway. Where a load balancer outside the cluster needs the port, limit it with a firewall on the nodes.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport'],
  attack: ['T1133'],
  fix: {
    ...mayBreak('Whoever connects to the port of a node can no longer do so.'),
    edits: (_violation, resource) => [
      { op: 'set', path: ['spec', 'type'], value: 'ClusterIP' },
      ...portsOf(resource)
        .filter(({ path }) => get(resource.object, ...path, 'nodePort') !== undefined)
        .map(({ path }) => ({ op: 'remove', path: [...path, 'nodePort'] }) as const),
    ],
  },
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (get(resource.object, 'spec', 'type') === 'NodePort') yield at('spec.type');
  },
});
