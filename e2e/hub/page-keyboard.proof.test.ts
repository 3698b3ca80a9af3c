import { CONTROL_PLANE } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { planePage } from './tried-page.testing.ts';

describe.skipIf(CONTROL_PLANE === undefined || !hasBrowser)(
  'the page with the keyboard alone (needs shared/testbed and Chromium)',
  () => {
    const tried = planePage();

    it('goes to the query with /, asks with Enter, and the address says so', async () => {
      await tried.firstRow('/findings');
      await tried.browser.page.keyboard.press('/');
      await tried.browser.page.keyboard.type('severity:critical');
      await tried.browser.page.keyboard.press('Escape');
      await tried.browser.page.keyboard.press('Enter');
      await tried.browser.page.waitForURL(/q=severity/);
      await tried.browser.settled();

      await expect
        .poll(async () => {
          const marks = tried.browser.page.locator('tbody tr[data-index] td:nth-child(2)');
          return new Set(await marks.allTextContents()).size;
        })
        .toBe(1);
    });

    it('moves with j and k, opens with Enter, closes with Esc, and the focus stays on the row', async () => {
      const row = await tried.firstRow('/findings');
      await row.focus();
      await tried.browser.page.keyboard.press('j');
      await tried.browser.page.keyboard.press('j');
      await tried.browser.page.keyboard.press('k');
      const index = () => tried.browser.focusedRow();
      await expect.poll(index).toBe('1');
      await tried.browser.page.keyboard.press('Enter');
      await tried.browser.page.getByRole('heading', { name: 'Why it matters' }).waitFor();
      await tried.browser.page.keyboard.press('Escape');
      await tried.browser.page.locator('aside').waitFor({ state: 'detached' });

      await expect.poll(index).toBe('1');
    });

    it.each([
      ['j j k', '1'],
      ['PageDown PageDown k', '39'],
    ])('loses none of the keys %s, pressed before anything could be drawn', async (keys, index) => {
      const row = await tried.firstRow('/findings');
      await row.focus();
      await tried.browser.page.evaluate(`for (const key of ${JSON.stringify(keys.split(' '))})
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);

      await expect.poll(() => tried.browser.focusedRow()).toBe(index);
    });

    it('leaves the focus where one goes to from an end of a table, whatever is drawn anew', async () => {
      const row = await tried.firstRow('/findings');
      await row.focus();
      await tried.browser.page.keyboard.press('k');
      await tried.browser.page.keyboard.press('/');
      await tried.browser.look({ width: 1500, scheme: 'light' });
      await tried.browser.still();
      await tried.browser.page.keyboard.type('kind:Pod');

      expect(await tried.browser.page.locator('input:focus').inputValue()).toBe('kind:Pod');
    });

    it('reaches the first row with j from anywhere on the page', async () => {
      await tried.firstRow('/findings');
      await tried.browser.page.keyboard.press('j');

      await expect.poll(() => tried.browser.focusedRow()).toBe('0');
    });

    it('chooses with x, which offers what can be decided', async () => {
      const row = await tried.firstRow('/findings');
      await row.focus();
      await tried.browser.page.keyboard.press('x');
      await tried.browser.page.keyboard.press('j');
      await expect.poll(() => tried.browser.focusedRow()).toBe('1');
      await tried.browser.page.keyboard.press('x');

      await tried.browser.page.getByRole('toolbar').getByText('2 chosen').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
    });

    it('says what the keys are with ?', async () => {
      await tried.firstRow('/findings');
      await tried.browser.page.keyboard.press('?');

      const help = tried.browser.page.getByRole('dialog', { name: 'Keys' });
      await help.getByText('in the queue, all that the row is about').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await tried.browser.page.keyboard.press('Escape');
      await tried.browser.page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('moves in the queue with j and opens what to do first', async () => {
      await tried.browser.visit(tried.hub, '/');
      await tried.browser.page.locator('button.queue-row').first().waitFor();
      await tried.browser.page.keyboard.press('j');
      await tried.browser.page.keyboard.press('Enter');
      await tried.browser.page.locator('aside').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await tried.browser.page.keyboard.press('Escape');

      await tried.browser.page.locator('aside').waitFor({ state: 'detached' });
    });

    it('takes what a row of the queue is about with a, gives it back with a, and stays on the row', async () => {
      await tried.browser.visit(tried.hub, '/');
      const row = tried.browser.page.locator('button.queue-row').first();
      await row.focus();
      const title = (await tried.hub.call('getQueue', { query: {} as never })).items[0];
      const assignees = async () =>
        (await tried.hub.call('getQueue', { query: {} as never })).items.find(({ id }) => id === title?.id)
          ?.assignees;
      await tried.browser.page.keyboard.press('a');
      await row.getByText('you', { exact: true }).waitFor();
      expect(await assignees()).toEqual(['admin']);
      await tried.browser.page.keyboard.press('a');
      await row.getByText('you', { exact: true }).waitFor({ state: 'detached' });

      expect(await assignees()).toEqual([]);
      expect(await tried.browser.page.locator('button.queue-row:focus').count()).toBe(1);
      expect(tried.browser.faults).toEqual([]);
    });

    it('shows with f how to fix what a row of the queue is about, and Esc leads back to the row', async () => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, '/');
      await page.locator('button.queue-row').first().focus();
      await page.keyboard.press('f');
      await page.locator('section[aria-label="How to mend it"]:focus').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await page.keyboard.press('Escape');

      await page.locator('button.queue-row:focus').waitFor();
    });

    it('asks with e for the reason to accept all that a row of the queue is about, and stays on the row', async () => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, '/');
      const [item] = (await tried.hub.call('getQueue', { query: {} as never })).items;
      const count = (item?.findings ?? 0) + (item?.elsewhere ?? 0);
      await page.locator('button.queue-row').first().focus();
      await page.keyboard.press('e');
      const dialog = page.getByRole('dialog', { name: `Accept ${count} finding` });
      await dialog.getByText(item?.query ?? '', { exact: true }).waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      await page.locator('button.queue-row:focus').waitFor();
    });

    it('accepts with e what a row of the queue is about, which then is gone', async () => {
      const { page } = tried.browser;
      const items = async () =>
        (await tried.hub.call('getQueue', { query: { q: 'severity:medium' } as never })).items;
      const [item] = await items();
      await tried.browser.visit(tried.hub, '/?q=severity:medium');
      await page.locator('button.queue-row').first().focus();
      await page.keyboard.press('e');
      await page.getByLabel('Reason').fill('It is meant so.');
      await page.getByRole('button', { name: 'Accept', exact: true }).click();

      await expect.poll(async () => (await items()).map(({ id }) => id)).not.toContain(item?.id);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('button.queue-row:focus').waitFor();
      expect(tried.browser.faults).toEqual([]);
    });
  },
);
