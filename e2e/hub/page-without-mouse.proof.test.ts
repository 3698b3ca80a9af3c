import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { pause } from './running-hub.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const FOCUSED =
  'document.activeElement?.id || document.activeElement?.textContent || document.activeElement?.tagName';
const FOCUS_IN_MAIN = "document.activeElement?.closest('main') !== null";
/** How late a hub answers that is far away, ms. */
const FAR_MS = 400;
/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('the page for who has no mouse, in Chromium', () => {
  const tried = demoPage();
  const press = (key: string) => tried.browser.page.keyboard.press(key);
  const dialog = () => tried.browser.page.getByRole('dialog');
  const focused = () => tried.browser.page.evaluate<string>(FOCUSED);
  const parts = () => new URL(tried.browser.page.url()).searchParams;

  /** Lets every change that is asked for wait as it does where the hub is far away. */
  async function farAway(): Promise<void> {
    await tried.browser.page.route('**/api/v1/**', async (route) => {
      if (route.request().method() !== 'GET') await pause(FAR_MS);
      await route.continue();
    });
  }

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

    it('gives back with Escape what was there, and says so where there is no such moment', async () => {
      const { page } = tried.browser;
      const { keys } = typedDay(9);
      const first = page.getByLabel('First moment');
      await tried.browser.visit(tried.hub, `/changes?from=${from}`);
      const before = await first.inputValue();
      await first.focus();
      await page.keyboard.type(keys);
      expect(await first.inputValue()).not.toBe(before);
      await press('Escape');
      expect(await first.inputValue()).toBe(before);
      await page.getByLabel('Second moment').focus();
      expect(parts().get('from')).toContain(from);
      await first.focus();
      await page.keyboard.type('02302026');
      await press('Enter');
      await page.getByText('There is no such moment.').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await press('Escape');

      await page.getByText('There is no such moment.').waitFor({ state: 'detached' });
      expect(await first.inputValue()).toBe(before);
      expect(parts().get('from')).toContain(from);
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

  describe('what takes a while', () => {
    it('leaves the focus on the button of a form that is refused, and Escape closes its dialog', async () => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, '/settings?by=users');
      await farAway();
      await page.getByRole('button', { name: 'New user' }).click();
      await dialog().getByRole('textbox', { name: 'Name' }).fill('admin');
      await dialog().getByRole('button', { name: 'Make it' }).focus();
      await press('Enter');
      await dialog().getByText('There is a user admin already.').waitFor();
      expect(await focused()).toBe('Make it');
      await press('Escape');

      await dialog().waitFor({ state: 'detached' });
    });

    it('is asked for once, however often Enter is pressed', async () => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, '/settings?by=users');
      await farAway();
      let asked = 0;
      page.on('request', (request) => {
        if (request.method() === 'POST') asked += 1;
      });
      await page.getByRole('button', { name: 'New user' }).click();
      await dialog().getByRole('textbox', { name: 'Name' }).fill('admin');
      const button = dialog().getByRole('button', { name: 'Make it' });
      await press('Enter');
      await expect.poll(() => button.getAttribute('aria-disabled'), PATIENT).toBe('true');
      await press('Enter');
      await button.focus();
      await press('Enter');
      await dialog().getByText('There is a user admin already.').waitFor();

      expect(asked).toBe(1);
    });

    it('leaves the focus on what acknowledges in a panel', async () => {
      const row = await tried.firstRow('/findings');
      await farAway();
      await row.focus();
      await press('Enter');
      const acts = tried.browser.page.getByRole('toolbar', { name: 'What to do with it' });
      await acts.getByRole('button', { name: 'Acknowledge' }).focus();
      await press('Enter');
      await acts.getByRole('button', { name: 'No longer acknowledge' }).waitFor();

      expect(await focused()).toBe('No longer acknowledge');
    });
  });

  it('hears Escape in a dialog from which the focus has gone', async () => {
    await tried.browser.visit(tried.hub, '/settings?by=users');
    await tried.browser.page.getByRole('button', { name: 'New user' }).click();
    await dialog().getByRole('textbox', { name: 'Name' }).focus();
    await tried.browser.page.evaluate('document.activeElement.blur()');
    await press('Escape');

    await dialog().waitFor({ state: 'detached' });
  });

  it.each(['Assign', 'Defer'])(
    'offers to look again where %s is refused, as the query has others by now',
    async (act) => {
      const { page } = tried.browser;
      await tried.firstRow('/findings?q=severity:high');
      await press('j');
      await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
      await press('X');
      const bar = page.getByRole('toolbar', { name: 'Chosen findings' });
      await bar.getByText('that the query finds').waitFor();
      await page.route('**/api/v1/findings/selection/triage', (route) =>
        route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            type: 'about:blank',
            title: 'The query now finds 63 findings, not 64. Look again before you decide.',
            status: 409,
            code: 'conflict',
          }),
        }),
      );
      await bar.getByRole('button', { name: act, exact: true }).click();
      await dialog().getByRole('button', { name: act, exact: true }).click();
      await dialog().getByText('The query now finds 63').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      const looked = page.waitForResponse('**/api/v1/findings/selection');
      await dialog().getByRole('button', { name: 'Look again' }).focus();
      await press('Enter');
      await looked;
      // While it looks nothing is decided.
      await tried.browser.settled();
      await page.unroute('**/api/v1/findings/selection/triage');

      expect(await focused()).toBe(act);
      await press('Enter');
      await dialog().waitFor({ state: 'detached' });
    },
  );

  describe('the query', () => {
    const query = () => tried.browser.page.locator('[data-query]');

    it('is left with Enter for what it finds: j moves there, and Tab goes on from there', async () => {
      await tried.firstRow('/findings');
      await press('/');
      await tried.browser.page.keyboard.type('severity:high ');
      await press('Enter');
      await tried.browser.page.waitForURL(/q=severity/);
      await tried.browser.settled();
      expect(await tried.browser.axe()).toEqual([]);
      await press('Tab');
      expect(await tried.browser.page.evaluate(FOCUS_IN_MAIN)).toBe(true);
      await press('j');

      await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
      expect(await query().inputValue()).toBe('severity:high');
    });

    it.each(['Enter', 'Tab'])('is completed with %s, and asked and left with Enter', async (key) => {
      const { page } = tried.browser;
      const choose = async (option: RegExp) => {
        // What is offered follows what is typed.
        await page.locator('.query-options [role=option]:first-child', { hasText: option }).waitFor();
        await press('ArrowDown');
        await page.locator('.query-options [data-combobox-selected]').waitFor();
        await press(key);
      };
      await tried.firstRow('/findings');
      await press('/');
      await page.keyboard.type('sev');
      await choose(/^severity:/);
      await expect.poll(() => query().inputValue(), PATIENT).toBe('severity:');
      await page.keyboard.type('hi');
      await choose(/^high/);
      await expect.poll(() => query().inputValue(), PATIENT).toBe('severity:high ');
      expect(parts().has('q')).toBe(false);
      await page.keyboard.type('fixable:yes');
      await press('Enter');
      await page.waitForURL((url) => url.searchParams.get('q') === 'severity:high fixable:yes');
      await tried.browser.settled();
      await press('j');

      await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
      expect(await query().inputValue()).toBe('severity:high fixable:yes');
    });

    it('keeps the focus where it cannot be understood', async () => {
      await tried.firstRow('/findings');
      await press('/');
      await tried.browser.page.keyboard.type('severity:(');
      await press('Enter');
      await tried.browser.page.waitForURL(/q=severity/);

      expect(await query().evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
    });

    it.each([
      ['/findings', 'tr[data-index="1"]:focus'],
      ['/', 'button.queue-row:focus'],
    ])('is left with Escape for the list of %s, and nothing that is open is closed', async (path, focus) => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, path);
      await page.locator('tbody tr[data-index="1"], button.queue-row').first().focus();
      await press('Enter');
      await page.locator('aside').waitFor();
      await press('/');
      await page.keyboard.type('sev');
      await page
        .getByRole('option', { name: /^severity:/ })
        .first()
        .waitFor();
      await press('Escape');
      await page.getByRole('option').first().waitFor({ state: 'hidden' });
      expect(await query().inputValue()).toBe('sev');
      await press('Escape');

      await page.locator(focus).waitFor();
      await page.locator('aside').waitFor();
    });
  });

  it('tells each page and object in the title of its tab', async () => {
    const title = () => tried.browser.page.title();
    await tried.browser.visit(tried.hub, '/findings?q=severity:high');
    await expect.poll(title, PATIENT).toBe('severity:high · Findings · Bulwark');
    await tried.browser.page.getByRole('link', { name: 'Workloads' }).click();
    await expect.poll(title, PATIENT).toBe('Workloads · Bulwark');
    await tried.browser.page.locator('tbody tr[data-index="0"]').click();

    await expect.poll(title, PATIENT).toMatch(/^\S+ \/ \S+ · Workload · Bulwark$/);
  });
});
