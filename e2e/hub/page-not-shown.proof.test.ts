import type { Passport } from '@bulwark/api';
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
    const box = await panel.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1280);
    expect(await tried.browser.axe()).toEqual([]);
    await tried.browser.page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(tried.browser.faults).toEqual([]);
  });

  it('a passport leads from the names in it to what they name', async () => {
    const { items } = await tried.hub.call('listWorkloads', { query: { q: 'pods:>0 kind:Deployment' } });
    let what: Passport | undefined;
    for (const { cluster, resource } of items) {
      const { namespace, name } = resource;
      const params = { cluster: cluster.id, kind: 'Deployment.apps', namespace, name };
      const passport = await tried.hub.call('getWorkload', { params });
      const { reach, permissions, nodes } = passport;
      if (reach[0]?.startsWith('Service ') !== true || nodes.length === 0) continue;
      if (!permissions.some(({ via }) => via.includes('Binding'))) continue;
      what = passport;
      break;
    }
    if (what === undefined) throw new Error('the demonstration has no such workload');
    const { cluster, resource, serviceAccount, podList, nodes, owner } = what;
    const address = `/workloads/${cluster.id}/Deployment.apps/${resource.namespace}/${resource.name}`;
    const { page } = tried.browser;
    const follow = async (card: string, name: RegExp, arrived: string) => {
      await tried.browser.visit(tried.hub, address);
      await page.getByRole('region', { name: card }).getByRole('link', { name }).first().click();
      await page.getByRole('heading', { name: arrived }).first().waitFor();
    };

    await follow('What it can access', /^Service /, 'What it says');
    await follow('What it can access', /Binding /, 'What it says');
    await follow('What it can access', new RegExp(`^${serviceAccount}$`), 'What it says');
    await follow('Where', new RegExp(`^${podList[0]?.name ?? ''}$`), 'What it says');
    await follow('Where', new RegExp(`^${nodes[0] ?? ''}$`), nodes[0] ?? '');
    await tried.browser.visit(tried.hub, address);
    expect(await tried.browser.axe()).toEqual([]);
    await page
      .getByRole('link', { name: owner ?? 'nobody', exact: true })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Teams' }).waitFor();
    expect(tried.browser.faults).toEqual([]);
  });

  it('a passport shows as many permissions as it has to who asks for more', async () => {
    const { items } = await tried.hub.call('listWorkloads', { query: { q: 'pods:>0 kind:Deployment' } });
    let what: Passport | undefined;
    for (const { cluster, resource } of items) {
      const { namespace, name } = resource;
      const params = { cluster: cluster.id, kind: 'Deployment.apps', namespace, name };
      const passport = await tried.hub.call('getWorkload', { params });
      if (passport.permissions.length <= 12) continue;
      what = passport;
      break;
    }
    if (what === undefined) throw new Error('the demonstration has no such workload');
    const { cluster, resource, permissions } = what;
    await tried.browser.visit(
      tried.hub,
      `/workloads/${cluster.id}/Deployment.apps/${resource.namespace}/${resource.name}`,
    );
    const card = tried.browser.page.getByRole('region', { name: 'What it can access' });
    const shown = () => card.getByText(/ through /).count();
    const more = card.getByRole('button', { name: `and ${permissions.length - 12} more` });
    await more.waitFor();
    expect(await shown()).toBe(12);

    await more.press('Enter');
    const fewer = card.getByRole('button', { name: 'only the first 12' });
    await fewer.waitFor();
    expect(await shown()).toBe(permissions.length);
    expect(await tried.browser.axe()).toEqual([]);

    await fewer.press('Enter');
    await more.waitFor();
    expect(await shown()).toBe(12);
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
