import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import type { RunningHub } from './running-hub.testing.ts';
import { type TwoClusters, twoClusters } from './two-clusters.testing.ts';

const START_MS = 300_000;
const FOCUS_IN_MAIN = "document.activeElement?.closest('main') !== null";

describe.skipIf(!hasBrowser)('a moment at which a cluster was not judged yet, in Chromium', () => {
  let both: TwoClusters;
  let hub: RunningHub;
  let browser: Browser;
  /** The clusters in the order in which they were judged. */
  let first: TwoClusters['clusters'][number];
  let second: typeof first;

  beforeAll(async () => {
    both = await twoClusters((name) => [PRIVILEGED_POD(`in-${name}`)]);
    hub = both.hub;
    const [one, other] = both.clusters.toSorted((a, b) => a.firstSeen.localeCompare(b.firstSeen));
    if (one === undefined || other === undefined) throw new Error('a cluster is missing');
    [first, second] = [one, other];
    expect(first.firstSeen).not.toBe(second.firstSeen);
    browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  }, START_MS);

  beforeEach(() => browser.anew());

  afterAll(async () => {
    await browser?.close();
    await both?.remove();
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

  it('is offered nowhere: neither by the clock nor between two moments, which say when the history begins', async () => {
    const { page } = browser;
    const main = page.getByRole('main');
    const beginning = main.getByRole('button', { name: 'from the beginning' });
    const lengths = page.getByRole('button', { name: /^(since yesterday|yesterday|a week ago|\d+ days)$/ });
    await browser.visit(hub, '/changes');
    await page.getByText('Between two moments').click();
    await main.getByText(/^The history begins /).waitFor();
    const from = () => new URL(page.url()).searchParams.get('from')?.replaceAll('"', '') ?? null;
    await expect.poll(from).toBe(first.firstSeen);
    expect(await lengths.count()).toBe(0);
    for (const scheme of ['light', 'dark'] as const) {
      await browser.look({ width: 1280, scheme });
      expect(await browser.axe()).toEqual([]);
    }

    await browser.visit(hub, `/changes?cluster=${second.id}&from=${first.firstSeen}`);
    await beginning.click();
    await expect.poll(from).toBe(second.firstSeen);
    await page.getByRole('button', { name: 'as of now' }).click();
    await page.getByRole('dialog').getByText('The history begins').waitFor();
    expect(await lengths.count()).toBe(0);

    const to = before(first.firstSeen);
    await browser.visit(hub, `/changes?from=2026-01-01T00:00:00Z&to=${to}`);
    await main.getByRole('heading', { name: 'Nothing was judged yet at this moment.' }).waitFor();
    await main.getByRole('alert').getByRole('button', { name: 'Go there' }).click();
    await expect.poll(from).toBe(first.firstSeen);
    expect(new URL(page.url()).searchParams.has('to')).toBe(false);
    expect(faults()).toEqual([]);
  });

  it('is none of which settings and exceptions, which are of now, say anything', async () => {
    for (const path of ['/settings?by=clusters', '/exceptions', '/coverage']) {
      await browser.visit(hub, `${path}${path.includes('?') ? '&' : '?'}asOf=${before(first.firstSeen)}`);

      expect([path, await browser.page.getByText('judged yet').count()]).toEqual([path, 0]);
    }
  });
});
