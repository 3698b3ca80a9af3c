import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('the page after a click, in Chromium', () => {
  const tried = demoPage();
  const panel = () => tried.browser.page.locator('aside');
  const press = (key: string) => tried.browser.page.keyboard.press(key);
  const comment = () => panel().getByRole('textbox', { name: 'Comment' });

  it.each(['thead', 'tbody'])('hears its keys when a check box of the %s was clicked', async (part) => {
    await tried.firstRow('/findings');
    await tried.browser.page.locator(`${part} input[type=checkbox]`).first().click();
    await tried.browser.page.getByRole('toolbar', { name: 'Chosen findings' }).waitFor();
    await press('a');

    await tried.browser.page.getByRole('dialog', { name: /^Assign / }).waitFor();
  });

  it('hears its keys when a grouping was clicked', async () => {
    await tried.firstRow('/findings');
    await tried.browser.page.getByText('By owner').click();
    await tried.browser.page.waitForURL(/by=owner/);
    await tried.browser.page.getByRole('table', { name: 'Findings by owner' }).waitFor();
    await press('j');

    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
  });

  it('keeps a comment with the finding that it is written about, and no longer', async () => {
    await tried.firstRow('/findings');
    const rows = tried.browser.page.locator('tbody tr[data-index]');
    const second = await rows.nth(1).getByText(/./).first().textContent();
    await rows.nth(0).click();
    await comment().fill('of the first');
    await rows.nth(1).click();
    await expect.poll(() => panel().textContent(), PATIENT).toContain(second);

    await expect.poll(() => comment().inputValue(), PATIENT).toBe('');
  });

  it('leaves a field of the panel with one Escape, and the panel with the next one', async () => {
    await (await tried.firstRow('/findings')).click();
    await comment().fill('not lost');
    await press('Escape');
    expect(await comment().inputValue()).toBe('not lost');
    await press('Escape');

    await panel().waitFor({ state: 'detached' });
  });

  it('completes the query of secrets with what their list knows', async () => {
    await tried.browser.visit(tried.hub, '/secrets');
    await tried.browser.page.locator('[data-query]').pressSequentially('expi');
    await tried.browser.page.getByRole('option', { name: /^expires:/ }).click();
    await tried.browser.page.locator('[data-query]').pressSequentially('<now+9000d');
    await press('Enter');

    await tried.browser.page.locator('tbody tr[data-index="0"]').waitFor();
  });

  it('leads from what an exception covers to the page of the object, whatever its kind', async () => {
    const q = encodeURIComponent('control:cluster-admin-binding');
    const { items } = await tried.hub.call('listExceptions', {
      query: { q: 'annotation:*cluster-admin-binding' } as never,
    });
    await tried.browser.visit(
      tried.hub,
      `/exceptions?q=${q}&open=${encodeURIComponent(items[0]?.source ?? '')}`,
    );
    const links = panel().getByRole('link', { name: /ClusterRoleBinding / });
    await expect.poll(() => links.count(), PATIENT).toBe(2);
    for (const index of [0, 1]) {
      await links.nth(index).click();
      await tried.browser.page.getByRole('heading', { name: 'What it says' }).waitFor();
      await tried.browser.page.goBack();
    }

    expect(tried.browser.faults).toEqual([]);
  });
});
