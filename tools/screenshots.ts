import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, hasBrowser } from '../e2e/hub/browser.testing.ts';
import { eventually, pause, RunningHub } from '../e2e/hub/running-hub.testing.ts';

const DAY_MS = 86_400_000;

/** Address of each page, by the name of its picture. */
const PAGES: readonly (readonly [name: string, address: string])[] = [
  ['queue', '/'],
  ['findings', '/findings'],
  ['findings-by-control', '/findings?by=control'],
  ['workloads', '/workloads'],
  ['namespaces', '/namespaces'],
  ['namespace', '/namespaces?open=1/checkout'],
  ['nodes', '/nodes'],
  ['secrets', '/secrets'],
  ['teams', '/teams'],
  ['changes', '/changes'],
  ['changes-between', `/changes?from=${new Date(Date.now() - 10 * DAY_MS).toISOString()}`],
  ['controls', '/controls'],
  ['frameworks', '/frameworks'],
  ['exceptions', '/exceptions'],
  ['coverage', '/coverage'],
  ['settings', '/settings'],
  ['settings-users', '/settings?by=users'],
];
const FOLDER = join('docs', 'pages');
const SCHEMES = ['light', 'dark'] as const;
const WIDTH = 1280;
const QUIET_MS = 4000;

/** Writes a picture of every page, light and dark, of the demonstration or of the cluster of a kubeconfig. */
async function main([kubeconfig]: readonly string[]): Promise<void> {
  if (!hasBrowser) throw new Error('there is no Chromium on this machine');
  mkdirSync(FOLDER, { recursive: true });
  const hub = await RunningHub.start(kubeconfig === undefined ? { args: ['--demo'] } : { kubeconfig });
  let browser: Browser | undefined;
  try {
    await hub.reaches('live');
    await isTold(hub);
    browser = await Browser.open(hub, { width: WIDTH, scheme: 'light' });
    await pictures(hub, browser);
  } finally {
    await browser?.close();
    await hub.remove();
  }
}

/** Waits until the history of the demonstration is there: it is told change by change. */
async function isTold(hub: RunningHub): Promise<void> {
  let before = -1;
  await eventually('the history is told', async () => {
    await pause(QUIET_MS);
    const { total } = await hub.call('listChanges', { query: { limit: 1 } });
    const isQuiet = total === before;
    before = total ?? 0;
    return isQuiet ? true : undefined;
  });
}

async function pictures(hub: RunningHub, browser: Browser): Promise<void> {
  const shoot = async (name: string): Promise<void> => {
    for (const scheme of SCHEMES) {
      await browser.look({ width: WIDTH, scheme });
      await browser.still();
      await browser.page.screenshot({ path: join(FOLDER, `${name}-${scheme}.png`) });
    }
    process.stdout.write(`${name}\n`);
  };
  for (const [name, address] of PAGES) {
    await browser.visit(hub, address);
    await shoot(name);
  }
  await browser.visit(hub, '/findings?q=fixable%3Ayes%20severity%3Acritical');
  await browser.page.locator('tbody tr[data-index="0"]').click();
  await browser.page.getByRole('heading', { name: 'Why it matters' }).waitFor();
  await shoot('finding');
  const [workload] = await hub.all('listWorkloads');
  if (workload !== undefined) {
    const { apiVersion, kind, namespace, name } = workload.resource;
    const group = apiVersion.split('/').at(-2);
    const path = [workload.cluster.id, group === undefined ? kind : `${kind}.${group}`, namespace, name];
    await browser.visit(hub, `/workloads/${path.map(String).map(encodeURIComponent).join('/')}`);
    await shoot('workload');
  }
}

await main(process.argv.slice(2));
