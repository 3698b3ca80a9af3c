import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasBrowser, type Look } from './browser.testing.ts';
import { demoPage, LOOKS } from './tried-page.testing.ts';

/** Every page that is a list. */
const EXPORTED_ON = [
  '/',
  '/findings',
  '/workloads',
  '/namespaces',
  '/nodes',
  '/secrets',
  '/teams',
  '/changes',
  '/changes?from=2020-01-01T00:00:00.000Z',
  '/controls',
  '/frameworks',
  '/exceptions',
  '/coverage',
  '/settings?by=audit',
  '/settings?by=clusters',
  '/settings?by=health',
];
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['/exceptions', '/coverage']);

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
    ...EXPORTED_ON.map((path) => ({ what: 'Export', path, role: 'button' }) as const),
    { what: /^Signed in as/, path: '/nodes', role: 'button' },
  ] as const)('are part of a landmark: $what on $path', async ({ path, what, role }) => {
    await tried.browser.visit(tried.hub, path);
    await tried.browser.page.getByRole(role, { name: what }).click();

    expect(await wrongWhileOpen()).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });

  it.each(EXPORTED_ON)('take away by the keyboard what the list on %s has', async (path) => {
    await tried.browser.visit(tried.hub, path);
    const { page } = tried.browser;
    await page.getByRole('button', { name: 'Export', exact: true }).focus();
    await page.keyboard.press('Enter');
    const csv = page.getByRole('menuitem', { name: /CSV/ });
    await csv.waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      csv.focus().then(() => page.keyboard.press('Enter')),
    ]);

    expect(download.suggestedFilename()).toMatch(/^[a-z-]+\.csv$/);
    const [head, ...rows] = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(head).toMatch(/^[A-Za-z]+(,[A-Za-z-]+)+$/);
    expect(rows.length > 1 || MAY_BE_EMPTY.has(path)).toBe(true);
    expect(tried.browser.faults).toEqual([]);
  });

  it('complete a query inside the page', async () => {
    await tried.browser.visit(tried.hub, '/findings');
    await tried.browser.page.locator('[data-query]').fill('sev');

    await tried.browser.page.getByRole('banner').getByRole('option').first().waitFor();
    expect(await wrongWhileOpen()).toEqual([]);
  });

  it('of teams show long ages in full, such as those of the first hour', async () => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, '/teams');
    await page.locator('.top time').first().waitFor();
    await page.evaluate(
      "for (const age of document.querySelectorAll('.top time')) age.textContent = '59 min';",
    );
    const cut =
      "[...document.querySelectorAll('.top .quiet')].filter((box) => box.scrollWidth > box.clientWidth).length";

    for (const look of [NARROW, ...LOOKS]) {
      await tried.browser.look(look);
      expect(await page.evaluate(cut)).toBe(0);
    }
  });
});
