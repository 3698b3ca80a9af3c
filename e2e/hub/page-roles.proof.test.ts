import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { type OwnDatabase, ownDatabase } from './own-database.testing.ts';
import { RunningHub } from './running-hub.testing.ts';

const START_MS = 300_000;

describe.skipIf(!hasBrowser)('roles on the page in Chromium', () => {
  let database: OwnDatabase;
  let hub: RunningHub;
  let browser: Browser;

  beforeAll(async () => {
    database = await ownDatabase();
    hub = await RunningHub.start({ args: ['--demo', ...database.args] });
    browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  }, START_MS);

  beforeEach(() => browser.anew());

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
    await database?.remove();
  }, START_MS);

  const dialog = () => browser.page.getByRole('dialog');

  /** The roles that a dialog offers. */
  async function offered(by: string, button: string): Promise<readonly string[]> {
    await browser.visit(hub, `/settings?by=${by}`);
    await browser.page.getByRole('button', { name: button }).click();
    await dialog().getByRole('combobox', { name: 'Role' }).click();
    await dialog().getByRole('option').first().waitFor();
    return dialog().getByRole('option').allTextContents();
  }

  /** A user with a role from a time when people could be given each of them. */
  async function legacy(name: string, role: string): Promise<string> {
    const { id, link } = await hub.call('createUser', { body: { name, role: 'viewer' } });
    await database.store.pool.query('update app_user set role = $2 where id = $1', [id, role]);
    return `${hub.url}/${link.replace(/^[^#]*/, '')}`;
  }

  it('are those of people for users, and all of them for tokens', async () => {
    const people = ['viewer', 'editor', 'admin'];

    expect(await offered('users', 'New user')).toEqual(people);
    expect(await offered('tokens', 'New token')).toEqual([...people, 'ci', 'audit-log', 'metrics']);
  });

  it('of programs stay with who has one from before, whatever else of them is changed', async () => {
    await legacy('cia', 'ci');
    expect(await offered('users', 'Change user cia')).toEqual(['viewer', 'editor', 'admin', 'ci']);
    await browser.page.keyboard.press('Escape');
    await dialog().getByText('Some clusters or namespaces').click();
    const field = dialog().getByRole('combobox', { name: 'Namespaces' });
    await field.fill('payments');
    await dialog()
      .getByRole('option', { name: /^payments/ })
      .first()
      .click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });

    const user = (await hub.call('listUsers', {})).items.find(({ name }) => name === 'cia');
    expect(user).toMatchObject({ role: 'ci', limits: { namespaces: ['payments'] } });
  });

  it.each([
    ['ci', 'bulwark scan --record'],
    ['audit-log', 'API server'],
    ['metrics', 'Prometheus'],
  ])(
    'of programs, such as %s, are told to who signs in with one, in place of empty pages',
    async (role, use) => {
      const { page } = browser;
      const context = page.context();
      await context.clearCookies();
      try {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await page.goto(await legacy(`a-${role}`, role));
        await page.getByRole('heading', { level: 1, name: `The role ${role} sees nothing here.` }).waitFor();
        await page.getByText(use).waitFor();
        await page.getByText(`You are signed in as a-${role}.`).waitFor();

        expect(asked.filter((path) => path.startsWith('/api/') && path !== '/api/v1/session')).toEqual([]);
        for (const scheme of ['light', 'dark'] as const) {
          await browser.look({ width: 1280, scheme });
          expect(await browser.axe()).toEqual([]);
        }
        expect(browser.faults).toEqual([]);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
      } finally {
        await context.clearCookies();
        await context.addCookies([{ ...hub.session, url: hub.url }]);
      }
    },
  );

  it('taken away while somebody looks take away what the page showed', async () => {
    const { page } = browser;
    const context = page.context();
    await context.clearCookies();
    try {
      await page.goto((await legacy('zoe', 'viewer')).replace('/#', '/findings#'));
      await page.locator('tbody tr[data-index="0"]').waitFor();
      await database.store.pool.query("update app_user set role = 'ci' where name = 'zoe'");

      await page.getByRole('heading', { level: 1, name: 'The role ci sees nothing here.' }).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(0);
    } finally {
      await context.clearCookies();
      await context.addCookies([{ ...hub.session, url: hub.url }]);
    }
  });
});
