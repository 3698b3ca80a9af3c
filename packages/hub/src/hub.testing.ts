import { join } from 'node:path';
import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP } from '@bulwark/core';
import type { HubOptions } from './options.ts';

type Own = Pick<HubOptions, 'databaseUrl'> &
  Partial<HubOptions> & {
    /** Where what it keeps in files lies. */
    readonly folder: string;
  };

/** The settings of a hub that watches no cluster, on a port of the system's choice, but for what a test says. */
export function hubOptionsForTests({ folder, ...own }: Own): HubOptions {
  return {
    clusters: [],
    program: new URL('file:///nowhere'),
    listen: { host: '127.0.0.1', port: 0 },
    controls: CONTROLS,
    decisions: {
      exceptions: [],
      annotations: 'accept',
      otherTools: 'accept',
      ownership: DEFAULT_OWNERSHIP,
    },
    approvalFrom: 'high',
    secrets: false,
    env: {},
    retentionDays: 90,
    keyFile: join(folder, 'channels.key'),
    version: '1.2.3',
    now: () => new Date(),
    say: () => undefined,
    ...own,
  };
}
