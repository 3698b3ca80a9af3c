import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BenchCluster } from '../../bench/hub/cluster.ts';
import { CHURN_PER_MINUTE } from '../../bench/hub/size.ts';
import { MemoryWatch, rollsUp } from '../../bench/hub/usage.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

const LONGEST_MS = 900_000;
/** Limits of the hub with all processes of its database, in MiB. */
const MOST_AT_START = 1024;
const MOST_STEADY = 700;
/** What is left behind by changes decides, not how fast they come: so they come faster than in a real cluster. */
const PACE = 10;
const CHANGES = 20_000;
/** With the first of them what the start leaves behind is given back. */
const SETTLED = 2000;

describe.skipIf(!rollsUp)('memory of a hub with 10,000 pods (needs Linux)', () => {
  let cluster: BenchCluster;
  let hub: RunningHub;
  let memory: MemoryWatch;

  beforeAll(async () => {
    cluster = await BenchCluster.start();
    const folder = dataFolder();
    hub = RunningHub.spawn({ folder, kubeconfig: cluster.kubeconfig(folder) });
    memory = new MemoryWatch({ root: hub.pid });
    await hub.ready();
    await hub.reaches('live', LONGEST_MS);
  }, LONGEST_MS);

  afterAll(async () => {
    memory?.stop();
    await hub?.remove();
    await cluster?.stop();
  }, LONGEST_MS);

  /** Waits until so many changes have come. */
  async function changes(count: number): Promise<void> {
    let done = 0;
    await eventually(
      'the changes come',
      async () => {
        const { status, pod, relevant } = await cluster.counts();
        done = status + pod + relevant;
        return done >= count ? done : undefined;
      },
      LONGEST_MS,
    );
  }

  it('is at most 1 GiB while everything is listed and judged', () => {
    expect(hub.isRunning).toBe(true);
    expect(memory.takePeak().total).toBeLessThanOrEqual(MOST_AT_START);
  });

  it(
    'is at most 700 MiB while the cluster lives',
    async () => {
      await cluster.churn(CHURN_PER_MINUTE * PACE);
      await changes(SETTLED);
      memory.takePeak();
      await changes(CHANGES);

      const { total, node, postgres } = memory.takePeak();
      expect(node).toBeGreaterThan(50);
      expect(postgres).toBeGreaterThan(10);
      expect(total).toBeLessThanOrEqual(MOST_STEADY);
    },
    LONGEST_MS,
  );
});
