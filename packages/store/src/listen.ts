import type { Secret } from '@bulwark/core';
import pg from 'pg';
import { connectionString } from './address.ts';
import { Connections } from './connections.ts';
import { Silence } from './silence.ts';
import { CHANNEL, type Notice } from './write/announce.ts';

const AGAIN_MS = 1000;
const ASK_EVERY_MS = 2000;
const ANSWER_MS = 10_000;

/** How soon it is noticed that the server, or the way to it, is silent, in milliseconds; and who is told. */
export interface ListenOptions {
  /** How often the server is asked whether it still hears this. */
  readonly askEveryMs?: number;
  /** After how long without an answer it is asked over another connection. */
  readonly answerMs?: number;
  /** After how long without an answer the database is said to be silent, over whatever connections it was asked. */
  readonly silentAfterMs?: number;
  /** Told when the database answered last, where it does not any more; undefined where it does again. */
  readonly onSilence?: (since: Date | undefined) => void;
}

/**
 * Listens to what writers say, over a connection of its own that is opened again when it breaks, or when nothing comes over it
 * any more: whoever only listens would not notice, as what lies between may forget it without a word. `onGap` is told when
 * something may have been missed, as before it began to listen.
 */
export function listen(
  url: Secret<string>,
  onNotice: (notice: Notice) => void,
  onGap: () => void,
  { askEveryMs = ASK_EVERY_MS, answerMs = ANSWER_MS, silentAfterMs, onSilence }: ListenOptions = {},
): { stop(): Promise<void> } {
  const sockets = new Connections();
  const silence = new Silence((since) => onSilence?.(since), silentAfterMs);
  let client: pg.Client | undefined;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = async (): Promise<void> => {
    let next: pg.Client | undefined;
    const again = (): void => {
      if (isStopped || client !== next) return;
      client = undefined;
      next?.end().catch(() => undefined);
      clearTimeout(timer);
      timer = setTimeout(() => void open(), AGAIN_MS);
    };
    const askLater = (): void => {
      if (isStopped || client !== next) return;
      silence.answered();
      timer = setTimeout(() => {
        silence.asked();
        void next?.query('select 1').then(askLater, again);
      }, askEveryMs);
    };
    silence.asked();
    try {
      next = new pg.Client({
        connectionString: connectionString(url),
        stream: sockets.socket,
        application_name: 'bulwark-listen',
        keepAlive: true,
        connectionTimeoutMillis: ANSWER_MS,
        query_timeout: answerMs,
      });
      client = next;
      next.on('error', again);
      next.on('end', again);
      next.on('notification', ({ payload }) => {
        const notice = noticeOf(payload ?? '');
        if (notice === undefined) onGap();
        else onNotice(notice);
      });
      await next.connect();
      // However a server is set: one that only listens is idle. The session of one that hangs ends all the same.
      await next.query(`set idle_session_timeout = ${2 * (askEveryMs + answerMs)}`);
      await next.query(`listen ${CHANNEL}`);
      onGap();
      askLater();
    } catch {
      // Away, broken, or a file that its address names cannot be read.
      again();
    }
  };
  void open();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      silence.stop();
      await sockets.end(async () => {
        await client?.end().catch(() => undefined);
      });
    },
  };
}

/**
 * A hub of an older version, beside which this one is started, does not say where. Whoever may connect to the database can
 * say anything on the channel: undefined for what is no notice.
 */
function noticeOf(payload: string): Notice | undefined {
  try {
    const { topics, clusters = 'all', namespaces = 'all' } = JSON.parse(payload) as Partial<Notice>;
    const areWhole = [clusters, namespaces].every((each) => each === 'all' || Array.isArray(each));
    return Array.isArray(topics) && areWhole ? { topics, clusters, namespaces } : undefined;
  } catch {
    return undefined;
  }
}
