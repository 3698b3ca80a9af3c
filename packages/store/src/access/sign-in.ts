import { byBothClocks } from '../both-clocks.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import type { UserRecord } from './users.ts';

/** The failures in a row so far, and when the last one was. */
export type Failures = Pick<UserRecord, 'failures' | 'failedAt'>;

/** A try to sign in that was counted. */
export interface CountedTry {
  /** How many in a row have failed now, this one among them. */
  readonly failures: number;
  /** The device that it was counted by; undefined where it was by the name, as for everybody whose device is not known. */
  readonly device: Buffer | undefined;
}

const FAILURES = 'failures, failed_at as "failedAt"';

/**
 * Counts a try to sign in as a failure before it is known whether it is one, so that many at the same time get no further than
 * one after the other: by the device where the user has signed in with it before and its own failures do not lock it, else by
 * the name. Undefined, and not counted, where those of the name lock that.
 *
 * @param settings.device the hash of what the device shows.
 */
export function countTry(
  { pool }: Store,
  id: number,
  {
    now,
    isLocked,
    device,
  }: {
    readonly now: Date;
    readonly isLocked: (before: Failures) => boolean;
    readonly device?: Buffer | undefined;
  },
): Promise<CountedTry | undefined> {
  return inTransaction(pool, async (client) => {
    // Also where it is counted by a device: of several tries at once each sees those before. New devices may come meanwhile.
    const [user] = (
      await client.query<Failures>(`select ${FAILURES} from app_user where id = $1 for no key update`, [id])
    ).rows;
    const [known] = (
      await client.query<Failures>(
        `select ${FAILURES} from device where hash = $1 and user_id = $2 and expires > $3`,
        [device ?? null, id, now],
      )
    ).rows;
    if (known !== undefined && !isLocked(known)) {
      await client.query(
        'update device set failures = failures + 1, failed_at = $3 where hash = $1 and user_id = $2',
        [device, id, now],
      );
      return { failures: known.failures + 1, device };
    }
    if (user === undefined || isLocked(user)) return undefined;
    await client.query('update app_user set failures = failures + 1, failed_at = $2 where id = $1', [
      id,
      now,
    ]);
    return { failures: user.failures + 1, device: undefined };
  });
}

/** Notes that somebody has signed in, which ends the row of failures of what it was counted by. */
export async function noteSignIn(
  { pool }: Store,
  id: number,
  { now, device }: { readonly now: Date; readonly device?: CountedTry['device'] },
): Promise<void> {
  await pool.query(
    'update app_user set failures = case when $3 then 0 else failures end, last_seen = $2 where id = $1',
    [id, now, device === undefined],
  );
  if (device !== undefined)
    await pool.query('update device set failures = 0 where hash = $1 and user_id = $2', [device, id]);
}

/** More than one person has browsers: whoever signs in without keeping cookies makes a device each time. */
const MOST_DEVICES = 50;

/**
 * Keeps that a user has signed in with a device, which shows something new from now on. For others who have signed in with it
 * it stays known.
 */
export async function keepDevice(
  { pool }: Store,
  {
    user,
    before,
    hash,
    now,
    expires,
  }: {
    readonly user: number;
    /** What it showed until now. */
    readonly before: Buffer | undefined;
    readonly hash: Buffer;
    readonly now: Date;
    readonly expires: Date;
  },
): Promise<void> {
  await pool.query('update device set hash = $2 where hash = $1', [before ?? null, hash]);
  await pool.query(
    `insert into device (hash, user_id, expires) values ($1, $2, $3)
     on conflict (hash, user_id) do update set failures = 0, expires = excluded.expires`,
    [hash, user, expires],
  );
  await pool.query(
    `delete from device where expires <= ${byBothClocks('$1')} or (user_id = $2 and hash in (
       select hash from device where user_id = $2 order by expires desc offset $3
     ))`,
    [now, user, MOST_DEVICES],
  );
}
