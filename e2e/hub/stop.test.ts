import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP } from '@bulwark/core';
import { type Hub, startHub } from '@bulwark/hub';
import { type EmbeddedServer, openStore, type Store, startEmbedded } from '@bulwark/store';
import { FakeApiServer } from '@bulwark/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually } from './running-hub.testing.ts';

const START_MS = 180_000;
const TEST_MS = 180_000;
const PROGRAM = pathToFileURL(resolve('dist', 'bulwark.js'));

/** Takes connections and never says anything. */
class SilentServer {
  connections = 0;
  readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.server = createServer((socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

describe('a hub that stops', () => {
  const folder = dataFolder();
  let database: EmbeddedServer;
  let store: Store;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    database = await startEmbedded({ folder: join(folder, 'database') });
    store = await openStore({ url: database.url, now: new Date() });
  }, START_MS);

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  afterAll(async () => {
    await store?.close();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  /** A kubeconfig with one cluster. */
  function kubeconfig(server: string, user: object = {}): string {
    const path = join(folder, `kubeconfig-${Math.random()}`);
    return writeKubeconfig(path, { name: 'shop', cluster: { server }, user });
  }

  async function start(
    path: string,
    databaseUrl = database.url,
  ): Promise<{ readonly hub: Hub; readonly said: string[] }> {
    const said: string[] = [];
    const hub = await startHub({
      databaseUrl,
      clusters: [{ kind: 'kubeconfig', path }],
      program: PROGRAM,
      listen: { host: '127.0.0.1', port: 0 },
      controls: CONTROLS,
      decisions: {
        exceptions: [],
        annotations: 'accept',
        otherTools: 'accept',
        ownership: DEFAULT_OWNERSHIP,
      },
      approvalFrom: 'high',
      secrets: false,
      env: { PATH: process.env['PATH'] },
      retentionDays: 90,
      keyFile: join(folder, 'channels.key'),
      version: '1.2.3',
      now: () => new Date(),
      say: (message) => said.push(message),
    });
    return { hub, said };
  }

  async function stops({ hub, said }: Awaited<ReturnType<typeof start>>): Promise<void> {
    await hub.stop();
    expect(said.filter((text) => /cut off|failed/.test(text))).toEqual([]);
  }

  async function fakeServer(): Promise<FakeApiServer> {
    const server = await FakeApiServer.start({ objects: [PRIVILEGED_POD('first') as never] });
    ends.push(() => server.stop());
    return server;
  }

  async function silent(): Promise<{ readonly port: number; readonly server: SilentServer }> {
    const server = new SilentServer();
    const port = await server.listen();
    ends.push(() => server.stop());
    return { port, server };
  }

  async function isLive(): Promise<true | undefined> {
    const { rowCount } = await store.pool.query("select from cluster where state = 'live'");
    return rowCount === 1 ? true : undefined;
  }

  it(
    'ends a thread that watches',
    async () => {
      const hub = await start(kubeconfig((await fakeServer()).url));
      await eventually('it is live', isLive, TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );

  it(
    'ends a thread that stands by',
    async () => {
      const path = kubeconfig((await fakeServer()).url);
      const first = await start(path);
      await eventually('it is live', isLive, TEST_MS);
      const second = await start(path);
      await eventually('it stands by', () => second.said.find((text) => /stands by/.test(text)), TEST_MS);
      await stops(second);
      await stops(first);
    },
    TEST_MS,
  );

  it(
    'ends a thread whose cluster refuses connections',
    async () => {
      const server = await fakeServer();
      await server.stop();
      ends.length = 0;
      const hub = await start(kubeconfig(server.url));
      await eventually('it says so', () => hub.said.find((text) => /does not answer/.test(text)), TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );

  it.each(['http', 'https'])(
    'ends a thread whose cluster takes connections and is silent, %s',
    async (scheme) => {
      const { port, server } = await silent();
      const hub = await start(kubeconfig(`${scheme}://127.0.0.1:${port}`));
      await eventually('it is asked', () => server.connections || undefined, TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );

  it(
    'ends a thread whose database is away',
    async () => {
      const server = await fakeServer();
      const own = await startEmbedded({ folder: join(folder, 'away') });
      const hub = await start(kubeconfig(server.url), own.url);
      await eventually('it watches', () => server.watches > 10 || undefined, TEST_MS);
      await own.stop();
      server.upsert(PRIVILEGED_POD('unwritten') as never);
      await eventually('it says so', () => hub.said.find((text) => /database does not/.test(text)), TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );

  it(
    'ends a thread whose credential plugin hangs',
    async () => {
      const plugin = join(folder, 'plugin.sh');
      const began = join(folder, 'began');
      writeFileSync(plugin, `#!/bin/sh\ntouch '${began}'\nexec sleep 1000\n`);
      chmodSync(plugin, 0o755);
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: plugin,
        interactiveMode: 'Never',
      };
      const hub = await start(kubeconfig((await fakeServer()).url, { exec }));
      await eventually('the plugin runs', () => existsSync(began) || undefined, TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );
});
