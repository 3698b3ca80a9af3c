import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

describe.skipIf(!hasBrowser)('limits under Settings in Chromium', () => {
  const tried = demoPage();

  async function formOf(path: string, button: string) {
    await tried.browser.visit(tried.hub, path);
    await tried.browser.page.getByRole('button', { name: button }).click();
    const dialog = tried.browser.page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }

  /** Types into the field of the namespaces and takes what is offered first. */
  async function take(dialog: Awaited<ReturnType<typeof formOf>>, text: string, offered: RegExp) {
    await dialog.getByRole('combobox', { name: 'Namespaces' }).fill(text);
    await dialog.locator('[role=option][data-combobox-selected]').filter({ hasText: offered }).waitFor();
    await tried.browser.page.keyboard.press('Enter');
  }

  it('of a new user are chosen by name and pattern, said in one sentence, and shown in the table', async () => {
    const dialog = await formOf('/settings?by=users', 'New user');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('ben');
    await dialog.getByText('Sees everything in every cluster, and decides nothing.').waitFor();
    await dialog.getByText('Some clusters or namespaces').click();
    expect(await dialog.getByRole('button', { name: 'Make it' }).isDisabled()).toBe(true);
    await take(dialog, 'payments', /^payments$/);
    await take(dialog, 'st*', /^st\* \(\d+ namespaces? now\)$/);

    await dialog
      .getByText(
        /^Sees what is in the namespace payments and every namespace that fits st\* of every cluster,/,
      )
      .waitFor();
    expect(await tried.browser.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText(/#link=bwl_/).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    const user = (await tried.hub.call('listUsers', {})).items.find(({ name }) => name === 'ben');
    expect(user?.limits).toEqual({ clusters: 'all', namespaces: ['payments', 'st*'] });
    await tried.browser.page.locator('tbody tr', { hasText: 'ben' }).getByText('payments, st*').waitFor();
    expect(tried.browser.faults).toEqual([]);
  });

  it('of a user can be changed, and a last one that is taken away does not give everything', async () => {
    const limits = { clusters: 'all' as const, namespaces: ['orders'] };
    await tried.hub.call('createUser', { body: { name: 'eva', role: 'viewer', limits } });
    const dialog = await formOf('/settings?by=users', 'Change user eva');
    await dialog.getByRole('combobox', { name: 'Namespaces' }).press('Backspace');
    await dialog.getByText('Choose a cluster or a namespace.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByText('Everywhere', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });

    const eva = (await tried.hub.call('listUsers', {})).items.find(({ name }) => name === 'eva');
    expect(eva?.limits).toEqual({ clusters: 'all', namespaces: 'all' });
  });

  it('say at their field what the hub refuses, and of a pattern that nothing fits it now', async () => {
    const dialog = await formOf('/settings?by=tokens', 'New token');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('shop');
    await dialog.getByText('Some clusters or namespaces').click();
    const field = dialog.getByRole('combobox', { name: 'Namespaces' });
    await field.fill('nothing-like-this-*');
    await dialog.getByRole('option', { name: 'nothing-like-this-* (no namespace fits now)' }).waitFor();
    await field.press('Tab');
    await dialog
      .getByText(/^Sees what is in every namespace that fits nothing-like-this-\* of every/)
      .waitFor();
    await field.fill('Not_A_Name');
    await dialog.getByRole('option', { name: /^Not_A_Name/ }).click();
    await dialog.getByRole('button', { name: 'Make it' }).click();

    await dialog.getByText('must be the name of a namespace, or a pattern of names such as pay*').waitFor();
    expect((await tried.hub.call('listTokens', {})).items).toEqual([]);
    expect(await tried.browser.axe()).toEqual([]);
  });
});
