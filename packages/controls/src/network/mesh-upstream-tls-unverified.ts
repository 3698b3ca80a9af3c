import {
  arrayAt,
  defineControl,
  get,
  kinds,
  mayBreak,
  objectAt,
  type Path,
  type Resource,
  removeField,
} from '@bulwark/core';

/** Where a DestinationRule has TLS settings: its policy and those of its subsets, each with settings of single ports. */
function tlsPaths({ object }: Resource): readonly Path[] {
  const subsets = (arrayAt(object, 'spec', 'subsets') ?? []).keys();
  const policies: readonly Path[] = [
    ['spec', 'trafficPolicy'],
    ...[...subsets].map((index) => ['spec', 'subsets', index, 'trafficPolicy'] as const),
  ];
  return policies.flatMap((policy) => {
    const ports = (arrayAt(objectAt(object, ...policy), 'portLevelSettings') ?? []).keys();
    return [[...policy, 'tls'], ...[...ports].map((index) => [...policy, 'portLevelSettings', index, 'tls'])];
  });
}

export const meshUpstreamTlsUnverified = defineControl({
  id: 'mesh-upstream-tls-unverified',
  aliases: [],
  title: 'A DestinationRule must not skip the check of certificates',
  problem: 'skip the check of certificates',
  message: '{resource} connects with TLS, but accepts any certificate.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'TLS without the check of the certificate keeps out only those who merely listen. Whoever can redirect the connection, by DNS or on the network, answers in place of the destination.',
  remediation:
    'Remove insecureSkipVerify, and set caCertificates or credentialName where the destination has a private authority.',
  references: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings',
  ],
  attack: ['T1557'],
  fix: removeField(mayBreak('Connections to destinations whose certificate is not trusted fail.')),
  appliesTo: kinds('networking.istio.io/DestinationRule'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const path of tlsPaths(resource))
      if (get(resource.object, ...path, 'insecureSkipVerify') === true)
        yield at([...path, 'insecureSkipVerify']);
  },
});
