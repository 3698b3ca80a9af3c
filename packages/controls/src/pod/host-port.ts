import { arrayAt, containers, defineControl, get, mayBreak } from '@bulwark/core';
import { workloadAt } from './workload-at.ts';

export const hostPort = defineControl({
  id: 'host-port',
  aliases: [
    'trivy:KSV-0024',
    'kubescape:C-0044',
    'kubescape:C-0204',
    'checkov:CKV_K8S_26',
    'polaris:hostPortSet',
    'kyverno:disallow-host-ports',
  ],
  title: 'Containers must not bind ports of the host',
  problem: 'bind ports of the host',
  message: 'Container {container} of {resource} binds port {hostPort} of the host.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A hostPort opens the container on every address of its node, past Services, Ingress and often past NetworkPolicy, so whoever reaches the node reaches the container. It can also take the place of a service of the node itself and receive its traffic.',
  remediation:
    'Remove hostPort and publish the container with a Service. Node agents that must be reached through the node belong in a namespace of their own.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/concepts/services-networking/service/',
  ],
  attack: ['T1133'],
  fix: {
    ...mayBreak("Whoever reaches the container at its node's address stops reaching it there."),
    // In the host's network the API server fills in the port again: only leaving that network mends it.
    edits: ({ path }, resource) =>
      workloadAt(resource, path)?.spec['hostNetwork'] === true ? [] : [{ op: 'remove', path }],
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, port] of (arrayAt(container.spec, 'ports') ?? []).entries()) {
      const value = get(port, 'hostPort');
      if (typeof value === 'number' && value !== 0)
        yield at(['ports', index, 'hostPort'], { hostPort: value });
    }
  },
});
