import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { demoShop } from '@bulwark/demo';
import { FakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { dataFolder, eventually, pause, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const PROOF_MS = 600_000;
const WITHIN_MS = 90_000;
const DISK = 'size=230m,mode=755';
const OBJECTS = 60;
const WORDS = 1000;
const MEBIBYTE = 1024 * 1024;
/** So much is looked at, so that a standing that comes and goes is seen. */
const LOOKS = 20;

/** Puts a disk of its own under a folder, which takes the rights of an administrator. */
function mount(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Fills the disk on which a file lies. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  for (let size = MEBIBYTE; size >= 1; size /= 2)
    try {
      for (;;) writeSync(handle, Buffer.alloc(size));
    } catch {
      // No more of this size fits.
    }
  closeSync(handle);
}

/** A workload of some 200 KB of what cannot be made smaller. */
function large(name: string): unknown {
  const args = Array.from({ length: WORDS }, () => randomBytes(100).toString('hex'));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', uid: name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'a', image: 'x:1', args }] },
      },
    },
  };
}

const folder = dataFolder();
const disk = join(folder, 'data');
const isMounted = mount(disk);

describe.skipIf(!isMounted)('a hub whose disk is full', () => {
  let server: FakeApiServer;
  let hub: RunningHub;

  beforeAll(async () => {
    server = await FakeApiServer.start({ objects: demoShop({ seed: 'full', now: Date.now() }) });
    const kubeconfig = join(folder, 'kubeconfig');
    writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: server.url } });
    hub = await RunningHub.start({ folder, kubeconfig });
    await hub.reaches('live', START_MS);
  }, START_MS);

  afterAll(async () => {
    await hub?.stop();
    await server?.stop();
    execFileSync('/bin/umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  const ready = async (): Promise<{ readonly status: number; readonly text: string }> => {
    const answer = await fetch(`${hub.url}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };

  /** Waits until it answers so when it is asked whether it is ready. */
  const answers = (status: number): Promise<unknown> =>
    eventually(
      `it answers ${status}`,
      async () => ((await ready()).status === status ? true : undefined),
      WITHIN_MS,
    );

  it(
    'says so within a minute where nothing changes in its cluster, too',
    async () => {
      fill(join(disk, 'filler'));
      const began = Date.now();
      await answers(503);
      expect((await ready()).text).toContain('its disk is full (53100). Give it space.');
      expect(Date.now() - began).toBeLessThan(60_000);

      rmSync(join(disk, 'filler'));
      await answers(200);
    },
    PROOF_MS,
  );

  it(
    'says so where it is asked, goes on by itself when there is space, and has lost nothing',
    async () => {
      const names = Array.from({ length: OBJECTS }, (_, count) => `large-${count}`);
      fill(join(disk, 'filler'));
      for (const name of names) server.upsert(large(name) as never);
      await answers(503);
      const seen = new Set<string>();
      for (let look = 0; look < LOOKS; look++) {
        const { status, text } = await ready();
        seen.add(`${status} ${text}`);
        const clusters = await hub.call('listClusters', {}).catch(() => undefined);
        for (const { state, reason } of clusters?.items ?? []) seen.add(`${state} ${reason}`);
        const health = await hub.call('health', {}).catch(() => undefined);
        for (const { name, status: how, detail } of health?.checks ?? [])
          if (name === 'database' || name.startsWith('cluster')) seen.add(`${name} ${how} ${detail}`);
        await pause(1000);
      }
      const said = [...seen].join('\n');
      expect(said).toContain('its disk is full (53100). Give it space.');
      expect(said).not.toMatch(/^(?:live|200|database ok)/m);

      rmSync(join(disk, 'filler'));
      await answers(200);
      await hub.reaches('live', WITHIN_MS);
      await eventually(
        'all is recorded',
        async () => ((await hub.all('listWorkloads', 'name:large-*')).length === OBJECTS ? true : undefined),
        WITHIN_MS,
      );
    },
    PROOF_MS,
  );
});
