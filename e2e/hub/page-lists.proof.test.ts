import { describe, expect, it } from 'vitest';
import { hasBrowser, type Look } from './browser.testing.ts';
import { demoPage, LOOKS } from './tried-page.testing.ts';

const NARROW: Look = { width: 768, scheme: 'light' };

describe.skipIf(!hasBrowser)('lists that open on the page in Chromium', () => {
  const tried = demoPage();

  async function wrongWhileOpen(): Promise<string[]> {
    const list = tried.browser.page.locator('[role=listbox]:visible, [role=menu]:visible').first();
    await list.waitFor();
    const wrong: string[] = [];
    for (const look of [...LOOKS, NARROW]) {
      await tried.browser.look(look);
      wrong.push(...(await tried.browser.axe()));
      if ((await tried.browser.width()) > look.width) wrong.push(`wider than ${look.width} px`);
      const box = await list.boundingBox();
      if (box === null || box.x < 0 || box.x + box.width > look.width) wrong.push(`cut at ${look.width} px`);
    }
    return wrong;
  }

  it.each([
    { what: 'the role of a new user', path: '/settings?by=users', open: 'New user', list: 'Role' },
    {
      what: 'the role of a new token',
      path: '/settings?by=tokens',
      open: 'New token',
      title: 'New API token',
      list: 'Role',
    },
    {
      what: 'the type of a new channel',
      path: '/settings?by=notifications',
      open: 'New channel',
      list: 'Type',
    },
  ])(
    'belong to their dialog, where axe finds nothing wrong: $what',
    async ({ path, open, title = open, list }) => {
      await tried.browser.visit(tried.hub, path);
      await tried.browser.page.getByRole('button', { name: open }).click();
      const dialog = tried.browser.page.getByRole('dialog', { name: title });
      await dialog.getByRole('combobox', { name: list }).click();

      await dialog.getByRole('listbox').getByRole('option').first().waitFor();
      expect(await wrongWhileOpen()).toEqual([]);
      expect(tried.browser.faults).toEqual([]);
    },
  );

  it.each([
    { what: 'Export', path: '/findings', role: 'button' },
    { what: /^Signed in as/, path: '/nodes', role: 'button' },
  ] as const)('are part of a landmark: $what', async ({ path, what, role }) => {
    await tried.browser.visit(tried.hub, path);
    await tried.browser.page.getByRole(role, { name: what }).click();

    expect(await wrongWhileOpen()).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });

  it('complete a query inside the page', async () => {
    await tried.browser.visit(tried.hub, '/findings');
    await tried.browser.page.locator('[data-query]').fill('sev');

    await tried.browser.page.getByRole('banner').getByRole('option').first().waitFor();
    expect(await wrongWhileOpen()).toEqual([]);
  });
});
