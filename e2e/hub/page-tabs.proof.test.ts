import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

/** What a browser tells a tab that somebody looks at again. */
const LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))";
/** Said by the browser where the hub refuses, which the page tells in its own words. */
const REFUSED = /the server responded with a status of (401|403)|net::ERR_FAILED/;

describe.skipIf(!hasBrowser)('two tabs of one browser in Chromium', () => {
  const tried = demoPage();
  let number = 0;
  let other: Page;

  beforeEach(async () => {
    // Who signs in ends the session that the browser has, and the test needs that one.
    await tried.browser.page.context().clearCookies();
    other = await tried.browser.page.context().newPage();
  });

  afterEach(async () => {
    const context = tried.browser.page.context();
    await other.close();
    await context.clearCookies();
    await context.addCookies([{ ...tried.hub.session, url: tried.hub.url }]);
  });

  /** A new user who sees one namespace or everything, and the secret of the link that signs them in. */
  async function newUser(role: 'viewer' | 'editor', namespaces: readonly string[] | 'all') {
    const name = `user${++number}`;
    const limits = { clusters: 'all' as const, namespaces: namespaces as 'all' };
    const { link } = await tried.hub.call('createUser', { body: { name, role, limits } });
    return { name, secret: link.split('#link=')[1] ?? '' };
  }

  const signedIn = (page: Page, { name }: { readonly name: string }) =>
    page.getByRole('button', { name: `Signed in as ${name}`, exact: true });

  const follow = (page: Page, { secret }: { readonly secret: string }) =>
    page.goto(`${tried.hub.url}/workloads#link=${secret}`);

  /** Signs somebody in without a word to the other tabs, as another hub on the same host may. */
  const signInQuietly = (page: Page, { secret }: { readonly secret: string }) =>
    page.evaluate(`fetch('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link: '${secret}' }) })`);

  const namespaces = async (page: Page) =>
    new Set(await page.locator('tbody tr td:nth-child(2)').allTextContents());

  /** An editor who sees everything, signed in, with workloads in the tab that is tried. */
  async function editor() {
    const bea = await newUser('editor', 'all');
    const { page } = tried.browser;
    await follow(page, bea);
    await signedIn(page, bea).waitFor();
    await page.locator('tbody tr[data-index="0"]').waitFor();
    return bea;
  }

  async function isOf(vic: { readonly name: string }): Promise<void> {
    const { page } = tried.browser;
    await signedIn(page, vic).waitFor();
    expect(tried.browser.faults.filter((line) => !REFUSED.test(line))).toEqual([]);
  }

  it('are both of who signs in in one of them, and what the other user saw is gone', async () => {
    await editor();
    expect((await namespaces(tried.browser.page)).size).toBeGreaterThan(1);
    const vic = await newUser('viewer', ['payments']);
    await follow(other, vic);
    await signedIn(other, vic).waitFor();

    await isOf(vic);
    await tried.browser.page.locator('tbody tr[data-index="0"]').waitFor();
    expect(await namespaces(tried.browser.page)).toEqual(new Set(['payments']));
  });

  it('are of another user as soon as one looks, however that one signed in', async () => {
    await editor();
    const vic = await newUser('viewer', ['payments']);
    await other.goto(`${tried.hub.url}/livez`);
    await signInQuietly(other, vic);
    await tried.browser.page.evaluate(LOOKED_AT);

    await isOf(vic);
    await tried.browser.page.locator('tbody tr', { hasText: 'payments' }).first().waitFor();
  });

  it('are of another user when an act is refused, as it came with what belongs to the session before', async () => {
    await editor();
    const { page } = tried.browser;
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
    await page.locator('tbody tr[data-index="0"]').press('x');
    const vic = await newUser('editor', ['payments']);
    await other.goto(`${tried.hub.url}/livez`);
    // Nothing else tells it either: what is heard of the hub ends with the session.
    await page.route('**/api/v1/events', (route) => route.abort());
    await signInQuietly(other, vic);
    await page.getByRole('toolbar').getByRole('button', { name: 'Acknowledge' }).click();

    await isOf(vic);
    await page.getByRole('heading', { level: 2, name: 'Nothing is open.' }).waitFor();
    expect(await page.getByRole('toolbar').count()).toBe(0);
    expect(await page.getByText('The request does not come from the page.').count()).toBe(0);
  });

  it('do what is asked for in one of them where the same user has signed in anew in the other one', async () => {
    const bea = await editor();
    const { page } = tried.browser;
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
    await page.locator('tbody tr[data-index="0"]').press('x');
    const { items } = await tried.hub.call('listUsers', {});
    const { link } = await tried.hub.call('linkUser', {
      params: { id: items.find(({ name }) => name === bea.name)?.id ?? 0 },
    });
    await other.goto(`${tried.hub.url}/livez`);
    await page.route('**/api/v1/events', (route) => route.abort());
    await signInQuietly(other, { secret: link.split('#link=')[1] ?? '' });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    await page.getByRole('toolbar').getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByRole('toolbar').waitFor({ state: 'detached' });

    await isOf(bea);
    expect(sent).toEqual(['/api/v1/findings/triage', '/api/v1/findings/triage']);
    expect(await tried.hub.all('listFindings', 'acknowledged:yes')).toHaveLength(1);
  });

  it('are both left by who signs out in one of them', async () => {
    const bea = await editor();
    const { page } = tried.browser;
    // Nothing else tells it: what is heard of the hub ends with the session.
    await page.route('**/api/v1/events', (route) => route.abort());
    await other.goto(`${tried.hub.url}/workloads`);
    await signedIn(other, bea).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();

    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(0);
  });

  it('leave the form to sign in together, and what is typed into it stays while nobody is', async () => {
    const { page } = tried.browser;
    await page.goto(`${tried.hub.url}/workloads`);
    await page.getByLabel('Name').fill('somebody');
    const answered = page.waitForResponse(/\/api\/v1\/session$/);
    await page.evaluate(LOOKED_AT);
    await answered;
    expect(await page.getByLabel('Name').inputValue()).toBe('somebody');
    const vic = await newUser('viewer', ['payments']);
    await follow(other, vic);

    await isOf(vic);
  });
});
