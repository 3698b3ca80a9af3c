import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const PASSWORD = 'a long enough one';

describe.skipIf(!hasBrowser)('a password (needs Chromium)', () => {
  const tried = demoPage();

  it('is chosen in the page, and signs in without a link from then on', async () => {
    await tried.browser.visit(tried.hub, '/');
    const { page } = tried.browser;
    await page.getByRole('button', { name: 'Signed in as admin' }).click();
    await page.getByRole('menuitem', { name: 'Choose a password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a password' });
    await dialog.getByLabel('New password').fill(PASSWORD);
    await dialog.getByLabel('The same again').fill('another one');
    await dialog.getByText('It is another one.').waitFor();
    await dialog.getByLabel('The same again').fill(PASSWORD);
    expect(await tried.browser.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await page.getByText('It is set.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('button', { name: 'Signed in as admin' }).click();
    await page.getByRole('menuitem', { name: 'Change your password' }).waitFor();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('admin');
    await page.locator('input[autocomplete="current-password"]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Signed in as admin' }).waitFor();
  }, 120_000);
});
