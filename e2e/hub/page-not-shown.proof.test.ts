import type { Passport } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

describe.skipIf(!hasBrowser)('what has no room, or is not shown to everybody, in Chromium', () => {
  const tried = demoPage();
  /** The first Deployment with pods that is so, and where its passport is. */
  const workload = async (isSo: (passport: Passport) => boolean): Promise<Passport & { address: string }> => {
    const { items } = await tried.hub.call('listWorkloads', { query: { q: 'pods:>0 kind:Deployment' } });
    for (const { cluster, resource } of items) {
      const { namespace, name } = resource;
      const params = { cluster: cluster.id, kind: 'Deployment.apps', namespace, name };
      const passport = await tried.hub.call('getWorkload', { params });
      if (isSo(passport))
        return { ...passport, address: `/workloads/${cluster.id}/Deployment.apps/${namespace}/${name}` };
    }
    throw new Error('the demonstration has no such workload');
  };

  /** Does something while a viewer is signed in. */
  const asViewer = async (
    who: { readonly name: string; readonly limits?: { clusters: 'all'; namespaces: string[] } },
    act: () => Promise<void>,
  ): Promise<void> => {
    const { link } = await tried.hub.call('createUser', { body: { ...who, role: 'viewer' } });
    const { page } = tried.browser;
    const context = page.context();
    await context.clearCookies();
    try {
      await page.goto(`${tried.hub.url}/${link.replace(/^[^#]*/, '')}`);
      await page.getByRole('button', { name: `Signed in as ${who.name}` }).waitFor();
      await act();
    } finally {
      await context.clearCookies();
      await context.addCookies([{ ...tried.hub.session, url: tried.hub.url }]);
    }
  };

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
    const { address, serviceAccount, podList, nodes, owner } = await workload(
      (each) =>
        each.reach[0]?.startsWith('Service ') === true &&
        each.nodes.length > 0 &&
        each.permissions.some(({ via }) => via.includes('Binding')),
    );
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
    const { address, permissions } = await workload((each) => each.permissions.length > 12);
    await tried.browser.visit(tried.hub, address);
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
    await asViewer({ name: 'nina', limits }, async () => {
      for (const path of ['/nodes', '/nodes?q=name%3Ax']) {
        await tried.browser.visit(tried.hub, path);
        await tried.browser.page.getByText('Nodes are not shown to you.').waitFor();
      }
      expect(await tried.browser.axe()).toEqual([]);
    });
  });

  it('who may not approve what is asked for reads why beside the button, within a landmark', async () => {
    await asViewer({ name: 'vera' }, async () => {
      const { page } = tried.browser;
      await tried.browser.visit(tried.hub, '/exceptions?q=state%3Arequested');
      const approve = page.getByRole('button', { name: /^Approve: / }).first();
      await approve.focus();
      const why = page.getByRole('main').getByRole('tooltip');
      await why.waitFor();

      expect(await why.textContent()).toMatch(/^Your role decides about no findings/);
      const [button, tooltip] = [await approve.boundingBox(), await why.boundingBox()];
      const below = (tooltip?.y ?? 0) - ((button?.y ?? 0) + (button?.height ?? 0));
      const above = (button?.y ?? 0) - ((tooltip?.y ?? 0) + (tooltip?.height ?? 0));
      expect(Math.max(above, below)).toBeLessThan(20);
      expect(await tried.browser.axe()).toEqual([]);
    });
  });
});
