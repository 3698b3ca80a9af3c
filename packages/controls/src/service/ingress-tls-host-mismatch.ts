import { arrayAt, defineControl, get, mayBreak, type Resource } from '@bulwark/core';
import { ingressKinds, ingressRulesOf } from './ingress-fields.ts';

/** The hosts that the certificates of an Ingress are for; undefined when one of them is for all. */
function tlsHosts({ object }: Resource): ReadonlySet<unknown> | undefined {
  const hosts = (arrayAt(object, 'spec', 'tls') ?? []).map((entry) => arrayAt(entry, 'hosts') ?? []);
  return hosts.some((list) => list.length === 0) ? undefined : new Set(hosts.flat());
}

function isCovered(host: string, hosts: ReadonlySet<unknown>): boolean {
  const dot = host.indexOf('.');
  return hosts.has(host) || (dot > 0 && hosts.has(`*${host.slice(dot)}`));
}

export const ingressTlsHostMismatch = defineControl({
  id: 'ingress-tls-host-mismatch',
  aliases: ['kyverno:ingress-host-match-tls'],
  title: 'Every host of an Ingress with TLS must be in its TLS section',
  problem: 'have hosts that their TLS section leaves out',
  message: '{resource} serves {host}, which none of its TLS hosts covers.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'For a host that the TLS section leaves out the controller serves plain HTTP, or a certificate for another name that teaches users to click warnings away.',
  remediation: 'Add the host to spec.tls[].hosts, and to the certificate. A wildcard covers one label only.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  attack: ['T1557'],
  fix: {
    ...mayBreak(
      'Until the certificate covers the host, browsers refuse it; requests by HTTP may be redirected.',
    ),
    edits: ({ facts }, { object }) =>
      (arrayAt(object, 'spec', 'tls') ?? []).length === 1
        ? [{ op: 'append', path: ['spec', 'tls', 0, 'hosts'], value: String(facts['host']) }]
        : [],
  },
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    (arrayAt(get(resource.object, 'spec'), 'tls') ?? []).length === 0 ? 'It has no TLS section.' : undefined,
  *evaluate({ resource, at }) {
    const hosts = tlsHosts(resource);
    if (hosts === undefined) return;
    for (const { path, host } of ingressRulesOf(resource))
      if (host !== '' && !isCovered(host, hosts)) yield at([...path, 'host'], { host });
  },
});
