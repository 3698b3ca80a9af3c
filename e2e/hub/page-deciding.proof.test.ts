import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { pause } from './running-hub.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const QUERY = 'severity:high state:open';
const FOCUSED_PART = "document.activeElement?.getAttribute('aria-label')";
/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('deciding about findings on the page, in Chromium', () => {
  const tried = demoPage();
  const press = (key: string) => tried.browser.page.keyboard.press(key);
  const dialog = () => tried.browser.page.getByRole('dialog');
  const panel = () => tried.browser.page.locator('aside');

  /** Goes to the first row of the findings, and answers which finding that is. */
  async function atFirst() {
    const query = { q: QUERY, sort: 'name', limit: 2 };
    const { items } = await tried.hub.call('listFindings', { query: query as never });
    const row = await tried.firstRow(`/findings?q=${encodeURIComponent(QUERY)}&sort=name`);
    await row.focus();
    const [first] = items;
    if (first === undefined) throw new Error('the demonstration has no such finding');
    const detail = () =>
      tried.hub.call('getFinding', {
        params: { cluster: first.cluster.id, fingerprint: first.fingerprint },
        query: {} as never,
      });
    return { key: `${first.cluster.id}.${first.fingerprint}`, detail };
  }

  it('assigns the row to anybody with a, and stays on the row', async () => {
    await tried.hub.call('createUser', { body: { name: 'jane', role: 'editor' } as never });
    const { detail } = await atFirst();
    await press('a');
    await dialog().getByRole('combobox', { name: 'To' }).fill('jane');
    await dialog().getByRole('option', { name: 'jane' }).click();
    expect(await tried.browser.axe()).toEqual([]);
    await dialog().getByRole('button', { name: 'Assign' }).click();
    await dialog().waitFor({ state: 'detached' });

    expect((await detail()).assignee).toBe('jane');
    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
    expect(tried.browser.faults).toEqual([]);
  });

  it('shows how to fix the row with f, and Esc leads back to it', async () => {
    await atFirst();
    await press('j');
    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('1');
    await press('f');
    await expect.poll(() => tried.browser.page.evaluate(FOCUSED_PART), PATIENT).toBe('How to mend it');
    await press('Escape');
    await panel().waitFor({ state: 'detached' });

    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('1');
  });

  it('acknowledges and defers to any day from the panel', async () => {
    const { key, detail } = await atFirst();
    await press('Enter');
    const acts = panel().getByRole('toolbar', { name: 'What to do with it' });
    await acts.getByRole('button', { name: 'Acknowledge' }).click();
    await acts.getByRole('button', { name: 'No longer acknowledge' }).waitFor();
    await acts.getByRole('button', { name: 'Defer', exact: true }).click();
    await dialog().getByLabel('Until').fill('2031-03-05');
    expect(await tried.browser.axe()).toEqual([]);
    await dialog().getByRole('button', { name: 'Defer' }).click();
    await dialog().waitFor({ state: 'detached' });

    await acts.getByRole('button', { name: 'No longer defer' }).waitFor();
    const { acknowledged, deferredUntil } = await detail();
    expect(acknowledged).toBe(true);
    expect(Date.parse(deferredUntil ?? '') - Date.parse('2031-03-05')).toBeLessThan(86_400_000);
    expect(new URL(tried.browser.page.url()).searchParams.get('open')).toBe(key);
    expect(await tried.browser.axe()).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });

  describe('everything that a query finds', () => {
    const bar = () => tried.browser.page.getByRole('toolbar', { name: 'Chosen findings' });
    const chooseAll = () => tried.browser.page.getByRole('checkbox', { name: /^Choose all/ }).click();

    async function askFor(q: string): Promise<number> {
      await tried.browser.page.locator('[data-query]').fill(q);
      await press('Enter');
      await tried.browser.page.waitForURL((url) => url.searchParams.get('q') === q);
      return (await tried.hub.all('listFindings', q)).length;
    }

    it('is not taken for what another query finds, where that is asked before the answer is there', async () => {
      const { page } = tried.browser;
      await tried.firstRow('/findings');
      let answer: () => void = () => undefined;
      const isHeld = new Promise<void>((done) => {
        answer = done;
      });
      await page.route('**/api/v1/findings/selection', async (route) => {
        await isHeld;
        await route.continue();
      });
      const looked = page.waitForRequest('**/api/v1/findings/selection');
      await chooseAll();
      await looked;
      const count = await askFor('severity:low');
      const answered = page.waitForResponse('**/api/v1/findings/selection');
      answer();
      await (await answered).finished();
      await pause(500);
      expect(await bar().count()).toBe(0);
      await page.unroute('**/api/v1/findings/selection');
      await chooseAll();

      await bar()
        .getByText(`All ${count.toLocaleString('en')} that the query finds`)
        .waitFor();
      expect(tried.browser.faults).toEqual([]);
    });

    it('says why it cannot be chosen, until another query is asked', async () => {
      const { page } = tried.browser;
      await tried.firstRow('/findings');
      const refusal = {
        type: 'about:blank',
        title: 'Bad',
        status: 400,
        code: 'bad-request',
        detail: 'Narrow it.',
      };
      await page.route('**/api/v1/findings/selection', (route) =>
        route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: JSON.stringify(refusal),
        }),
      );
      await chooseAll();
      await page.getByText('Narrow it.').waitFor();
      await askFor('severity:low');

      await page.getByText('Narrow it.').waitFor({ state: 'detached' });
    });
  });

  it('says that a comment was not taken, and keeps it', async () => {
    await atFirst();
    await press('Enter');
    const field = panel().getByRole('textbox', { name: 'Comment' });
    const text = 'x'.repeat(10_001);
    await field.fill(text);
    await panel().getByRole('button', { name: 'Comment' }).click();
    await panel().getByRole('alert').waitFor();

    expect(await field.inputValue()).toBe(text);
    expect(await tried.browser.axe()).toEqual([]);
  });

  it('says that nothing was accepted while the browser is offline, and does not do it later', async () => {
    const context = tried.browser.page.context();
    const exceptions = async () =>
      (await tried.hub.call('listExceptions', { query: {} as never })).items.length;
    const before = await exceptions();
    await atFirst();
    await press('Enter');
    await panel().getByText('How to mend it').waitFor();
    await press('e');
    await dialog().getByLabel('Reason').fill('Typed while offline.');
    await context.setOffline(true);
    try {
      await dialog()
        .getByRole('button', { name: /^(Accept|Ask for approval)$/ })
        .click();
      await dialog().getByRole('alert').waitFor();
      await dialog().getByRole('button', { name: 'Cancel' }).click();
      await dialog().waitFor({ state: 'detached' });
    } finally {
      await context.setOffline(false);
    }
    await tried.firstRow('/findings');

    expect(await exceptions()).toBe(before);
  });

  it('asks with e to accept what is open, with a reason', async () => {
    const { detail } = await atFirst();
    await press('Enter');
    await panel().getByText('How to mend it').waitFor();
    await press('Enter');
    await press('e');
    await dialog().getByLabel('Reason').fill('It goes away next week.');
    await dialog()
      .getByRole('button', { name: /^(Accept|Ask for approval)$/ })
      .click();
    await dialog().waitFor({ state: 'detached' });

    // What is decided is judged with at the next look.
    await expect
      .poll(async () => {
        const { exception, requested } = await detail();
        return (exception ?? requested)?.reason;
      }, PATIENT)
      .toBe('It goes away next week.');
    expect(tried.browser.faults).toEqual([]);
  });
});
