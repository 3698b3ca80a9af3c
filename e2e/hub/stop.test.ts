import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Hub, hubOptionsForTests, startHub } from '@bulwark/hub';
import { type EmbeddedServer, startEmbedded } from '@bulwark/store';
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

/** Holds a process and all of its own where they are; gives what lets them go on. */
function freeze(pid: number): () => void {
  const all = [pid, ...childrenOf(pid)];
  for (const each of all) process.kill(each, 'SIGSTOP');
  return () => {
    for (const each of all) process.kill(each, 'SIGCONT');
  };
}

/** The parent is the second field behind the name, which may hold anything (proc(5)). */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'latin1');
      return text.slice(text.lastIndexOf(')')).split(' ')[2] === String(pid) ? [Number(name)] : [];
    } catch {
      // It has ended.
      return [];
    }
  });
}

describe('a hub that stops', () => {
  const folder = dataFolder();
  let database: EmbeddedServer;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    database = await startEmbedded({ folder: join(folder, 'database') });
  }, START_MS);

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  afterAll(async () => {
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  /** A kubeconfig with one cluster. */
  function kubeconfig(server: string, user: object = {}, more: object = {}): string {
    const path = join(folder, `kubeconfig-${Math.random()}`);
    return writeKubeconfig(path, { name: 'shop', cluster: { server, ...more }, user });
  }

  async function start(
    path: string,
    databaseUrl = database.url,
  ): Promise<{ readonly hub: Hub; readonly said: string[] }> {
    const said: string[] = [];
    const hub = await startHub(
      hubOptionsForTests({
        databaseUrl,
        folder,
        clusters: [{ kind: 'kubeconfig', path }],
        program: PROGRAM,
        env: { PATH: process.env['PATH'] },
        say: (message) => said.push(message),
      }),
    );
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

  it(
    'ends a thread that watches',
    async () => {
      const server = await fakeServer();
      const hub = await start(kubeconfig(server.url));
      await eventually('it watches', () => server.watches > 10 || undefined, TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );

  it(
    'ends a thread that stands by',
    async () => {
      const server = await fakeServer();
      const path = kubeconfig(server.url);
      const first = await start(path);
      await eventually('it watches', () => server.watches > 10 || undefined, TEST_MS);
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
    'ends a thread whose cluster is behind a SOCKS proxy that is silent',
    async () => {
      const { port, server } = await silent();
      const proxy = { 'proxy-url': `socks5://127.0.0.1:${port}` };
      const hub = await start(kubeconfig('https://shop.example', {}, proxy));
      await eventually('it is asked', () => server.connections || undefined, TEST_MS);
      await stops(hub);
    },
    TEST_MS,
  );

  it.skipIf(!existsSync('/proc/self/stat'))(
    'ends while its database stands still, with all that waits for it',
    async () => {
      const server = await fakeServer();
      const own = await startEmbedded({ folder: join(folder, 'frozen') });
      ends.push(() => own.stop());
      const hub = await start(kubeconfig(server.url), own.url);
      await eventually('it watches', () => server.watches > 10 || undefined, TEST_MS);
      const thaw = freeze(own.pid);
      try {
        server.upsert(PRIVILEGED_POD('unwritten') as never);
        await eventually(
          'it is asked in vain',
          async () => (await fetch(`${hub.hub.url}/readyz`)).status === 503 || undefined,
          TEST_MS,
        );
        await stops(hub);
      } finally {
        thaw();
      }
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
