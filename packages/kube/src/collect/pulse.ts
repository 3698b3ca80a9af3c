import type { KubeClient } from '../client/client.ts';
import type { KubeFailure } from '../client/failure.ts';
import type { Streams } from './streams.ts';

const EVERY_MS = 15_000;
const AGAIN_MS = 2_000;
const TIMEOUT_MS = 10_000;

/**
 * Asks the server from time to time for its version. Where it does not answer twice, all watches are cut: a connection
 * that is dead without saying so looks like a quiet cluster.
 */
export async function keepPulse(client: KubeClient, streams: Streams, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await client.clock.wait(EVERY_MS, signal);
    if ((await isAnswered(client, signal)) || signal.aborted) continue;
    await client.clock.wait(AGAIN_MS, signal);
    if (!(await isAnswered(client, signal))) streams.cut();
  }
}

async function isAnswered(client: KubeClient, signal: AbortSignal): Promise<boolean> {
  const timeoutMs = Math.min(TIMEOUT_MS, client.timeoutMs);
  const got = await client.get('/version', { attempts: 1, timeoutMs, signal });
  return got.ok || !isSilence(got.error);
}

function isSilence({ kind }: KubeFailure): boolean {
  return kind === 'unreachable' || kind === 'timed-out';
}
