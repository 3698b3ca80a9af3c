import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const TURNED = 'Reviewed by \u202enna';
const SEEN = 'Reviewed by \\u202enna';

describe.skipIf(!hasBrowser)('a text that would turn the direction of what is read, in Chromium', () => {
  const tried = demoPage();

  it('is shown as it is written, and turns nothing beside it, wherever an exception is shown', async () => {
    const { page } = tried.browser;
    const { id } = await tried.hub.call('createException', {
      body: { scope: { controls: ['host-pid'] }, reason: TURNED, owner: `team ${TURNED}` },
    });
    await tried.browser.look({ width: 1920, scheme: 'light' });
    await tried.browser.visit(tried.hub, '/exceptions');
    const row = page.locator('tbody tr[data-index]', { hasText: SEEN });
    await row.waitFor();
    const inList = await row.locator('bdi', { hasText: SEEN }).count();
    await tried.browser.visit(tried.hub, `/exceptions?open=hub%3A${id}`);
    const panel = page.locator('aside');
    await panel.getByText(SEEN, { exact: true }).waitFor();
    await panel
      .getByRole('button', { name: /^(End|Refuse)/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText(SEEN, { exact: true }).waitFor();

    expect(inList).toBe(2);
    expect(await page.getByText('\u202e').count()).toBe(0);
    expect(tried.browser.faults).toEqual([]);
  });
});
