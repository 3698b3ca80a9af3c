import { arrayAt, defineControl } from '@bulwark/core';
import { certificates } from './certificate-terms.ts';

export const certificateWildcard = defineControl({
  id: 'certificate-wildcard',
  aliases: [],
  title: 'Certificates should name services, not whole domains',
  problem: 'are certificates for whole domains',
  message: '{resource} is for {name}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The key of a wildcard certificate can pose as every name of the domain, those of other teams and of names that do not exist yet included. One workload that loses it loses all of them.',
  remediation:
    'List the names that the service really has. Where a wildcard is needed, as for tenants with a name each, give it a domain of its own.',
  references: ['https://cert-manager.io/docs/usage/certificate/'],
  attack: ['T1649'],
  appliesTo: certificates,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [index, name] of (arrayAt(resource.object, 'spec', 'dnsNames') ?? []).entries())
      if (typeof name === 'string' && name.startsWith('*.')) yield at(['spec', 'dnsNames', index], { name });
  },
});
