import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

describe.skipIf(!hasBrowser)('what has no room, or is not shown to everybody, in Chromium', () => {
  const tried = demoPage();

  it('an entry of the audit log opens with the keyboard and can be read in full', async () => {
    await tried.hub.call('createUser', { body: { name: 'otto', role: 'viewer' } });
    const row = await tried.firstRow('/settings?by=audit');
    await row.press('Enter');
    const panel = tried.browser.page.locator('aside');
    await panel.waitFor();

    await panel.getByText(/otto/).first().waitFor();
    expect(await tried.browser.axe()).toEqual([]);
    await tried.browser.page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(tried.browser.faults).toEqual([]);
  });

  it('to who is limited to namespaces it is said that nodes are not shown, not that there are none', async () => {
    const limits = { clusters: 'all' as const, namespaces: ['payments'] };
    const { link } = await tried.hub.call('createUser', { body: { name: 'nina', role: 'viewer', limits } });
    const { page } = tried.browser;
    const context = page.context();
    await context.clearCookies();
    try {
      await page.goto(`${tried.hub.url}/${link.replace(/^[^#]*/, '')}`);
      await page.getByRole('button', { name: 'Signed in as nina' }).waitFor();
      for (const path of ['/nodes', '/nodes?q=name%3Ax']) {
        await tried.browser.visit(tried.hub, path);
        await page.getByText('Nodes are not shown to you.').waitFor();
      }
      expect(await tried.browser.axe()).toEqual([]);
    } finally {
      await context.clearCookies();
      await context.addCookies([{ ...tried.hub.session, url: tried.hub.url }]);
    }
  });
});
