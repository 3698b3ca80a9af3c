import { LIVE_HEARTBEAT_MS, LIVE_SILENCE } from '@bulwark/api';
import { isRefusal } from '../client.ts';
import { type Connection, isAlike, type News } from './connection.ts';
import { readEvents } from './server-sent-events.ts';
import { toldSilence } from './told-event.ts';

/** After so long without a word the hub does not answer: a sign of life that is late once is no reason to say so. */
export const QUIET_MS = 2.5 * LIVE_HEARTBEAT_MS;
/** After so long nobody is there any more, such as after a sleep: until then the hub may go on where it was. */
export const SILENCE_MS = 40_000;
export const CHECK_MS = 1000;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 15_000;

export interface HubStreamOptions {
  /** Asks for the stream. */
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly tell: (news: News) => void;
  /** Between 0 and 1: whoever was cut off together does not come back together. */
  readonly random: () => number;
}

/** How a stream ended: nobody is signed in, who is may hear nothing, the database does not tell who that is, or anything else. */
type End = 'signed out' | 'refused' | 'database away' | 'broken off';

/**
 * Reads the hub's events and comes back whenever the stream ends, whatever ended it: by a refusal of the hub or of a proxy
 * before it, an end, an error, or silence. It is read by `fetch`, as an `EventSource` gives up for good on any status but 200
 * and never notices silence. Every opening is told as a gap, as nobody knows what was missed; a refusal too, as rights may have
 * changed. While it is open it is told with every word of the hub, as a tab that is hidden hears on while its timers rest.
 */
export class HubStream {
  private readonly options: HubStreamOptions;
  private connection: Connection = { kind: 'opening' };
  private failures = 0;
  private heardAt = Date.now();
  private lostAt = Date.now();
  private request: AbortController | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly check: ReturnType<typeof setInterval>;
  private isStopped = false;

  constructor(options: HubStreamOptions) {
    this.options = options;
    this.check = setInterval(() => {
      this.mind();
      this.repeat();
    }, CHECK_MS);
    void this.read();
  }

  /** Says again how it is: to those who have come since, and to all who have to know that somebody is still there. */
  repeat(): void {
    this.options.tell({ kind: 'connection', connection: this.connection });
  }

  /** Tries at once, where it waits to try again or may be deaf: the network is back, or the page is looked at again. */
  hurry(): void {
    this.mind();
    if (this.waiting === undefined) return;
    clearTimeout(this.waiting);
    this.waiting = undefined;
    void this.read();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.check);
    clearTimeout(this.waiting);
    this.request?.abort();
  }

  /**
   * Says so where nothing is heard of a request, and gives it up where that is for too long. Clocks go on while a machine sleeps;
   * timers do not.
   */
  private mind(): void {
    if (this.request === undefined) return;
    const silence = Date.now() - this.heardAt;
    if (silence > SILENCE_MS) this.request.abort();
    else if (silence > QUIET_MS) this.is({ kind: 'lost', what: 'hub', since: this.heardAt });
  }

  private async read(): Promise<void> {
    const request = new AbortController();
    this.request = request;
    this.heardAt = Date.now();
    const end = await this.follow(request.signal).catch((): End => 'broken off');
    // What was not read of a refusal would keep its connection.
    request.abort();
    this.request = undefined;
    if (this.isStopped) return;
    if (end === 'signed out') {
      this.is({ kind: 'signed-out' });
      return;
    }
    // Who may see something else by now is to see that, not what is left of before.
    if (end === 'refused') this.options.tell({ kind: 'gap' });
    this.again(end === 'database away' ? 'database' : 'hub');
  }

  /** Reads until the stream ends. */
  private async follow(signal: AbortSignal): Promise<End> {
    const { open, tell } = this.options;
    const answer = await open(signal);
    const { status, headers, body } = answer;
    if (status === 401) return 'signed out';
    if (isRefusal(status)) return 'refused';
    if (await isOfDatabase(answer)) return 'database away';
    // A proxy may answer 200 with a page of its own.
    if (status !== 200 || !headers.get('content-type')?.startsWith('text/event-stream') || body === null)
      return 'broken off';
    let isNew = true;
    let silentSince: number | undefined;
    await readEvents(body, (event) => {
      if (this.isStopped) return;
      this.heardAt = Date.now();
      this.failures = 0;
      const isOfSilence = event?.name === LIVE_SILENCE;
      if (isOfSilence) silentSince = toldSilence(event.data);
      // What was asked meanwhile may have failed, and is asked again.
      const isBack = isNew || (silentSince === undefined && this.connection.kind === 'lost');
      this.connection =
        silentSince === undefined ? { kind: 'open' } : { kind: 'lost', what: 'database', since: silentSince };
      this.repeat();
      if (isBack) tell({ kind: 'gap' });
      isNew = false;
      if (event !== undefined && !isOfSilence) tell({ kind: 'event', data: event.data });
    });
    return 'broken off';
  }

  /** Tries again in a moment, and says that it is cut off when it did so already: streams end now and then. */
  private again(what: 'hub' | 'database'): void {
    if (this.failures === 0) this.lostAt = Date.now();
    else this.is({ kind: 'lost', what, since: this.lostAt });
    const longest = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++);
    this.waiting = setTimeout(
      () => {
        this.waiting = undefined;
        void this.read();
      },
      longest * (0.5 + this.options.random() / 2),
    );
  }

  private is(connection: Connection): void {
    if (isAlike(this.connection, connection)) return;
    this.connection = connection;
    this.repeat();
  }
}

/** Whether the hub answers that its database does not. */
async function isOfDatabase({ status, headers, body }: Response): Promise<boolean> {
  if (status !== 503 || !headers.get('content-type')?.startsWith('application/problem+json')) return false;
  const problem: unknown = JSON.parse(await new Response(body).text());
  return (problem as { code?: unknown } | null)?.code === 'database-away';
}
