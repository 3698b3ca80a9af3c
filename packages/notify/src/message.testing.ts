import type { Message } from './message.ts';

/** When messages of tests are written. */
export const NOW = new Date('2026-11-26T10:00:00Z');
/** What a name would be that makes lines, markup and readers of its own. */
export const HOSTILE = 'shop/<!channel>\r\nBcc: all@example.com & "x" \u202e';

/** A message of one hostile finding. */
export const MESSAGE: Message = {
  id: 'n-1',
  about: 'findings',
  environments: ['production', null],
  change: {
    object: 'Deployment shop/api',
    verb: 'created',
    by: 'ann',
    at: NOW,
    link: 'https://bulwark.example.com/changes?open=1%2F7',
  },
  rank: {
    control: 'hostpath-volume',
    title: 'No host paths',
    points: 65,
    lines: [
      { label: 'critical control', points: 60 },
      { label: 'in production', points: 5 },
    ],
    why: 'Deployment shop/api can take its node.',
  },
  action: 'Use another <volume>.',
  title: 'shop/api takes its node',
  severity: 'critical',
  owners: ['storefront'],
  contacts: ['#storefront'],
  cluster: 'prod-eu',
  items: [
    {
      severity: 'critical',
      control: 'hostpath-volume',
      object: 'Deployment shop/api',
      action: 'Use another <volume>.',
      environment: 'production',
      text: HOSTILE,
      state: 'opened',
      link: 'https://bulwark.example.com/findings?q=a b',
    },
  ],
  omitted: 2,
  told: 0,
  link: 'https://bulwark.example.com/',
  at: NOW,
};
