import { defineControl, stringAt, textsParam } from '@bulwark/core';
import { certificates } from './certificate-terms.ts';
import { isListed, PATTERN_RULE } from './name-patterns.ts';

export const certificateIssuerNotAllowed = defineControl({
  id: 'certificate-issuer-not-allowed',
  aliases: ['kyverno:cert-manager-restrict-issuer'],
  title: 'Certificates must come from an issuer that is allowed',
  problem: 'are requested from an issuer that is not allowed',
  message: '{resource} is requested from {issuer}, which is not allowed.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Who signs decides who trusts a certificate and for which names one can be had. An issuer that anybody set up in a namespace may sign what no one has checked.',
  remediation: 'Set spec.issuerRef to an issuer that is allowed.',
  references: ['https://cert-manager.io/docs/concepts/issuer/'],
  attack: ['T1649'],
  params: {
    allowed: textsParam(`Issuers as Kind/name, such as ClusterIssuer/letsencrypt. ${PATTERN_RULE}`),
  },
  appliesTo: certificates,
  looks: 'object',
  reads: [],
  *evaluate({ resource, params, at }) {
    const kind = stringAt(resource.object, 'spec', 'issuerRef', 'kind') ?? 'Issuer';
    const issuer = `${kind}/${stringAt(resource.object, 'spec', 'issuerRef', 'name') ?? ''}`;
    if (!isListed(issuer, params.allowed)) yield at('spec.issuerRef', { issuer });
  },
});
