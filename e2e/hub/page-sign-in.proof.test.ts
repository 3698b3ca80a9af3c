import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const AWAY = {
  status: 503,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'about:blank',
    title: 'The database does not answer.',
    status: 503,
    code: 'database-away',
  }),
};

describe.skipIf(!hasBrowser)('a link that signs in, in Chromium', () => {
  const tried = demoPage();
  let number = 0;
  let user: string;
  /** The address of the page with a new link of the user. */
  let address: string;

  beforeEach(async () => {
    user = `user${++number}`;
    const { link } = await tried.hub.call('createUser', { body: { name: user, role: 'viewer' } });
    address = `${tried.hub.url}/${link.replace(/^[^#]*/, '')}`;
    await tried.browser.page.context().clearCookies();
  });

  afterEach(async () => {
    const context = tried.browser.page.context();
    await context.clearCookies();
    await context.addCookies([{ ...tried.hub.session, url: tried.hub.url }]);
  });

  const signedIn = () => tried.browser.page.getByRole('button', { name: `Signed in as ${user}` });
  const form = () => tried.browser.page.getByRole('button', { name: 'Sign in' });

  it('works in a tab that shows the form already, and leaves the address', async () => {
    const { page } = tried.browser;
    await page.goto(tried.hub.url);
    await form().waitFor();
    // Only what stands behind the # changes: the browser loads nothing by itself.
    await page.goto(address);
    await signedIn().waitFor();

    expect(new URL(page.url()).hash).toBe('');
  });

  it('is not lost when the hub cannot answer at first', async () => {
    const { page } = tried.browser;
    let isAway = true;
    await page.route('**/api/v1/session', async (route) => {
      if (isAway) await route.fulfill(AWAY);
      else await route.continue();
      isAway = false;
    });
    await page.goto(address);

    await signedIn().waitFor();
  });

  it('that was used says so, but not to who is signed in', async () => {
    const { page } = tried.browser;
    await page.goto(address);
    await signedIn().waitFor();
    await page.goto('about:blank');
    await page.goto(address);
    await signedIn().waitFor();
    await page.context().clearCookies();
    await page.goto('about:blank');
    await page.goto(address);

    await page.getByText(/^The link was used, or is older than a day\./).waitFor();
    expect(await tried.browser.axe()).toEqual([]);
  });
});
