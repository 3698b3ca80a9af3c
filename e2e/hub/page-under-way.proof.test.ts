import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const FOCUSED = 'document.activeElement?.textContent';

describe.skipIf(!hasBrowser)('what is under way on the page, in Chromium', () => {
  const tried = demoPage();
  const dialog = () => tried.browser.page.getByRole('dialog');

  it.each([
    ['user', '/settings?by=users', '**/api/v1/users'],
    ['token', '/settings?by=tokens', '**/api/v1/tokens'],
  ])('keeps the dialog of a new %s, which shows what was made, and the focus', async (what, path, route) => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, path);
    let answer = () => undefined as unknown;
    const held = new Promise<void>((done) => {
      answer = done;
    });
    await page.route(route, async (each) => {
      if (each.request().method() === 'POST') await held;
      await each.continue();
    });
    await page.getByRole('button', { name: `New ${what}` }).click();
    await dialog().getByRole('textbox', { name: 'Name' }).fill(`slow-${what}`);
    const asked = page.waitForRequest((request) => request.method() === 'POST');
    await page.keyboard.press('Enter');
    await asked;
    await page.keyboard.press('Escape');
    answer();

    await dialog().getByRole('button', { name: 'Copy it' }).waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Copy it');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(tried.browser.faults).toEqual([]);
  });

  it('says at once that nothing was accepted where the hub is away, whatever else is asked', async () => {
    const { page } = tried.browser;
    await (await tried.firstRow('/findings')).press('x');
    await page.getByRole('toolbar').getByRole('button', { name: 'Accept with a reason' }).click();
    await dialog().getByRole('textbox', { name: 'Reason' }).fill('The hub is away.');
    await page.route('**/api/v1/**', (route) =>
      route.request().method() === 'POST' ? route.abort() : new Promise(() => undefined),
    );
    await dialog()
      .getByRole('button', { name: /^(Accept|Ask for approval)$/ })
      .click();

    await dialog().getByText('The hub does not answer.').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });
});
