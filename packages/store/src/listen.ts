import type { Secret } from '@bulwark/core';
import pg from 'pg';
import { connectionString } from './address.ts';
import { Connections } from './connections.ts';
import { CHANNEL, type Notice } from './write/announce.ts';

const AGAIN_MS = 1000;

/**
 * Listens to what writers say, over a connection of its own that is opened again when it breaks. `onGap` is told when
 * something may have been missed.
 */
export function listen(
  url: Secret<string>,
  onNotice: (notice: Notice) => void,
  onGap: () => void,
): { stop(): Promise<void> } {
  const sockets = new Connections();
  let client: pg.Client | undefined;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = async (isFirst: boolean): Promise<void> => {
    let next: pg.Client | undefined;
    const again = (): void => {
      if (isStopped || client !== next) return;
      client = undefined;
      next?.end().catch(() => undefined);
      timer = setTimeout(() => void open(false), AGAIN_MS);
    };
    try {
      next = new pg.Client({
        connectionString: connectionString(url),
        stream: sockets.socket,
        application_name: 'bulwark-listen',
        keepAlive: true,
        connectionTimeoutMillis: 10_000,
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
      await next.query(`listen ${CHANNEL}`);
      if (!isFirst) onGap();
    } catch {
      // Away, broken, or a file that its address names cannot be read.
      again();
    }
  };
  void open(true);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
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
