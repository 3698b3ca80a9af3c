import type { BuildRecordBody } from '@bulwark/api';

/** What CI posts of a build in which nothing was found, but for when it was and what it made. */
export const BUILD: Omit<BuildRecordBody, 'at' | 'manifests'> = {
  repository: 'github.com/acme/shop',
  commit: 'abcdef0',
  ref: null,
  run: null,
  author: null,
  system: 'other',
  verdict: 'passed',
  failOn: 'high',
  controls: 1,
  findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
  images: [],
};
