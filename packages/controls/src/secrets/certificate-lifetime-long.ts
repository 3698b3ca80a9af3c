import { defineControl, get, integerParam, mayBreak } from '@bulwark/core';
import { certificates, hoursOf, isAuthority } from './certificate-terms.ts';

const HOURS_A_DAY = 24;

export const certificateLifetimeLong = defineControl({
  id: 'certificate-lifetime-long',
  aliases: ['kyverno:cert-manager-limit-duration'],
  title: 'Certificates must not be good for too long',
  problem: 'are requested for too long a time',
  message: '{resource} is requested for {days} days, more than {maximumDays}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A stolen key is good for as long as its certificate, and taking certificates back hardly works. Renewal that happens by itself costs nothing, so there is no reason for a long life.',
  remediation: 'Lower spec.duration, or remove it: cert-manager then requests 90 days and renews in time.',
  references: ['https://cert-manager.io/docs/usage/certificate/'],
  attack: ['T1649'],
  params: {
    maximumDays: integerParam('For how many days a certificate may be requested.', {
      default: 398,
      minimum: 1,
    }),
  },
  appliesTo: certificates,
  looks: 'object',
  reads: [],
  fix: {
    ...mayBreak('Whoever pins this certificate has to follow its renewals more often.'),
    edits: ({ path, facts }) => [
      { op: 'set', path, value: `${Number(facts['maximumDays']) * HOURS_A_DAY}h` },
    ],
  },
  notApplicable: isAuthority,
  *evaluate({ resource, params: { maximumDays }, at }) {
    const hours = hoursOf(get(resource.object, 'spec', 'duration'));
    if (hours !== undefined && hours > maximumDays * HOURS_A_DAY)
      yield at('spec.duration', { days: Math.floor(hours / HOURS_A_DAY), maximumDays });
  },
});
