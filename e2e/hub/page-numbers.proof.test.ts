import { MOST_COVERED } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const DAY_MS = 86_400_000;
/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('the numbers of the page, in Chromium', () => {
  const tried = demoPage();
  const page = () => tried.browser.page;
  const numberOf = (text: string | null) => Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
  /** How many the list of the page has. */
  const listed = async () => numberOf(await page().locator('h1 + .number').textContent());

  it.each(['control', 'workload', 'namespace', 'owner'])(
    'of a group by %s lead to as many findings of those that were asked for',
    async (by) => {
      const row = await tried.firstRow(
        `/findings?by=${by}&q=${encodeURIComponent('severity:high -name:web')}`,
      );
      const found = numberOf(await row.locator('td.number').first().textContent());
      await row.click();
      await page().waitForURL(/q=severity%3Ahigh/);

      await expect.poll(listed, PATIENT).toBe(found);
      expect(tried.browser.faults).toEqual([]);
    },
  );

  it.each(['came', 'went'] as const)(
    'of what %s since the day before lead to the list of these',
    async (move) => {
      // The last moments of days: soon after midnight nothing has moved yet.
      const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const moments = Array.from({ length: 28 }, (_each, day) => new Date(today - day * DAY_MS - 1));
      let asOf = '';
      for (const moment of moments) {
        asOf = moment.toISOString();
        const { moved } = await tried.hub.call('getQueue', { query: { asOf } });
        if ((moved?.[move] ?? 0) > 0) break;
      }
      await tried.browser.visit(tried.hub, `/?asOf=${asOf}`);
      const link = page().getByRole('link', { name: new RegExp(`^[\\d,]+ ${move}$`) });
      const count = numberOf(await link.textContent());
      await link.click();
      await page().getByRole('table', { name: 'Changes' }).waitFor();

      await expect.poll(listed, PATIENT).toBe(count);
      const signs = await page().locator('tbody tr[data-index] td:first-child').allTextContents();
      expect(new Set(signs.map((text) => text.trim()[0]))).toEqual(new Set([move === 'came' ? '+' : '−']));
      expect(tried.browser.faults).toEqual([]);
    },
  );

  it('of an exception lead to all that it covers, from its panel and from where it is decided', async () => {
    const q = 'severity:>=info';
    const { matches, digest } = await tried.hub.call('previewSelection', { body: { q } });
    const body = { q, matches, digest, reason: 'It is being mended.' };
    const { items } = await tried.hub.call('exceptSelection', { body });
    const id = items[0]?.id ?? 0;
    const covered = () => tried.hub.call('getException', { params: { id } });
    await expect.poll(async () => (await covered()).covers, PATIENT).toBeGreaterThan(MOST_COVERED);
    const { covers } = await covered();
    const places = [
      { named: MOST_COVERED, within: page().locator('aside'), open: async () => undefined },
      {
        named: 5,
        within: page().getByRole('dialog'),
        open: () => page().locator('aside').getByRole('button', { name: 'Refuse' }).click(),
      },
    ];
    for (const { named, within, open } of places) {
      await tried.browser.visit(tried.hub, `/exceptions?open=hub%3A${id}`);
      await open();
      const more = within.getByRole('link', { name: /^And [\d,]+ more$/ });
      expect(numberOf(await more.textContent())).toBe(covers - named);
      await more.click();
      await page().waitForURL(/\/findings\?/);

      await expect.poll(listed, PATIENT).toBe(covers);
    }
    expect(tried.browser.faults).toEqual([]);
  });
});
