import { readFileSync } from 'node:fs';
import { frameworkReport } from '@bulwark/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { eventually, pause } from './running-hub.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const WEEK_MS = 7 * 86_400_000;
const STILL_MS = 600_000;
const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: WEEK_MS,
  mo: 4.35 * WEEK_MS,
};

describe.skipIf(!hasBrowser)('the page with the clock set, in Chromium', () => {
  const tried = demoPage();
  const week = () => new Date(Date.now() - WEEK_MS).toISOString();

  // The month of the demonstration is over when nothing is added any more.
  beforeAll(async () => {
    let before = -1;
    const isStill = async (): Promise<true | undefined> => {
      await pause(1500);
      const { length } = await tried.hub.all('listChanges');
      const isSame = length > 0 && length === before;
      before = length;
      return isSame ? true : undefined;
    };
    await eventually('the demonstration stands still', isStill, STILL_MS);
  }, STILL_MS);

  /** The first number of the text of something on the page. */
  async function numberIn(selector: string): Promise<number> {
    const text = (await tried.browser.page.locator(selector).first().textContent()) ?? '';
    return Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
  }

  async function openAt(asOf: string): Promise<number> {
    const { total } = await tried.hub.call('listFindings', { query: { asOf, limit: 1 } });
    if (total === null) throw new Error('findings were not counted');
    return total;
  }

  it('shows in the queue what was open then, with the trend up to that day, and that coverage is of now', async () => {
    const asOf = week();
    await tried.browser.visit(tried.hub, `/?asOf=${asOf}`);
    await tried.browser.page.getByText('since the day before').waitFor();
    const days = tried.browser.page.locator('.trend a');

    expect(await numberIn('h1')).toBe(await openAt(asOf));
    expect(await days.last().getAttribute('aria-label')).toContain(asOf.slice(0, 10));
    await tried.browser.page.getByRole('link', { name: /^now: .*% seen/ }).waitFor();
  });

  it.each([
    ['the queue', '/', '.queue-list time'],
    ['findings', '/findings', 'tbody time'],
  ])('counts ages in %s up to that moment', async (_page, path, selector) => {
    const asOf = week();
    await tried.browser.visit(tried.hub, `${path}?asOf=${asOf}`);
    const age = tried.browser.page.locator(selector).first();
    const length = Date.parse(asOf) - Date.parse((await age.getAttribute('datetime')) ?? '');
    const [, amount, unit = ''] = /^(\d+) (\w+)$/.exec((await age.textContent()) ?? '') ?? [];

    expect(UNITS_MS).toHaveProperty(unit);
    expect(Number(amount)).toBe(Math.floor(length / (UNITS_MS[unit] ?? 1)));
  });

  it('counts ages up to now where what is shown is of now whatever the clock says', async () => {
    await tried.browser.visit(tried.hub, `/settings?by=audit&asOf=${week()}`);
    const age = tried.browser.page.locator('tbody time').first();
    await age.waitFor();

    expect(await age.textContent()).not.toMatch(/^in /);
  });

  it('leads from what a team has now to findings and things to do of now', async () => {
    const { page } = tried.browser;
    for (const link of ['marketing', /non-root/]) {
      await tried.browser.visit(tried.hub, `/teams?q=owner%3Amarketing&asOf=${week()}`);
      await page.locator('tbody').getByRole('link', { name: link }).first().click();
      await page.waitForURL((url) => url.pathname !== '/teams');

      expect([link, new URL(page.url()).searchParams.has('asOf')]).toEqual([link, false]);
    }
  });

  it('leads from an exception, which is told as of now, to findings and objects of now, wherever they are', async () => {
    const q = 'control:allow-privilege-escalation';
    const { matches, digest } = await tried.hub.call('previewSelection', { body: { q } });
    const { items } = await tried.hub.call('exceptSelection', {
      body: { q, matches, digest, reason: 'It is being mended.' },
    });
    const { page } = tried.browser;
    await tried.browser.visit(
      tried.hub,
      `/exceptions?open=hub%3A${items[0]?.id}&asOf=${week()}&namespace=marketing`,
    );
    const links = page.locator('aside').getByRole('link');
    await page.locator('aside ul a').first().waitFor();
    const addresses = [
      ...(await links.evaluateAll((all) => all.map((each) => String(each.getAttribute('href'))))),
      String(await page.getByRole('link', { name: 'accepted findings' }).getAttribute('href')),
    ].map((href) => new URL(href, tried.hub.url).searchParams);

    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((parts) => parts.has('asOf'))).toEqual([]);
    expect(addresses.filter((parts) => parts.has('open') && parts.has('namespace'))).toEqual([]);
  });

  it('says in the settings that they are as of now, in every part of them', async () => {
    for (const by of ['health', 'clusters', 'owners', 'users', 'tokens', 'notifications', 'audit']) {
      await tried.browser.visit(tried.hub, `/settings?by=${by}&asOf=${week()}`);
      await tried.browser.page
        .getByText('This is as of now: the clock sets inventory and findings')
        .waitFor();
    }
  });

  it('leads from a day of the trend to what was open at its end, by the keyboard', async () => {
    await tried.browser.visit(tried.hub, '/');
    const days = tried.browser.page.locator('.trend a');
    await days.last().focus();
    for (const _step of [1, 2, 3]) await tried.browser.page.keyboard.press('ArrowLeft');
    const label = (await days.nth((await days.count()) - 4).getAttribute('aria-label')) ?? '';
    await tried.browser.page.keyboard.press('Enter');
    await tried.browser.page.waitForURL(/\/findings\?.*asOf=/);
    const asOf = new URL(tried.browser.page.url()).searchParams.get('asOf')?.replaceAll('"', '') ?? '';

    expect(label).toContain(asOf.slice(0, 10));
    expect(label).toContain(`: ${await openAt(asOf)} open findings`);
    expect(tried.browser.faults).toEqual([]);
  });

  it('opens from a comparison the finding of the later moment, in which nothing is decided, and Back closes it', async () => {
    const [from, to] = [new Date(Date.now() - 3 * WEEK_MS).toISOString(), week()];
    const row = await tried.firstRow(`/changes?from=${from}&to=${to}&by=findings`);
    const asked = tried.browser.page.waitForRequest(/\/clusters\/1\/findings\//);
    await row.press('Enter');
    const panel = tried.browser.page.locator('aside');
    const link = panel.getByRole('link', { name: / \/ / }).first();
    await link.waitFor();

    expect(new URL((await asked).url()).searchParams.get('asOf')).toBe(to);
    await panel.getByText(/^As of /).waitFor();
    expect(await panel.getByRole('toolbar').count()).toBe(0);
    expect(await panel.getByLabel('Comment').count()).toBe(0);
    expect(
      new URL((await link.getAttribute('href')) ?? '', tried.hub.url).searchParams.get('asOf'),
    ).toContain(to);
    expect(await tried.browser.axe()).toEqual([]);
    await tried.browser.page.getByRole('button', { name: 'Export' }).click();
    const file = tried.browser.page.getByRole('menuitem', { name: /^CSV/ });
    const address = new URL((await file.getAttribute('href')) ?? '', tried.hub.url).searchParams;
    expect([address.get('from'), address.get('to'), address.has('asOf')]).toEqual([from, to, false]);
    await tried.browser.page.keyboard.press('Escape');
    await tried.browser.page.goBack();
    await panel.waitFor({ state: 'detached' });
    expect(new URL(tried.browser.page.url()).pathname).toBe('/changes');
    expect(tried.browser.faults).toEqual([]);
  });

  it('exports for an auditor what is shown: the cluster and the moment', async () => {
    const asOf = week();
    await tried.browser.visit(tried.hub, `/frameworks?cluster=1&asOf=${asOf}`);
    const download = tried.browser.page.waitForEvent('download');
    await tried.browser.page.getByRole('link', { name: 'Export for an auditor as JSON' }).click();
    const file = await eventually('a report', async () => (await download).path());
    const report = frameworkReport.parse(JSON.parse(readFileSync(file, 'utf8')));

    expect(report.asOf).toBe(asOf);
    expect(report.clusters.map(({ id }) => id)).toEqual([1]);
    expect(report.total).toBe(report.findings.length);
  });
});
