import type pg from 'pg';

/** What is said of a database between which and the hub sessions are not kept. */
export const SESSIONS_NOT_KEPT =
  'A pooler before the database gives each transaction another session, and with it the locks by which hubs agree who does what are lost: let it keep sessions (PgBouncer: pool_mode = session), or give the address of the database itself.';

/** As a session that holds something is, so that a pooler which keeps such sessions apart from others does so. */
const AS_OURS = "set timezone to 'UTC'";

/** The process behind a connection; its number alone may be that of one on another server behind the same address. */
const WHO = "select concat(pg_backend_pid(), ' ', pg_postmaster_start_time()) as session";

/**
 * Who of two asks, in turn. Where the session that was free last is given, two who ask one after the other have the same
 * one; where that which was free first, one who asks twice has two. Several times over, as others may ask in between.
 */
const TURNS = Array.from({ length: 4 }, () => [0, 1, 0, 0, 1, 1] as const).flat();

/**
 * Whether each connection to a database has a session for itself as long as it lasts, which a pooler for transactions or
 * statements does not give. Two connections are asked which process answers them: it must be always the same, and not that
 * of the other. Leaves nothing behind in the sessions of such a pooler.
 *
 * @param client the one that is to keep its session, connected.
 * @param beside makes another one to the same address.
 */
export async function keepsSession(client: pg.Client, beside: () => pg.Client): Promise<boolean> {
  const other = beside();
  // Told by its next question.
  other.on('error', () => undefined);
  try {
    await other.connect();
    const both = [client, other] as const;
    for (const each of both) await each.query(AS_OURS);
    const known: (string | undefined)[] = [undefined, undefined];
    for (const turn of TURNS) {
      const { rows } = await both[turn].query<{ session: string }>(WHO);
      const session = rows[0]?.session;
      known[turn] ??= session;
      if (session !== known[turn] || known[0] === known[1]) return false;
    }
    return true;
  } finally {
    await other.end().catch(() => undefined);
  }
}
