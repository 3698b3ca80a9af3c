import type { Binaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';

/** Where a server is: its programs, its data, and whom it runs as. */
export interface Place {
  /** Holds everything. */
  readonly folder: string;
  readonly data: string;
  readonly binaries: Binaries;
  /** Of PostgreSQL. */
  readonly major: number;
  readonly user: ServerUser | undefined;
  /** How many connections it takes at most. */
  readonly connections: number;
}
