import {
  arrayAt,
  canonicalJson,
  defineControl,
  get,
  type Json,
  type JsonObject,
  kinds,
  objectAt,
} from '@bulwark/core';

const SSH = new Set<unknown>([22, 'ssh']);
const EVERYWHERE = new Set<unknown>(['0.0.0.0/0', '::/0']);

export const sshServicePort = defineControl({
  id: 'ssh-service-port',
  aliases: ['kubescape:C-0042'],
  title: 'Services must not publish SSH outside the cluster',
  problem: 'publish SSH outside the cluster',
  message: '{resource} of the type {type} publishes SSH on port {port}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An SSH server that can be reached from outside the cluster is found within hours and then tried with stolen keys and lists of passwords. Who gets in is inside the network of the cluster, and the API server knows nothing of it.',
  remediation:
    'Make the Service one of the type ClusterIP and enter through kubectl port-forward, or a bastion. A git or SFTP server that has to be public gets loadBalancerSourceRanges where its users are known, and accepts keys only.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
  ],
  attack: ['T1133', 'T1021.004'],
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const spec = objectAt(resource.object, 'spec') ?? {};
    const type = publishedAs(spec);
    if (type === undefined) return;
    for (const [index, port] of (arrayAt(spec, 'ports') ?? []).entries())
      if (isSsh(port)) yield at(['spec', 'ports', index], { type, port: canonicalJson(get(port, 'port')) });
  },
});

function isSsh(port: Json): boolean {
  const protocol = get(port, 'protocol') ?? 'TCP';
  return protocol === 'TCP' && (SSH.has(get(port, 'port')) || SSH.has(get(port, 'targetPort')));
}

/** The type of a Service that whoever is outside the cluster reaches; undefined where only known addresses may. */
function publishedAs(spec: JsonObject): string | undefined {
  if (spec['type'] === 'NodePort') return 'NodePort';
  if (spec['type'] !== 'LoadBalancer') return undefined;
  const sources = arrayAt(spec, 'loadBalancerSourceRanges') ?? [];
  const isOpen = sources.length === 0 || sources.some((source) => EVERYWHERE.has(source));
  return isOpen ? 'LoadBalancer' : undefined;
}
