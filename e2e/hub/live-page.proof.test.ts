import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { HttpFront } from './http-front.testing.ts';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

const START_MS = 300_000;
const PROOF_MS = 300_000;
const WITHIN_MS = 60_000;
const TABS = 10;
const PATH = '/findings?q=control%3Aprivileged-container';
/** Makes the page believe that nobody looks at it, or that somebody does again. */
const LOOKED_AT = (how: 'hidden' | 'visible'): string => `
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${how}' });
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => document.visibilityState === 'hidden' });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));`;

describe.skipIf(!hasBrowser)(
  'the page in Chromium, behind a proxy (needs Chromium)',
  { timeout: PROOF_MS },
  () => {
    const folder = dataFolder();
    const kubeconfig = join(folder, 'kubeconfig');
    let cluster: FakeApiServer;
    let hub: RunningHub;
    let front: HttpFront;
    let browser: Browser;
    let count = 0;

    beforeAll(async () => {
      cluster = await FakeApiServer.start({ objects: [PRIVILEGED_POD('first') as never] });
      writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: cluster.url } });
      hub = await RunningHub.start({ kubeconfig, folder });
      await hub.reaches('live');
      front = await HttpFront.start(() => hub.url);
      browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
    }, START_MS);

    beforeEach(async () => {
      front.refusal = undefined;
      await browser.anew();
    });

    afterAll(async () => {
      await browser?.close();
      await front?.stop();
      await hub?.remove();
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, START_MS);

    async function visit(page: Page = browser.page): Promise<void> {
      await page.goto(front.url + PATH);
      await seen(page).waitFor({ timeout: WITHIN_MS });
      await page.locator('tbody tr[data-index]').first().waitFor({ timeout: WITHIN_MS });
    }

    const seen = (page: Page) => page.getByRole('link', { name: /% seen/ });
    const lost = (page: Page) => page.getByRole('link', { name: /^not connected since \d\d:\d\d$/ });

    /** Makes a pod, and waits until pages show it. */
    async function appears(...pages: readonly Page[]): Promise<void> {
      const name = `pod-${count++}`;
      cluster.upsert(PRIVILEGED_POD(name) as never);
      await Promise.all(
        pages.map((page) => page.locator('tbody tr', { hasText: name }).waitFor({ timeout: WITHIN_MS })),
      );
    }

    it('says that it is cut off while the hub is down, and sees what happens after its restart', async () => {
      await visit();
      await appears(browser.page);
      await hub.kill();
      await lost(browser.page).waitFor({ timeout: WITHIN_MS });

      expect(await browser.page.getByRole('status', { name: 'Connection' }).textContent()).toContain(
        'not connected since',
      );
      expect(await browser.page.getByRole('button', { name: 'as of now' }).count()).toBe(0);
      expect(await browser.axe()).toEqual([]);
      hub = await RunningHub.start({ kubeconfig, folder });
      await seen(browser.page).waitFor({ timeout: WITHIN_MS });
      await hub.reaches('live');
      await appears(browser.page);
    });

    it('says that it hears nothing of a hub that stands still, and goes on where that goes on', async () => {
      await visit();
      process.kill(hub.pid, 'SIGSTOP');
      try {
        await lost(browser.page).waitFor({ timeout: WITHIN_MS });
      } finally {
        process.kill(hub.pid, 'SIGCONT');
      }

      await seen(browser.page).waitFor({ timeout: WITHIN_MS });
      await appears(browser.page);
      expect(front.open).toBe(1);
    });

    it.each([
      { what: 'as it was loaded behind the first one', nodes: 'come', missing: /^$/ },
      { what: 'as soon as it comes where it was not', nodes: 'do not come', missing: /\/assets\/nodes-/ },
    ])('shows a page that is gone to while the hub is away, $what', async ({ nodes, missing }) => {
      const { page } = browser;
      await page.route(missing, (route) => route.abort());
      front.paths.length = 0;
      await visit();
      const isLast = () => front.paths.some((path) => path.includes('/assets/settings-'));
      await eventually('all pages are loaded', () => Promise.resolve(isLast() ? true : undefined));
      await hub.kill();
      await lost(page).waitFor({ timeout: WITHIN_MS });
      await page.getByRole('link', { name: 'Nodes', exact: true }).click();
      const alert = page.locator('main').getByRole('alert');
      await alert.first().waitFor({ timeout: WITHIN_MS });
      expect(await page.getByRole('heading', { name: 'Nodes' }).count()).toBe(nodes === 'come' ? 1 : 0);

      await page.unrouteAll();
      hub = await RunningHub.start({ kubeconfig, folder });
      await hub.reaches('live');
      await page.getByRole('heading', { name: 'Nodes' }).waitFor({ timeout: WITHIN_MS });
      await alert.first().waitFor({ state: 'detached', timeout: WITHIN_MS });
    });

    it.each([200, 429, 503])('comes back after a stream that was refused with %s', async (status) => {
      await visit();
      front.refusal = status;
      front.cut();
      await lost(browser.page).waitFor({ timeout: WITHIN_MS });
      front.refusal = undefined;
      await seen(browser.page).waitFor({ timeout: WITHIN_MS });

      await appears(browser.page);
    });

    it('needs one stream for ten tabs, and another tab reads when the one that did is closed', async () => {
      await visit();
      const tabs = [browser.page];
      while (tabs.length < TABS) {
        const tab = await browser.page.context().newPage();
        tabs.push(tab);
        await visit(tab);
      }
      await appears(...tabs);
      expect(front.open).toBe(1);

      for (const tab of tabs.splice(1, TABS / 2)) await tab.close();
      await browser.anew();
      await visit();
      const rest = [browser.page, ...tabs.slice(1)];
      await appears(...rest);
      expect(front.open).toBe(1);
      for (const tab of rest.slice(1)) await tab.close();
    });

    it.each([
      { what: 'there are no locks', script: 'delete Navigator.prototype.locks' },
      {
        what: 'locks are refused',
        script:
          'LockManager.prototype.request = () => Promise.reject(new DOMException("no", "SecurityError"))',
      },
    ])('sees what happens where $what, by a stream of its own', async ({ script }) => {
      await browser.page.addInitScript(script);
      await visit();

      await appears(browser.page);
    });

    it('asks only for what has changed, for nothing while nobody looks, and for all of it afterwards', async () => {
      await visit();
      await appears(browser.page);
      front.paths.length = 0;
      await appears(browser.page);
      const asked = new Set(front.paths.map((path) => path.split('?')[0]));
      expect(asked).not.toContain('/api/v1/clusters');
      expect(asked).toContain('/api/v1/findings');

      await browser.page.evaluate(LOOKED_AT('hidden'));
      front.paths.length = 0;
      cluster.upsert(PRIVILEGED_POD('unseen') as never);
      await eventually('the pod is judged', async () =>
        (await hub.all('listFindings', 'name:unseen')).length > 0 ? true : undefined,
      );
      const other = await browser.page.context().newPage();
      await visit(other);
      const before = front.paths.length;
      await appears(other);
      const later = front.paths.slice(before).filter((path) => path.startsWith('/api/'));
      expect(later.every((path) => path.startsWith('/api/v1/findings'))).toBe(true);
      expect(await browser.page.locator('tbody tr', { hasText: 'unseen' }).count()).toBe(0);
      await other.close();
      await browser.page.evaluate(LOOKED_AT('visible'));
      await browser.page.locator('tbody tr', { hasText: 'unseen' }).waitFor({ timeout: WITHIN_MS });
    });

    it('leads to the form to sign in when the session has ended', async () => {
      await visit();
      const other = await browser.page.context().newPage();
      await visit(other);
      await other.getByRole('button', { name: /^Signed in as/ }).click();
      await other.getByRole('menuitem', { name: 'Sign out' }).click();
      await other.getByLabel('Password').first().waitFor({ timeout: WITHIN_MS });
      front.cut();

      await browser.page.getByLabel('Password').first().waitFor({ timeout: WITHIN_MS });
    });

    it('knows that the role of who is signed in is another one', async () => {
      const ben = await hub.call('createUser', { body: { name: 'ben', role: 'viewer' } });
      await browser.page.goto(`${front.url}/${new URL(ben.link).hash}`);
      await browser.page.getByRole('button', { name: 'Signed in as ben' }).click();
      await browser.page.getByText('ben, viewer').waitFor({ timeout: WITHIN_MS });
      await hub.call('updateUser', { params: { id: ben.id }, body: { role: 'editor' } });

      await browser.page.getByText('ben, editor').waitFor({ timeout: WITHIN_MS });
    });
  },
);
