import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { HttpFront } from './http-front.testing.ts';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, RunningHub } from './running-hub.testing.ts';

const START_MS = 300_000;
const PROOF_MS = 300_000;
const WITHIN_MS = 60_000;
/** Said by the browser of an answer that the page tells in its own words. */
const ANSWERED = /the server responded with a status of (404|403)|net::ERR_/;
const SETTINGS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data: { mode: 'fast' },
};

describe.skipIf(!hasBrowser)(
  'what the page showed before, in Chromium (needs Chromium)',
  { timeout: PROOF_MS },
  () => {
    const folder = dataFolder();
    const kubeconfig = join(folder, 'kubeconfig');
    let cluster: FakeApiServer;
    let hub: RunningHub;
    let front: HttpFront;
    let browser: Browser;

    beforeAll(async () => {
      cluster = await FakeApiServer.start({
        objects: [PRIVILEGED_POD('stays') as never, PRIVILEGED_POD('goes') as never, SETTINGS as never],
      });
      writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: cluster.url } });
      hub = await RunningHub.start({ kubeconfig, folder });
      await hub.reaches('live');
      front = await HttpFront.start(() => hub.url);
      browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
    }, START_MS);

    beforeEach(async () => {
      await browser.anew();
    });

    afterAll(async () => {
      await browser?.close();
      await front?.stop();
      await hub?.remove();
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, START_MS);

    async function visit(path: string): Promise<void> {
      await browser.page.goto(front.url + path);
      await browser.settled();
    }

    const isRefused = () =>
      browser.page.getByRole('alert').filter({ hasText: 'There is nothing of that name' });
    const isOld = () => browser.page.getByRole('alert').filter({ hasText: 'What is shown may be old.' });

    async function isSound(): Promise<void> {
      for (const scheme of ['light', 'dark'] as const) {
        await browser.look({ width: 1280, scheme });
        expect(await browser.axe()).toEqual([]);
      }
      expect(browser.faults.filter((line) => !ANSWERED.test(line))).toEqual([]);
    }

    it.each([
      { page: 'passport', path: '/workloads/1/Pod/default/goes', kind: 'Pod', name: 'goes' },
      { page: 'page', path: '/objects/1/ConfigMap/default/settings', kind: 'ConfigMap', name: 'settings' },
    ])('is gone from the $page of a $kind when it is deleted, with the way to who did so', async (of) => {
      await visit(of.path);
      await browser.page.getByRole('heading', { level: 1, name: `default / ${of.name}` }).waitFor();
      cluster.delete({ apiVersion: 'v1', kind: of.kind, namespace: 'default', name: of.name });

      await isRefused().getByRole('heading', { level: 1 }).waitFor({ timeout: WITHIN_MS });
      expect(await browser.page.getByText(`default / ${of.name}`).count()).toBe(0);
      await isSound();
      await isRefused().getByRole('link', { name: 'What changed of it' }).click();
      await browser.page.locator('tbody tr', { hasText: of.name }).getByText('deleted').waitFor();
    });

    it('is gone where who looks may not see it any more', async () => {
      const ann = await hub.call('createUser', { body: { name: 'ann', role: 'viewer' } });
      // Who signs in ends the session that the browser has, and the test needs that one.
      await browser.page.context().clearCookies();
      await visit(`/${new URL(ann.link).hash}`);
      const [found] = await hub.all('listFindings', 'name:stays control:privileged-container');
      await visit(`/findings?open=1.${found?.fingerprint ?? ''}`);
      await browser.page.locator('aside').getByText('Why it matters').waitFor();
      const passport = await browser.page.context().newPage();
      await passport.goto(`${front.url}/workloads/1/Pod/default/stays`);
      await passport.getByRole('heading', { level: 1, name: 'default / stays' }).waitFor();
      await hub.call('updateUser', {
        params: { id: ann.id },
        body: { limits: { clusters: 'all', namespaces: ['other'] } },
      });
      front.cut();

      await browser.page.locator('aside').getByRole('alert').waitFor({ timeout: WITHIN_MS });
      expect(await browser.page.getByText('Why it matters').count()).toBe(0);
      await passport.getByRole('alert').getByRole('heading', { level: 1 }).waitFor({ timeout: WITHIN_MS });
      await passport.close();
      await browser.page.context().clearCookies();
      await browser.page.context().addCookies([{ ...hub.session, url: hub.url }]);
    });

    it.each([
      '/',
      '/findings',
      '/findings?by=control',
      '/workloads/1/Pod/default/stays',
      '/namespaces?open=1%2Fdefault',
      '/controls',
      '/frameworks',
      '/settings?by=health',
      '/settings?by=users',
      '/settings?by=notifications',
      '/settings?by=audit',
    ])(
      'stays on %s where the hub does not answer when it is asked again, and says that it may be old',
      async (path) => {
        const { page } = browser;
        await visit(path);
        const heading = await page.getByRole('heading', { level: 1 }).textContent();
        await page.route(/\/api\/v1\/(?!events)/, (route) => route.abort());
        front.cut();

        await isOld().first().waitFor({ timeout: WITHIN_MS });
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
        await isSound();
        const count = await isOld().count();
        await page.unrouteAll();
        await isOld().first().getByRole('button', { name: 'Try again' }).click();
        await expect.poll(() => isOld().count(), { timeout: WITHIN_MS }).toBeLessThan(count);
      },
    );
  },
);
