import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedServer, startEmbedded } from '@bulwark/store';
import { Cable, FakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, pause, RunningHub } from './running-hub.testing.ts';

const START_MS = 300_000;
const PROOF_MS = 300_000;
/** In which it is to be said. */
const SAID_MS = 15_000;
const SILENT_MS = 60_000;
const BACK_MS = 60_000;

describe.skipIf(!hasBrowser)('a page while the database of its hub is silent and closes nothing', () => {
  const folder = dataFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  let database: EmbeddedServer;
  let cable: Cable;
  let cluster: FakeApiServer;
  let hub: RunningHub;
  let browser: Browser;

  beforeAll(async () => {
    database = await startEmbedded({ folder: join(folder, 'database') });
    const url = new URL(database.url.reveal());
    cable = await Cable.to(Number(url.port));
    url.port = String(cable.port);
    cluster = await FakeApiServer.start({ objects: [PRIVILEGED_POD('first') as never] });
    writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: cluster.url } });
    hub = await RunningHub.start({ kubeconfig, args: ['--database-url', url.href] });
    await hub.reaches('live');
    browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
    await cluster?.stop();
    await cable?.stop();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  /** Stops all processes of the database where they are, or lets them go on. */
  function signal(name: 'STOP' | 'CONT'): void {
    const file = join(folder, 'database', 'data-18', 'postmaster.pid');
    const [postmaster = ''] = readFileSync(file, 'utf8').split('\n');
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', postmaster], { encoding: 'utf8' });
    for (const pid of [postmaster, ...children.trim().split(/\s+/)]) process.kill(Number(pid), `SIG${name}`);
  }

  it.each([
    { what: 'as it stands still', begin: () => signal('STOP'), end: () => signal('CONT') },
    { what: 'as nothing passes on the way to it', begin: () => cable.freeze(), end: () => cable.mend() },
  ])(
    'says so and since when, as the log does once, and goes on where that goes on: $what',
    async ({ what, begin, end }) => {
      const { page } = browser;
      const name = what.replaceAll(' ', '-');
      const seen = page.getByRole('link', { name: '100.0 % seen' });
      await page.goto(`${hub.url}/findings?q=control%3Aprivileged-container`);
      await page.locator('tbody tr', { hasText: 'first' }).waitFor();
      await seen.waitFor();
      const logged = hub.output.length;

      begin();
      try {
        cluster.upsert(PRIVILEGED_POD(name) as never);
        await page
          .getByRole('link', { name: /^database away since \d\d:\d\d$/ })
          .waitFor({ timeout: SAID_MS });
        expect(await page.getByRole('status', { name: 'Connection' }).textContent()).toMatch(
          /^The database does not answer since \d\d:\d\d\. What is on the page may be old\.$/,
        );
        expect(await page.getByRole('button', { name: 'as of now' }).count()).toBe(0);
        await pause(SILENT_MS);
        expect(await seen.count()).toBe(0);
        const lines = hub.output.slice(logged).split('\n');
        const told = lines.filter((line) => /database/i.test(line));
        expect(new Set(told).size).toBe(told.length);
        expect(told.filter((line) => line.includes('The database has not answered since')).length).toBe(1);
      } finally {
        end();
      }

      await page.locator('tbody tr', { hasText: name }).waitFor({ timeout: BACK_MS });
      await seen.waitFor({ timeout: BACK_MS });
      expect(hub.output.slice(logged)).toContain('The database answers again.');
      expect(await page.getByRole('status', { name: 'Connection' }).textContent()).toBe('');
    },
    PROOF_MS,
  );
});
