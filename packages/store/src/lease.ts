import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { Secret } from '@bulwark/core';
import pg from 'pg';
import { connectionString } from './address.ts';
import { Connections } from './connections.ts';
import { keepsSession, SESSIONS_NOT_KEPT } from './session-keeping.ts';

/** Who has a duty that only one hub on a database may do. */
export type LeaseState =
  /** `reason` says why it cannot be asked for, where the database answers. */
  | { readonly kind: 'unknown'; readonly reason?: string }
  /** This one. `session` is the session of the database that it is bound to. */
  | { readonly kind: 'held'; readonly session: number }
  /**
   * Another one, as host and process, "hub-1 4711"; empty where the database does not tell. `isOwn`: it is of this
   * very process, be it of another thread.
   */
  | { readonly kind: 'taken'; readonly holder: string; readonly isOwn: boolean };

export interface LeaseOptions {
  /** What it is the right to: `HOUSE`, or the number of a cluster. */
  readonly duty: number;
  /** Told whenever it is another one that has it, and when its own session is another one. */
  readonly onChange?: (state: LeaseState) => void;
  /** How often it is asked for, or whether the connection still lives, in milliseconds. */
  readonly everyMs?: number;
  /** After how long without a question the holder counts as hanging, and loses it, in milliseconds. */
  readonly hangsAfterMs?: number;
}

/** The right to do what only one hub may do on a database. */
export interface Lease {
  readonly state: LeaseState;
  /** Gives it back, so that another one has it at its next question. */
  release(): Promise<void>;
}

/** The duties that are of no cluster: sending messages, retention, backups. */
export const HOUSE = 0;

const EVERY_MS = 1000;
const ANSWER_MS = 5000;
/** Any number, the same for all hubs: "bulw". The second number of the lock is the duty. */
const KEY = 0x62_75_6c_77;
const NAME = 'bulwark-lease ';
/** PostgreSQL keeps the first 63 bytes of the name of an application (NAMEDATALEN). */
const MOST_NAME = 63;

const TAKE = 'select pg_try_advisory_lock($1, $2) as held, pg_backend_pid() as session';
/** A lock with two numbers has them as classid and objid, and 2 as objsubid (PostgreSQL, pg_locks). */
const ALL_LOCKS = `from pg_locks l where l.locktype = 'advisory' and l.granted and l.classid = $1
  and l.objsubid = 2 and l.database = (select oid from pg_database where datname = current_database())`;
const LOCKS = `${ALL_LOCKS} and l.objid = $2`;
const HOLDER = `select (select a.application_name from pg_stat_activity a where a.pid = l.pid) as name ${LOCKS}`;
/** So that the server notices within seconds that the machine of a holder is gone (tcp(7)); it waits two hours else. */
const NOTICE_DEATH = `set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
  set statement_timeout = 0`;
/** The machine of a process that hangs, or was stopped, still answers for it. No thread that works is busy for so long. */
const HANGS_AFTER_MS = 60_000;

/**
 * Asks for a lease until it is released. It is a lock of a session on a connection of its own, so that it ends with the
 * process that holds it, however that ends, and with one that hangs a minute later. A holder whose connection breaks asks
 * again, and goes on as long as no other one has it: a database that is away takes nothing from it. What it writes meanwhile
 * is refused by `mustHold`.
 */
export function holdLease(url: Secret<string>, options: LeaseOptions): Lease {
  const asking = new Asking(url, options);
  const done = asking.run();
  return {
    get state() {
      return asking.state;
    },
    release: async () => {
      asking.stopping.abort();
      await asking.sockets.end(() => done);
    },
  };
}

class Asking {
  state: LeaseState = { kind: 'unknown' };
  readonly stopping = new AbortController();
  readonly sockets = new Connections();
  private readonly url: Secret<string>;
  private readonly options: LeaseOptions;
  private readonly own = OWN_PROCESS + randomMark();

  constructor(url: Secret<string>, options: LeaseOptions) {
    this.url = url;
    this.options = options;
  }

  async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let client: pg.Client | undefined;
      try {
        client = this.newClient(this.own);
        // Noticed by the next question.
        client.on('error', () => undefined);
        await client.connect();
        if (await keepsSession(client, () => this.newClient('bulwark'))) {
          await client.query(NOTICE_DEATH);
          await client.query(`set idle_session_timeout = ${this.options.hangsAfterMs ?? HANGS_AFTER_MS}`);
          await this.askOver(client);
        } else this.tell({ kind: 'unknown', reason: SESSIONS_NOT_KEPT });
      } catch {
        // Away, broken, or a file that its address names cannot be read: asked again over another connection.
      }
      await client?.end().catch(() => undefined);
      await this.pause();
    }
  }

  private newClient(name: string): pg.Client {
    return new pg.Client({
      connectionString: connectionString(this.url),
      stream: this.sockets.socket,
      application_name: name,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
  }

  /** Asks over one connection until it breaks. */
  private async askOver(client: pg.Client): Promise<void> {
    let held: number | undefined;
    while (!this.stopping.signal.aborted) {
      if (held === undefined) held = await this.take(client);
      // A pooler may be told to keep sessions no more while it runs.
      else if ((await sessionOf(client)) !== held) return;
      await this.pause();
    }
  }

  /** The session that holds it, where it is now this one's. */
  private async take(client: pg.Client): Promise<number | undefined> {
    const key = [KEY, this.options.duty];
    const { rows } = await client.query<{ held: boolean; session: number }>(TAKE, key);
    const [answer] = rows;
    if (answer?.held === true) {
      this.tell({ kind: 'held', session: answer.session });
      return answer.session;
    }
    const [holder] = (await client.query<{ name: string | null }>(HOLDER, key)).rows;
    // Its own session may still be there for a moment, after a connection that broke; then nothing is taken.
    if (holder !== undefined && holder.name !== this.own)
      this.tell({
        kind: 'taken',
        holder: holderOf(holder.name),
        isOwn: isOwn(holder.name),
      });
    return undefined;
  }

  private tell(state: LeaseState): void {
    const before = this.state;
    const isSameHolder =
      state.kind === 'taken' &&
      before.kind === 'taken' &&
      before.holder === state.holder &&
      before.isOwn === state.isOwn;
    const isSameReason =
      state.kind === 'unknown' && before.kind === 'unknown' && before.reason === state.reason;
    if (isSameHolder || isSameReason || this.stopping.signal.aborted) return;
    this.state = state;
    this.options.onChange?.(state);
  }

  private async pause(): Promise<void> {
    const { everyMs = EVERY_MS } = this.options;
    await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

async function sessionOf(client: pg.Client): Promise<number | undefined> {
  return (await client.query<{ session: number }>('select pg_backend_pid() as session')).rows[0]?.session;
}

/** What a holder calls itself, without what only tells two of one process apart. */
function holderOf(name: string | null): string {
  return name?.startsWith(NAME) === true ? name.slice(NAME.length).replace(/\.\w+$/, '') : '';
}

/** Whether it is this process, be it another thread of it. */
function isOwn(name: string | null): boolean {
  return name?.startsWith(OWN_PROCESS) === true;
}

/** The same in all threads that a process starts from now on; the processes of two containers may have one number and host. */
function processMark(): string {
  const known = getEnvironmentData(NAME);
  if (typeof known === 'string') return known;
  const mark = randomMark();
  setEnvironmentData(NAME, mark);
  return mark;
}

function randomMark(): string {
  return Math.random()
    .toString(36)
    .slice(2, 2 + MARK)
    .padEnd(MARK, '0');
}

function ownProcess(): string {
  const end = ` ${process.pid}.${processMark()}`;
  return `${NAME}${hostname().slice(0, MOST_NAME - NAME.length - end.length - MARK)}${end}`;
}

const MARK = 5;
/** What the names of all leases of a process begin with. Made before any thread is started. */
const OWN_PROCESS = ownProcess();

/** Whether a hub has a duty. */
export async function isLeased(client: Pick<pg.PoolClient, 'query'>, duty: number): Promise<boolean> {
  return ((await client.query(`select ${LOCKS}`, [KEY, duty])).rowCount ?? 0) > 0;
}

/** Who has a duty. */
export interface LeaseHolder {
  /** As host and process, "hub-1 4711"; empty where the database does not tell. */
  readonly holder: string;
  /** Whether it is of this very process. */
  readonly isOwn: boolean;
}

/** All duties that a hub has, each with who that is. */
export async function leaseHolders(
  client: Pick<pg.Pool, 'query'>,
): Promise<ReadonlyMap<number, LeaseHolder>> {
  const { rows } = await client.query<{ duty: number; name: string | null }>(
    `select l.objid::int as duty,
       (select a.application_name from pg_stat_activity a where a.pid = l.pid) as name ${ALL_LOCKS}`,
    [KEY],
  );
  return new Map(rows.map(({ duty, name }) => [duty, { holder: holderOf(name), isOwn: isOwn(name) }]));
}

/** Says that what was to be written is not, as another hub may be writing: ask again when the lease is held anew. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease is not held');
    this.name = 'LeaseLost';
  }
}

/**
 * Refuses to go on where a session has lost a duty. To be asked in a transaction that has locked what a new holder locks
 * first: then nothing is written after the new one began to read.
 *
 * @throws LeaseLost
 */
export async function mustHold(
  client: Pick<pg.PoolClient, 'query'>,
  duty: number,
  session: number,
): Promise<void> {
  const { rowCount } = await client.query(`select ${LOCKS} and l.pid = $3`, [KEY, duty, session]);
  if (rowCount === 0) throw new LeaseLost();
}
