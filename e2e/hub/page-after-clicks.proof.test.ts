import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };
const DAY_MS = 86_400_000;

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

  it('has done both of two things that were asked for at one moment', async () => {
    await tried.firstRow('/findings');
    await tried.browser.page.evaluate(
      `document.querySelector('th button.sort').click(); document.querySelector('tbody tr[data-index="0"]').click()`,
    );
    await panel().waitFor();

    expect([...new URL(tried.browser.page.url()).searchParams.keys()].sort()).toEqual(['open', 'sort']);
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

  it('completes a query from what is offered, also where that was offered for less than is typed by then', async () => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, '/findings');
    const field = page.locator('[data-query]');
    await field.fill('severity:');
    const option = page.getByRole('option', { name: /^high/ });
    await option.waitFor();
    await page.route('**/api/v1/complete?*', () => undefined);
    const asked = page.waitForRequest('**/api/v1/complete?*');
    await field.pressSequentially('h');
    await asked;
    await option.click();

    await page.waitForURL((url) => url.searchParams.get('q') === 'severity:high');
    await page.unroute('**/api/v1/complete?*');
  });

  it('leaves the query for the list where a value is chosen, and j moves there', async () => {
    const { page } = tried.browser;
    await tried.firstRow('/findings');
    const query = page.locator('[data-query]');
    await query.pressSequentially('severity:hi');
    await page.getByRole('option', { name: /^high/ }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'severity:high');
    await press('j');

    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('0');
    expect(await query.inputValue()).toBe('severity:high');
  });

  it.each([
    ['First moment', 9],
    ['Second moment', 2],
  ])('goes on to a length with a moment typed in %s, and keeps what is open', async (label, daysAgo) => {
    const { page } = tried.browser;
    const parts = () => new URL(page.url()).searchParams;
    const ago = (days: number) => Date.now() - days * DAY_MS;
    const row = await tried.firstRow(`/changes?from=${new Date(ago(5)).toISOString()}`);
    await row.click();
    await panel().waitFor();
    const open = parts().get('open');
    await page.getByLabel(label).fill(new Date(ago(daysAgo)).toISOString().slice(0, 16));
    await page.getByRole('button', { name: '7 days' }).click();
    const from = () => Math.abs(Date.parse(parts().get('from')?.replaceAll('"', '') ?? '') - ago(7));

    await expect.poll(from, PATIENT).toBeLessThan(2 * 60_000);
    expect([parts().has('to'), parts().get('open')]).toEqual([false, open]);
    await panel().waitFor();
  });

  it('leads from what was said of a finding about a Namespace to that finding in its list', async () => {
    const [finding] = await tried.hub.all('listFindings', 'kind:Namespace');
    if (finding === undefined) throw new Error('the demonstration has no such finding');
    const { cluster, fingerprint, control, resource } = finding;
    const params = { cluster: cluster.id, fingerprint };
    await tried.hub.call('commentFinding', { params, body: { text: 'It is known.' } });
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, `/objects/${cluster.id}/Namespace/-/${resource.name}`);
    await page
      .getByRole('region', { name: 'Time line' })
      .getByRole('link', { name: control })
      .first()
      .click();
    await page.waitForURL((url) => url.pathname === '/findings');

    await page.locator('tbody tr[data-index="0"]').waitFor();
  });

  it.each([
    ['/coverage', 'code:none-is-called-so'],
    ['/nodes', 'name:none-is-called-so'],
  ])(
    'says of %s, which is of whole clusters, nothing about the namespace that is looked at',
    async (path, q) => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, `${path}?namespace=marketing&q=${encodeURIComponent(q)}`);
      await page.getByRole('heading', { name: 'Nothing fits the query.' }).waitFor();

      expect(await page.locator('main').textContent()).not.toContain('in the namespace');
    },
  );

  it('takes a query about findings away where changes of objects are asked for', async () => {
    const { page } = tried.browser;
    const from = new Date(Date.now() - 86_400_000).toISOString();
    await tried.browser.visit(tried.hub, `/changes?from=${from}&by=findings&q=severity%3Ahigh`);
    await page.getByText('Each change').click();
    await page.waitForURL((url) => !url.searchParams.has('q'));

    await page.getByRole('table', { name: 'Changes' }).waitFor();
  });

  it('takes away groups of findings where they are shown in groups', async () => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, '/findings?by=owner&sort=name');
    await page.getByRole('button', { name: 'Export' }).click();
    const csv = await page.getByRole('menuitem', { name: /^CSV/ }).getAttribute('href');
    const { pathname, searchParams } = new URL(csv ?? '', tried.hub.url);

    expect([pathname, searchParams.get('by'), searchParams.has('sort')]).toEqual([
      '/api/v1/findings/groups/export',
      'owner',
      false,
    ]);
  });

  it('leads from a workload to its owner whichever namespace is looked at', async () => {
    const { items } = await tried.hub.call('listWorkloads', { query: { q: '-owner:none -namespace:ci' } });
    const [workload] = items;
    if (workload === undefined) throw new Error('the demonstration has no such workload');
    const { cluster, resource } = workload;
    const { page } = tried.browser;
    await tried.browser.visit(
      tried.hub,
      `/workloads/${cluster.id}/${resource.kind}.apps/${resource.namespace}/${resource.name}?namespace=ci`,
    );
    await page.locator('a[href^="/teams?q="]').first().click();
    await page.waitForURL((url) => url.pathname === '/teams');

    await page.locator('tbody tr[data-index="0"]').waitFor();
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
