import type { Power } from './grants.ts';

/** What shows the content of Secrets: a list and a watch do as much as a get. */
export const SECRETS_READ: readonly Power[] = [
  { verbs: ['get', 'list', 'watch'], groups: [''], resources: ['secrets'] },
];
