import { arrayAt, defineControl, integerParam } from '@bulwark/core';
import { certificates, isAuthority } from './certificate-terms.ts';

export const certificateManyNames = defineControl({
  id: 'certificate-many-names',
  aliases: ['kyverno:cert-manager-limit-dnsnames'],
  title: 'Certificates should not be for many names',
  problem: 'are certificates for many names',
  message: '{resource} is for {names} names, more than {maximum}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Services that share a certificate share its key: whoever breaks into the least of them can pose as all the others, and a change of one name replaces the certificate of all.',
  remediation: 'Request a certificate for each service.',
  references: ['https://cert-manager.io/docs/usage/certificate/'],
  attack: ['T1649'],
  params: { maximum: integerParam('How many names a certificate may have.', { default: 10, minimum: 1 }) },
  appliesTo: certificates,
  looks: 'object',
  reads: [],
  notApplicable: isAuthority,
  *evaluate({ resource, params: { maximum }, at }) {
    const names = new Set(arrayAt(resource.object, 'spec', 'dnsNames') ?? []).size;
    if (names > maximum) yield at('spec.dnsNames', { names, maximum });
  },
});
