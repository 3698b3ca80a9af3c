import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('the page for who has no mouse, in Chromium', () => {
  const tried = demoPage();
  const press = (key: string) => tried.browser.page.keyboard.press(key);
  const parts = () => new URL(tried.browser.page.url()).searchParams;

  describe('two moments that are compared', () => {
    const DAY_MS = 86_400_000;
    const from = new Date(Date.now() - 5 * DAY_MS).toISOString();

    /** A day of the last weeks as one types it into a field of Chromium, and what is then asked for. */
    function typedDay(daysAgo: number) {
      const day = new Date(Date.now() - daysAgo * DAY_MS);
      day.setHours(8, 30, 0, 0);
      const two = (part: number) => String(part).padStart(2, '0');
      return {
        keys: `${two(day.getMonth() + 1)}${two(day.getDate())}${day.getFullYear()}`,
        iso: day.toISOString(),
      };
    }

    it.each([
      ['First moment', 'from', 9],
      ['Second moment', 'to', 2],
    ])('takes the %s as it is typed, with Enter, in one step', async (label, part, daysAgo) => {
      const { page } = tried.browser;
      const { keys, iso } = typedDay(daysAgo);
      await tried.browser.visit(tried.hub, '/nodes');
      await tried.browser.visit(tried.hub, `/changes?from=${from}`);
      const steps = await page.evaluate<number>('history.length');
      await page.getByLabel(label).focus();
      await page.keyboard.type(keys);
      await press('ArrowRight');
      await page.keyboard.type('0830AM');
      expect(parts().get('from')).toContain(from);
      await press('Enter');

      await expect.poll(() => parts().get(part)?.replaceAll('"', ''), PATIENT).toBe(iso);
      expect(await page.evaluate<number>('history.length')).toBe(steps + 1);
      expect(tried.browser.faults).toEqual([]);
    });

    it('takes what was typed when the field is left', async () => {
      const { keys } = typedDay(9);
      await tried.browser.visit(tried.hub, `/changes?from=${from}`);
      await tried.browser.page.getByLabel('First moment').focus();
      await tried.browser.page.keyboard.type(keys);
      await tried.browser.page.getByLabel('Second moment').focus();

      await expect.poll(() => parts().get('from'), PATIENT).not.toContain(from);
    });
  });
});
