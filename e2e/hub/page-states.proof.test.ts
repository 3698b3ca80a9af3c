import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { pause } from './running-hub.testing.ts';
import { demoPage } from './tried-page.testing.ts';

/** Said by the browser of an answer that the page tells in its own words. */
const ANSWERED = /the server responded with a status of (404|403)|net::ERR_FAILED/;
const NAMESPACE = 'marketing';
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();
const RETRIED_MS = 20_000;

describe.skipIf(!hasBrowser)('what the page says where there is nothing to show, in Chromium', () => {
  const tried = demoPage();
  const panel = () => tried.browser.page.locator('aside');

  async function isSound(): Promise<void> {
    expect(await tried.browser.axe()).toEqual([]);
    expect(tried.browser.faults.filter((line) => !ANSWERED.test(line))).toEqual([]);
  }

  it.each([
    ['/namespaces?open=1%2Fold', 'There is no such namespace.'],
    [`/namespaces?open=1%2Fold&asOf=${YESTERDAY}`, 'At that moment it was not there.'],
    ['/nodes?open=1%2Fold', 'There is no such node.'],
    ['/?open=no-such-control', 'It is not in the queue.'],
    ['/exceptions?open=hub%3A999', 'There is no such exception.'],
    ['/coverage?open=1%2Fdenied%2Fsecrets', 'It is not there any more.'],
    ['/settings?by=audit&open=999999', 'It is not among the newest entries.'],
  ])('the address %s of something that is not there says so', async (path, words) => {
    await tried.hub.call('createUser', { body: { name: `user ${Math.random()}`, role: 'viewer' } });
    for (const scheme of ['light', 'dark'] as const) {
      await tried.browser.look({ width: 1280, scheme });
      await tried.browser.visit(tried.hub, path);
      await panel().getByText(words).waitFor();
      await isSound();
    }
    await tried.browser.page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
  });

  it('the passport of a workload that is not there says so, with a heading', async () => {
    await tried.browser.visit(tried.hub, `/workloads/1/Deployment.apps/${NAMESPACE}/old`);

    await tried.browser.page.getByRole('alert').getByRole('heading', { level: 1 }).waitFor();
    await isSound();
  });

  it('a panel says that it is loading, that the hub does not answer, and asks again', async () => {
    const { page } = tried.browser;
    let answers: () => void = () => undefined;
    const isAsked = new Promise<void>((done) => {
      answers = done;
    });
    await page.route(/\/api\/v1\/namespaces\?.*q=name/, async (route) => {
      await isAsked;
      await route.abort();
    });
    await page.goto(`${tried.hub.url}/namespaces?open=1%2F${NAMESPACE}`);
    await panel().getByRole('status', { name: 'Loading the namespace' }).waitFor();
    expect(await panel().getAttribute('aria-label')).toBe(NAMESPACE);
    answers();
    await panel().getByText('The hub does not answer.').waitFor({ timeout: RETRIED_MS });
    // All else is heard of: nothing would make this question be asked once more.
    expect(await panel().getByRole('alert').textContent()).not.toContain('asked again');
    await isSound();

    await page.unrouteAll();
    await panel().getByRole('button', { name: 'Try again' }).press('Enter');
    await panel().getByRole('heading', { name: NAMESPACE }).waitFor();
    await panel().getByRole('alert').waitFor({ state: 'detached' });
  });

  it('a page of a hub that is not reached says that it is asked again, and is', async () => {
    const { page } = tried.browser;
    await page.route(/\/api\/v1\/(?!session)/, (route) => route.abort());
    await page.goto(`${tried.hub.url}/teams`);
    const alert = page
      .getByRole('alert')
      .filter({ hasText: 'It is asked again as soon as the hub answers.' });
    await alert.waitFor({ timeout: RETRIED_MS });
    await isSound();

    await page.unrouteAll();
    await alert.waitFor({ state: 'detached', timeout: RETRIED_MS });
    await page.locator('tbody tr[data-index="0"]').waitFor();
  });

  it('a list whose next page does not come says so, stops asking, and goes on when it is told to', async () => {
    const { page } = tried.browser;
    await tried.firstRow('/findings');
    const rows = async () => Number(await page.locator('table').getAttribute('aria-rowcount'));
    const before = await rows();
    let asked = 0;
    await page.route(/\/api\/v1\/findings\?.*cursor=/, async (route) => {
      asked++;
      await route.abort();
    });
    await page.evaluate("document.querySelector('table').parentElement.scrollTo(0, 1e9)");
    const alert = page.getByRole('alert').filter({ hasText: 'The rest of the list did not come.' });
    await alert.waitFor({ timeout: RETRIED_MS });
    await pause(1000);
    expect(asked).toBe(4);
    await isSound();

    await page.unrouteAll();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor({ state: 'detached' });
    expect(await rows()).toBeGreaterThan(before);
  });
});
