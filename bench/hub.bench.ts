import { cpus } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store, startEmbedded } from '@bulwark/store';
import { Browser, hasBrowser } from '../e2e/hub/browser.testing.ts';
import { dataFolder, eventually, pause, RunningHub } from '../e2e/hub/running-hub.testing.ts';
import { askLists } from './hub/ask-lists.ts';
import { BenchCluster, type Churned } from './hub/cluster.ts';
import { multiplyFindings } from './hub/filling.ts';
import { pageFigures, warmStart } from './hub/page.ts';
import { probe } from './hub/probes.ts';
import { retentionFigures } from './hub/retention.ts';
import { CHURN_PER_MINUTE, EXTENT, SIZE } from './hub/size.ts';
import { besideHub, tableSizes } from './hub/sizes-of-tables.ts';
import { load, MemoryWatch, processorOf } from './hub/usage.ts';
import { figure, note, percentile } from './measure.ts';

const MB = 1_000_000;
const CHANGES_A_DAY = CHURN_PER_MINUTE * 60 * 24;
const START_WITHIN_MS = 300_000;

interface Scene {
  readonly hub: RunningHub;
  readonly cluster: BenchCluster;
  readonly memory: MemoryWatch;
}

function size(): string {
  const { pods, workloads, namespaces, objects } = SIZE;
  return `${pods} pods, ${workloads} workloads, ${namespaces} namespaces, ${objects} objects`;
}

/** From nothing, not even a database, to everything seen and judged. */
async function start(cluster: BenchCluster): Promise<Scene> {
  const folder = dataFolder();
  const began = performance.now();
  const hub = RunningHub.spawn({ folder, kubeconfig: cluster.kubeconfig(folder) });
  const memory = new MemoryWatch({ root: hub.pid });
  await hub.ready();
  const listening = performance.now() - began;
  await hub.reaches('live', START_WITHIN_MS);
  figure(`start to complete posture: ${size()}`, (performance.now() - began) / 1000, { most: 20, unit: 's' });
  const { node, postgres } = processorOf({ root: hub.pid });
  note(
    `listening after ${(listening / 1000).toFixed(1)} s; CPU ${node.toFixed(1)} s of the hub, ${postgres.toFixed(1)} s of PostgreSQL; load of the machine ${load().toFixed(1)} on ${cpus().length} cores`,
  );
  const peak = memory.takePeak();
  figure('memory while it starts, all processes (PSS)', peak.total, { most: 1024, unit: 'MiB' });
  note(`${peak.node.toFixed(0)} MiB of the hub, ${peak.postgres.toFixed(0)} MiB of PostgreSQL`);
  return { hub, cluster, memory };
}

/** Nobody looks; the cluster lives. */
async function steady({ hub, cluster, memory }: Scene): Promise<void> {
  await cluster.churn(CHURN_PER_MINUTE);
  await pause(60_000);
  memory.takePeak();
  const before = processorOf({ root: hub.pid });
  const began = performance.now();
  await pause(EXTENT.steadyMinutes * 60_000);
  const seconds = (performance.now() - began) / 1000;
  const after = processorOf({ root: hub.pid });
  const share = (a: number, b: number): number => ((b - a) / seconds) * 100;
  figure(`CPU at ${CHURN_PER_MINUTE} changes a minute, all processes`, share(before.total, after.total), {
    most: 15,
    unit: '% of one core',
  });
  note(
    `${share(before.node, after.node).toFixed(1)} % the hub, ${share(before.postgres, after.postgres).toFixed(1)} % PostgreSQL, over ${(seconds / 60).toFixed(1)} minutes`,
  );
  const peak = memory.takePeak();
  figure('memory at that churn, all processes (PSS), the largest sample', peak.total, {
    most: 700,
    unit: 'MiB',
  });
  note(`${peak.node.toFixed(0)} MiB of the hub, ${peak.postgres.toFixed(0)} MiB of PostgreSQL`);
}

/** Somebody looks. */
async function changeToPage(scene: Scene): Promise<void> {
  if (!hasBrowser) return note('there is no Chromium: from change to page was not measured');
  const browser = await Browser.open(scene.hub, { width: 1280, scheme: 'light' });
  try {
    const before = processorOf({ root: scene.hub.pid });
    const began = performance.now();
    const times = await probe({ ...scene, browser }, EXTENT.probes);
    const seconds = (performance.now() - began) / 1000;
    const used = processorOf({ root: scene.hub.pid }).total - before.total;
    figure(`from change to page at that churn, p95 of ${times.length}`, percentile(times, 0.95) / 1000, {
      most: 2,
      unit: 's',
    });
    note(
      `median ${(percentile(times, 0.5) / 1000).toFixed(2)} s, longest ${(Math.max(...times) / 1000).toFixed(2)} s; CPU with those changes and the page open ${((used / seconds) * 100).toFixed(1)} %; load of the machine ${load().toFixed(1)}`,
    );
  } finally {
    await browser.close();
  }
}

function total({ status, pod, relevant }: Churned): number {
  return status + pod + relevant;
}

/**
 * What the database grows by: the same changes at a faster pace, sizes before and after, scaled to the changes of a day. Before
 * the first size as many changes pass as make tables of a constant number of rows as loose as they will be: objects are after 60,000.
 */
async function growth({ hub, cluster, memory }: Scene): Promise<void> {
  const { growthChanges, growthPace } = EXTENT;
  const pace = CHURN_PER_MINUTE * growthPace;
  const minutes = growthChanges / pace;
  await cluster.churn(pace);
  await pause((minutes / 2) * 60_000);
  const store = await besideHub(hub);
  try {
    const first = total(await cluster.churn(pace));
    const before = await tableSizes(store);
    await pause(minutes * 60_000);
    const changes = total(await cluster.churn(CHURN_PER_MINUTE)) - first;
    await pause(3000);
    const after = await tableSizes(store);
    const scale = CHANGES_A_DAY / changes / MB;
    const grown = [...after].map(([name, bytes]) => ({
      name,
      daily: (bytes - (before.get(name) ?? 0)) * scale,
    }));
    figure(
      'growth of tables and indexes at that churn',
      grown.reduce((sum, { daily }) => sum + daily, 0),
      { most: 50, unit: 'MB a day' },
    );
    const largest = grown.filter(({ daily }) => Math.abs(daily) > 0.1).sort((a, b) => b.daily - a.daily);
    note(`from ${changes} changes, ${growthPace} times as fast, scaled to the ${CHANGES_A_DAY} of a day:`);
    note(largest.map(({ name, daily }) => `${name} ${daily.toFixed(1)}`).join(', '));
    note(`memory meanwhile ${memory.takePeak().total.toFixed(0)} MiB`);
  } finally {
    await store.close();
  }
}

/** The database of a hub that does not run, with one connection. */
async function withDatabase<T>(folder: string, act: (store: Store) => Promise<T>): Promise<T> {
  const server = await startEmbedded({ folder: join(folder, 'data') });
  try {
    const store = await openStore({ url: server.url, now: new Date(), connections: 1 });
    try {
      return await act(store);
    } finally {
      await store.close();
    }
  } finally {
    await server.stop();
  }
}

/** Every list of the API, with very many findings. The hub judges nothing meanwhile: its cluster does not answer. */
async function lists(cluster: BenchCluster): Promise<void> {
  const folder = dataFolder();
  const kubeconfig = cluster.kubeconfig(folder);
  const filling = await RunningHub.start({ folder, kubeconfig, args: ['--profile', 'all'] });
  await filling.reaches('live', START_WITHIN_MS);
  await cluster.churn(CHURN_PER_MINUTE * 10);
  await pause(20_000);
  await cluster.churn(0);
  await pause(2000);
  await filling.stop();
  await cluster.stop();
  const findings = await withDatabase(folder, (store) => multiplyFindings(store, EXTENT.findings));
  const hub = await RunningHub.start({
    folder,
    kubeconfig,
    args: ['--profile', 'all', '--behind-proxy', '127.0.0.1'],
  });
  const memory = new MemoryWatch({ root: hub.pid });
  try {
    await eventually('the hub knows that the cluster is away', async () =>
      (await hub.call('listClusters', {})).items.every(({ state }) => state === 'stale') ? true : undefined,
    );
    note(`lists with ${findings} findings; load of the machine ${load().toFixed(1)}:`);
    await askLists(hub);
    note(`memory while lists were asked for ${memory.takePeak().total.toFixed(0)} MiB`);
    await hub.stop();
    await withDatabase(folder, retentionFigures);
  } finally {
    memory.stop();
    await hub.remove();
  }
}

const PARTS = (process.env['BULWARK_BENCH_PARTS'] ?? 'start live lists').split(/[ ,]+/);
if (PARTS.includes('start')) await warmStart();
if (PARTS.includes('live')) {
  const cluster = await BenchCluster.start();
  const scene = await start(cluster);
  try {
    await steady(scene);
    await pageFigures(scene.hub);
    await changeToPage(scene);
    await growth(scene);
  } finally {
    scene.memory.stop();
    await scene.hub.remove();
    await cluster.stop();
  }
}
if (PARTS.includes('lists')) await lists(await BenchCluster.start());
