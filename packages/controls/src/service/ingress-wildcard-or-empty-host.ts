import { defineControl } from '@bulwark/core';
import { ingressKinds, ingressRulesOf } from './ingress-fields.ts';

export const ingressWildcardOrEmptyHost = defineControl({
  id: 'ingress-wildcard-or-empty-host',
  aliases: ['kyverno:disallow-empty-ingress-host', 'kyverno:restrict-ingress-wildcard'],
  title: 'The rules of an Ingress must name their hosts',
  problem: 'take requests for hosts that they do not name',
  message: 'A rule of {resource} takes the requests for {hosts}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A rule without a host, or with a wildcard, also serves names that nobody meant to publish, and requests by address. Where teams share a controller it catches the requests for hosts that another team has not claimed yet.',
  remediation: 'Write the full name in host, one rule for each.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards'],
  attack: ['T1190'],
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const { path, host } of ingressRulesOf(resource)) {
      if (host !== '' && !host.startsWith('*')) continue;
      yield at([...path, 'host'], { hosts: host === '' ? 'every host' : host });
    }
  },
});
