import type { Secret } from '@bulwark/core';
import pg from 'pg';
import { CHANNEL } from './write/announce.ts';

export interface Notice {
  readonly cluster: number | null;
  readonly topics: readonly string[];
}

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
  let client: pg.Client | undefined;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = async (isFirst: boolean): Promise<void> => {
    const next = new pg.Client({
      connectionString: url.reveal(),
      application_name: 'bulwark-listen',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    client = next;
    const again = (): void => {
      if (isStopped || client !== next) return;
      client = undefined;
      next.end().catch(() => undefined);
      timer = setTimeout(() => void open(false), AGAIN_MS);
    };
    next.on('error', again);
    next.on('end', again);
    next.on('notification', ({ payload }) => {
      if (payload !== undefined) onNotice(JSON.parse(payload) as Notice);
    });
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      if (!isFirst) onGap();
    } catch {
      again();
    }
  };
  void open(true);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
