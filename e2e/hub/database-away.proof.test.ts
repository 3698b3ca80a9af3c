import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { HubError } from '@bulwark/api';
import { demoShop } from '@bulwark/demo';
import { type EmbeddedServer, startEmbedded } from '@bulwark/store';
import { Cable, FakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { nameOfRef, PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually, pause, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const PROOF_MS = 900_000;
const WITHIN_MS = 300_000;
const AWAY_MS = 60_000;
const STEP_MS = 1000;
const MOST_SHOWN = 2000;

/** All that a hub knows, in an order of its own. */
async function knowledgeOf(hub: RunningHub): Promise<string[]> {
  const resources = (await hub.all('listResources')).map(({ resource }) => nameOfRef(resource));
  const findings = (await hub.all('listFindings', '(state:open OR state:excepted)')).map(
    ({ control, fingerprint, severity, message, resource }) =>
      `${fingerprint} ${severity} ${control} ${nameOfRef(resource)} ${message}`,
  );
  return [...resources, ...findings].sort();
}

describe('a hub whose database is away for a minute', () => {
  const folder = dataFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  let database: EmbeddedServer;
  let cable: Cable;
  let server: FakeApiServer;
  let hub: RunningHub;
  /** Runs undisturbed beside it, on a database of its own. */
  let witness: RunningHub;

  beforeAll(async () => {
    database = await startEmbedded({ folder: join(folder, 'database') });
    const url = new URL(database.url.reveal());
    cable = await Cable.to(Number(url.port));
    url.port = String(cable.port);
    server = await FakeApiServer.start({ objects: demoShop({ seed: 'away', now: Date.now() }) });
    writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: server.url } });
    hub = await RunningHub.start({ kubeconfig, args: ['--database-url', url.href] });
    witness = await RunningHub.start({ kubeconfig });
    await hub.reaches('live', WITHIN_MS);
    await witness.reaches('live', WITHIN_MS);
  }, START_MS);

  afterAll(async () => {
    await hub?.remove();
    await witness?.remove();
    await server?.stop();
    await cable?.stop();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  async function agree(what: string): Promise<string[]> {
    return eventually(
      what,
      async () => {
        const [mine, other] = [await knowledgeOf(hub), await knowledgeOf(witness)];
        const [has, had] = [new Set(mine), new Set(other)];
        const differing = {
          only: mine.filter((text) => !had.has(text)),
          missing: other.filter((text) => !has.has(text)),
        };
        if (differing.only.length + differing.missing.length > 0)
          throw new Error(JSON.stringify(differing).slice(0, MOST_SHOWN));
        return mine;
      },
      WITHIN_MS,
    );
  }

  async function codeOf(asking: Promise<unknown>): Promise<string> {
    return asking.then(
      () => 'none',
      (error: unknown) => (error instanceof HubError ? (error.problem?.code ?? '') : String(error)),
    );
  }

  it(
    'stays up and says so, and knows afterwards what an undisturbed one knows',
    async () => {
      const before = await agree('both know the same at first');
      expect(before.length).toBeGreaterThan(1000);

      cable.cut();
      const end = Date.now() + AWAY_MS;
      for (let step = 0; Date.now() < end; step++) {
        // Comes and stays, or comes and goes; each is a version that nobody may miss the outcome of.
        server.upsert(PRIVILEGED_POD(`away-${step}`) as never);
        if (step % 2 === 1)
          server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: `away-${step - 1}` });
        await pause(STEP_MS);
        const ready = await fetch(`${hub.url}/readyz`);
        expect([ready.status, await ready.json()]).toEqual([
          503,
          {
            status: 'down',
            notReady: [{ name: 'database', detail: expect.stringMatching(/^The database does not answer/) }],
          },
        ]);
        expect((await fetch(`${hub.url}/livez`)).status).toBe(200);
        expect((await fetch(`${hub.url}/`)).status).toBe(200);
        expect(await codeOf(hub.call('listFindings', { query: {} }))).toBe('database-away');
      }
      expect(hub.isRunning).toBe(true);
      expect(hub.output).toMatch(/The database does not answer.* What is seen waits, and is written then\./);

      cable.mend();
      await eventually(
        'it is ready again',
        async () => (await fetch(`${hub.url}/readyz`)).status === 200 || undefined,
        WITHIN_MS,
      );
      const after = await agree('both know the same again');
      expect(after).not.toEqual(before);
      expect(after.some((text) => text.endsWith(' default away-1'))).toBe(true);
      expect(hub.output).toContain('The database takes what is seen again.');
      expect(hub.output).not.toContain('A request failed');

      server.upsert(PRIVILEGED_POD('after') as never);
      await eventually(
        'what comes afterwards is found',
        async () => (await hub.all('listFindings', 'name:after')).length > 0 || undefined,
        WITHIN_MS,
      );
      await agree('both know the same at the end');
    },
    PROOF_MS,
  );
});
