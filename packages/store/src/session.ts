import type { PoolClient, QueryConfig } from 'pg';

const SETTINGS = `
-- However a server is set: days and months begin in UTC, and moments are written so that every server reads them.
set timezone to 'UTC';
set datestyle to 'ISO';
-- Two who write the same row wait for each other; of stricter levels one is refused. Who wants one says so.
set default_transaction_isolation to 'read committed';
set statement_timeout to '60s';
-- A process that hangs must not hold up others with what it has locked.
set idle_in_transaction_session_timeout to '60s';
-- The pool ends connections that nobody uses; one that is cut by the server may be what somebody is just about to ask over.
set idle_session_timeout to 0`;
const SET_UP: QueryConfig & { readonly query_timeout: number } = { text: SETTINGS, query_timeout: 10_000 };

/**
 * Sets up a new session of a pool, as its `verify`. A statement takes a minute at most, but for work that says otherwise with
 * `unhurry`.
 */
export function setUpSession(client: PoolClient, done: (error?: Error) => void): void {
  client.query(SET_UP).then(() => done(), done);
}
