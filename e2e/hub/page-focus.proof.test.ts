import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const FOCUSED = 'document.activeElement?.textContent';
const FOCUS_IN_MAIN = "document.activeElement?.closest('main') !== null";
/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('the focus on what goes once it was used, in Chromium', () => {
  const tried = demoPage();
  const press = (key: string) => tried.browser.page.keyboard.press(key);
  const focused = () => tried.browser.page.evaluate<string>(FOCUSED);
  const bar = () => tried.browser.page.getByRole('toolbar', { name: 'Chosen findings' });
  const use = async (name: string, of = bar()) => {
    await of.getByRole('button', { name, exact: true }).focus();
    await press('Enter');
  };

  /** Refuses a decision about all that a query finds, as if there were others by now. */
  async function othersByNow(): Promise<void> {
    await tried.browser.page.route('**/api/v1/findings/selection/triage', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Look again.', status: 409, code: 'conflict' }),
      }),
    );
  }

  it('leads from Look again, beside what is chosen, to what was refused', async () => {
    await tried.firstRow('/findings?q=severity:high');
    await othersByNow();
    await press('X');
    await use('Acknowledge');
    await bar().getByRole('button', { name: 'Look again' }).waitFor();
    await use('Look again');
    await bar().getByRole('button', { name: 'Look again' }).waitFor({ state: 'detached' });

    expect(await focused()).toBe('Acknowledge');
  });

  it('leads from Choose all to what can be decided, and from Choose none to the list', async () => {
    const { page } = tried.browser;
    const row = await tried.firstRow('/findings?q=severity:high');
    await row.press('x');
    const all = bar().getByRole('button', { name: /^Choose all / });
    await all.focus();
    await press('Enter');
    await all.waitFor({ state: 'detached' });
    await expect.poll(focused, PATIENT).toBe('Assign');
    await use('Choose none');
    await bar().waitFor({ state: 'detached' });

    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
    await page.keyboard.press('j');
    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('1');
  });

  it('leads from the clock, and from a moment that is not known, back to them', async () => {
    const { page } = tried.browser;
    await tried.firstRow('/findings');
    const clock = page.getByRole('button', { name: /^as of/ });
    await clock.focus();
    await press('Enter');
    await use('yesterday', page.getByRole('dialog'));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused, PATIENT).toMatch(/^as of \d|^as of \w+ \d/);

    await tried.browser.visit(tried.hub, '/findings?asOf=2020-01-01T00:00:00Z');
    await use('Back to now', page.getByRole('main'));
    await page.locator('tbody tr[data-index="0"]').waitFor();
    await expect.poll(() => page.evaluate(FOCUS_IN_MAIN), PATIENT).toBe(true);
  });

  it('leads from a user who is removed to the next one', async () => {
    const { page } = tried.browser;
    for (const name of ['zoe', 'zora'])
      await tried.hub.call('createUser', { body: { name, role: 'viewer' } });
    await tried.browser.visit(tried.hub, '/settings?by=users');
    const remove = page.getByRole('button', { name: 'Remove user zoe', exact: true });
    await remove.focus();
    await press('Enter');
    await press('Enter');
    await page
      .getByRole('button', { name: /user zoe$/ })
      .first()
      .waitFor({ state: 'detached' });

    await expect.poll(focused, PATIENT).toContain('zora');
  });
});
