import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

const START_MS = 300_000;
const NAMES = ['east', 'west'] as const;
const FOCUS_IN_MAIN = "document.activeElement?.closest('main') !== null";

describe.skipIf(!hasBrowser)('a moment at which a cluster was not judged yet, in Chromium', () => {
  const folder = dataFolder();
  const servers: FakeApiServer[] = [];
  let hub: RunningHub;
  let browser: Browser;
  /** The clusters in the order in which they were judged. */
  let first: { readonly id: number; readonly name: string; readonly firstSeen: string };
  let second: typeof first;

  beforeAll(async () => {
    const [east, west] = await Promise.all(
      NAMES.map(async (name) => {
        const server = await FakeApiServer.start({ objects: [PRIVILEGED_POD(`in-${name}`)] as never[] });
        servers.push(server);
        return { name, cluster: { server: server.url } };
      }),
    );
    if (east === undefined || west === undefined) throw new Error('no cluster was made');
    const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), east, west);
    hub = await RunningHub.start({ kubeconfig, args: NAMES.flatMap((name) => ['--context', name]) });
    const clusters = await eventually(
      'both clusters are live',
      async () => {
        const { items } = await hub.call('listClusters', {});
        return items.filter(({ state }) => state === 'live').length === 2 ? items : undefined;
      },
      120_000,
    );
    const [one, other] = clusters.toSorted((a, b) => a.firstSeen.localeCompare(b.firstSeen));
    if (one === undefined || other === undefined) throw new Error('a cluster is missing');
    [first, second] = [one, other];
    expect(first.firstSeen).not.toBe(second.firstSeen);
    browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  }, START_MS);

  beforeEach(() => browser.anew());

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  const before = (moment: string) => new Date(Date.parse(moment) - 1).toISOString();
  const asOf = () => new URL(browser.page.url()).searchParams.get('asOf')?.replaceAll('"', '') ?? null;
  const goThere = () => browser.page.getByRole('main').getByRole('button', { name: 'Go there' });
  const row = (name: string) =>
    browser.page.locator('tbody tr[data-index], button.queue-row', { hasText: `in-${name}` }).first();
  /** Chromium notes every refusal in the console. */
  const faults = () => browser.faults.filter((fault) => !fault.includes('status of 409'));

  it.each(['/', '/findings', '/findings?by=control', '/workloads', '/controls', '/frameworks'])(
    'is said in place of %s where that is true of all of them, with a way to where it is not, and back',
    async (path) => {
      const moment = before(first.firstSeen);
      const address = `${path}${path.includes('?') ? '&' : '?'}asOf=${moment}`;
      for (const scheme of ['light', 'dark'] as const) {
        await browser.look({ width: 1280, scheme });
        await browser.visit(hub, address);
        await browser.page
          .getByRole('heading', { name: 'Nothing was judged yet at this moment.' })
          .first()
          .waitFor();
        expect(await browser.axe()).toEqual([]);
      }
      const said = (await browser.page.getByRole('alert').first().textContent()) ?? '';
      expect(said).toMatch(
        new RegExp(`The first judgement was of ${first.name} at .* and of ${second.name} at `),
      );

      await goThere().first().press('Enter');
      await expect.poll(asOf).toBe(first.firstSeen);
      await browser.page.getByText(`${second.name} was not judged yet at this moment`).first().waitFor();
      expect(await browser.page.evaluate(FOCUS_IN_MAIN)).toBe(true);

      await browser.visit(hub, address);
      await browser.page.getByRole('main').getByRole('button', { name: 'Back to now' }).first().click();
      await expect.poll(asOf).toBe(null);
      await browser.page.getByRole('alert').first().waitFor({ state: 'detached' });
      expect(faults()).toEqual([]);
    },
  );

  it.each(['/', '/findings', '/findings?by=owner', '/workloads', '/changes', '/controls', '/frameworks'])(
    'is said above %s of the one of which it is true, with a way to where both were',
    async (path) => {
      await browser.visit(hub, `${path}${path.includes('?') ? '&' : '?'}asOf=${first.firstSeen}`);
      const said = browser.page.getByRole('main').getByRole('status').filter({ hasText: 'not judged yet' });
      await said.waitFor();
      expect(await said.textContent()).toMatch(
        new RegExp(
          `^${second.name} was not judged yet at this moment: nothing is said of it\\. The first judgement was at `,
        ),
      );
      expect(await browser.axe()).toEqual([]);

      await goThere().press('Enter');
      await expect.poll(asOf).toBe(second.firstSeen);
      await said.waitFor({ state: 'detached' });
      expect(await browser.page.evaluate(FOCUS_IN_MAIN)).toBe(true);
      expect(browser.faults).toEqual([]);
    },
  );

  it('is said of a chosen cluster alone', async () => {
    const moment = first.firstSeen;
    await browser.visit(hub, `/findings?cluster=${first.id}&asOf=${moment}`);
    await row(first.name).waitFor();
    expect(await browser.page.getByText('not judged yet').count()).toBe(0);

    await browser.visit(hub, `/findings?cluster=${second.id}&asOf=${moment}`);
    await browser.page.getByRole('heading', { name: 'Nothing was judged yet at this moment.' }).waitFor();
    await goThere().click();
    await row(second.name).waitFor();
    expect(asOf()).toBe(second.firstSeen);
  });

  it('is none of which settings and exceptions, which are of now, say anything', async () => {
    for (const path of ['/settings?by=clusters', '/exceptions', '/coverage']) {
      await browser.visit(hub, `${path}${path.includes('?') ? '&' : '?'}asOf=${before(first.firstSeen)}`);

      expect([path, await browser.page.getByText('judged yet').count()]).toEqual([path, 0]);
    }
  });
});
