import { type ChannelFailure, failingChannels, listChannels, type Store } from '@bulwark/store';
import { Gauge, type Registry } from 'prom-client';
import type { Check } from '../handlers/check.ts';

/** Whether each channel gets what it is sent. */
export async function channelChecks(store: Store): Promise<readonly Check[]> {
  const failing = await failingChannels(store);
  return (await listChannels(store)).map(({ id, name }) => {
    const failure = failing.get(id);
    return {
      name: `channel ${name}`,
      status: failure === undefined ? 'ok' : 'degraded',
      detail: failure === undefined ? 'no message is to be tried again.' : detailOf(failure),
    };
  });
}

function detailOf({ since, waiting, givenUp, answer }: ChannelFailure): string {
  const counts = [
    waiting > 0 && `${waiting} to be tried again`,
    givenUp > 0 && `${givenUp} given up since the last one that came`,
  ].filter((each) => each !== false);
  return `failing since ${since.toISOString()}: ${counts.join(', ')}. Last answer: ${answer ?? 'none'}`;
}

/** Says to those who alarm by Prometheus which channels get nothing. The answer brings the figures up to date. */
export function channelMetrics(registry: Registry, store: Store): () => Promise<void> {
  const gauge = new Gauge({
    name: 'bulwark_channel_failed_messages',
    help: 'Messages that a channel has not got: those that failed and are tried again (waiting), and those that were given up since the last one that came (given-up).',
    labelNames: ['channel', 'state'],
    registers: [registry],
  });
  return async () => {
    const failing = await failingChannels(store);
    const channels = await listChannels(store);
    gauge.reset();
    for (const { id, name: channel } of channels) {
      const { waiting = 0, givenUp = 0 } = failing.get(id) ?? {};
      gauge.set({ channel, state: 'waiting' }, waiting);
      gauge.set({ channel, state: 'given-up' }, givenUp);
    }
  };
}
