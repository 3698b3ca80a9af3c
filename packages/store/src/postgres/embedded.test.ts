import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../program.testing.ts';
import { serverFolder, TESTED_VERSIONS } from '../server.testing.ts';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { isServerOf } from './left-over.ts';
import { isAlive } from './lock.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
/** Whether another user may run this Node and read this checkout, which may lie in a home that is closed to others. */
const othersMayRun =
  isRoot &&
  spawnSync(
    process.execPath,
    ['-e', "require('node:fs').readFileSync(process.argv[1])", fileURLToPath(import.meta.url)],
    { uid: NOBODY, gid: NOBODY },
  ).status === 0;

/** What runs a program among processes of its own, as in a container, and ends it when it ends itself. */
const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const hasContainers = isRoot && spawnSync(CONTAINER[0] ?? '', [...CONTAINER.slice(1), 'true']).status === 0;

let folder: string;
/** A program that starts a database in a folder, says where it is, and waits to be killed. */
let program: string;
const running: EmbeddedServer[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = serverFolder('embedded');
  program = await buildProgram(
    folder,
    `import { startEmbedded } from './postgres/embedded.ts';
    const { url, pid } = await startEmbedded({ folder: process.argv[2] });
    console.log(JSON.stringify({ url: url.reveal(), pid }));
    setInterval(() => undefined, 1000);`,
  );
}, 60_000);

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of running.splice(0)) await server.stop();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string, platform?: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({
    folder: join(folder, name),
    ...(platform !== undefined && { platform }),
  });
  running.push(server);
  return server;
}

async function stop(server: EmbeddedServer): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.stop();
}

/** Starts the program and waits for what it says. */
async function hold(
  name: string,
  { within = [], ...options }: { uid?: number; gid?: number; within?: readonly string[] } = {},
): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const [command, ...args] = [...within, process.execPath, program, join(folder, name)];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  children.push(child);
  let said = '';
  let failed = '';
  child.stderr?.on('data', (part: Buffer) => {
    failed += part.toString();
  });
  child.stdout?.on('data', (part: Buffer) => {
    said += part.toString();
  });
  while (!said.includes('\n')) {
    if (child.exitCode !== null) throw new Error(failed);
    await sleep(20);
  }
  return { child, ...(JSON.parse(said) as { url: string; pid: number }) };
}

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query({ text, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Asks until the server answers. */
async function askAgain(url: string, text: string): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(url, text);
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}

describe.each(TESTED_VERSIONS)('a database of our own, PostgreSQL $major', ({ major, platform, isThere }) => {
  it.runIf(isThere)(
    'keeps what it was told over a stop, and its secrets to itself',
    async () => {
      const first = await start(`plain-${major}`, platform);
      await ask(first.url.reveal(), 'create table x as select 42 as n');
      await stop(first);
      const again = await start(`plain-${major}`, platform);

      expect([first.isNew, again.isNew]).toEqual([true, false]);
      expect(await ask(again.url.reveal(), 'select n from x')).toBe(42);
      expect(await ask(again.url.reveal(), 'show server_version')).toMatch(new RegExp(`^${major}\\.`));
      expect(await ask(again.url.reveal(), 'show data_checksums')).toBe('on');
      const place = join(folder, `plain-${major}`);
      expect(statSync(join(place, 'password')).mode & 0o777).toBe(0o600);
      expect(statSync(join(place, `data-${major}`)).mode & 0o777).toBe(0o700);
      const wrong = again.url.reveal().replace(/:[^:@]+@/, ':wrong@');
      await expect(ask(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
      const line = readFileSync(`/proc/${again.pid}/cmdline`, 'utf8');
      expect(line).not.toContain(readFileSync(join(place, 'password'), 'utf8'));
      if (isRoot) expect(statSync(`/proc/${again.pid}`).uid).not.toBe(0);
    },
    60_000,
  );

  it.runIf(isThere)(
    'comes back at the same address when it is killed',
    async () => {
      const server = await start(`killed-${major}`, platform);
      const url = server.url.reveal();
      await ask(url, 'create table x as select 42 as n');
      for (let round = 0; round < 3; round++) {
        const { pid } = server;
        process.kill(pid, 'SIGKILL');

        expect(await askAgain(url, 'select n from x')).toBe(42);
        expect(server.pid).not.toBe(pid);
      }
    },
    60_000,
  );
});

describe('a folder with a database', () => {
  it('is stopped also where its server does not hear, and keeps what was written', async () => {
    const server = await start('frozen');
    await ask(server.url.reveal(), 'create table x as select 42 as n');
    process.kill(server.pid, 'SIGSTOP');

    await stop(server);

    const again = await start('frozen');
    expect(await ask(again.url.reveal(), 'select n from x')).toBe(42);
  }, 120_000);

  it('is for one hub at a time', async () => {
    const { pid } = await hold('shared');

    await expect(start('shared')).rejects.toMatchObject({ code: 'conflict' });
    expect(isAlive(pid)).toBe(true);
  }, 60_000);

  it('is taken over from a hub that was killed, with the server that it left running', async () => {
    const { child, url, pid } = await hold('left');
    await ask(url, 'create table x as select 42 as n');
    child.kill('SIGKILL');
    await sleep(100);
    expect(isAlive(pid)).toBe(true);

    const server = await start('left');

    expect(isAlive(pid)).toBe(false);
    expect(await ask(server.url.reveal(), 'select n from x')).toBe(42);
  }, 60_000);

  it('is taken over by another path of it just so', async () => {
    const { child, url, pid } = await hold('linked');
    await ask(url, 'create table x as select 42 as n');
    child.kill('SIGKILL');
    symlinkSync('linked', join(folder, 'link'));

    const server = await start('link');

    expect(isAlive(pid)).toBe(false);
    expect(await ask(server.url.reveal(), 'select n from x')).toBe(42);
    expect(await isServerOf(server.pid, join(folder, 'link', 'data-18'))).toBe(true);
    expect(await isServerOf(server.pid, join(folder, 'frozen', 'data-18'))).toBe(false);
  }, 60_000);

  it('that cannot be used says what its server said last', async () => {
    await stop(await start('plain-18'));
    rmSync(join(folder, 'plain-18', 'data-18', 'global', 'pg_control'));

    await expect(start('plain-18')).rejects.toMatchObject({
      code: 'conflict',
      details: { detail: expect.stringMatching(/^The database did not start.*pg_control.*says more\.$/s) },
    });
  }, 60_000);

  it.each(['a"b', 'a$b', 'a`b', 'a\\b'])('cannot be called %s, and says so', async (name) => {
    await expect(start(name)).rejects.toMatchObject({
      code: 'conflict',
      details: { detail: expect.stringContaining('has a character that PostgreSQL does not take') },
    });
  });

  it('is taken over when hub and server were killed together', async () => {
    const { child, url, pid } = await hold('both');
    await ask(url, 'create table x as select 42 as n');
    child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');

    const server = await start('both');

    expect(await ask(server.url.reveal(), 'select n from x')).toBe(42);
  }, 60_000);

  it('is left alone by a hub that was taken for dead, and has its server no more', async () => {
    const server = await start('taken');
    const data = join(folder, 'taken', 'data-18');
    const { pid } = server;
    rmSync(join(folder, 'taken', 'lock'), { recursive: true });
    // As the server of whoever took it leaves it.
    writeFileSync(join(data, 'postmaster.pid'), '1\n');

    await server.lost;

    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
    await stop(server);
    expect(readFileSync(join(data, 'postmaster.pid'), 'utf8')).toBe('1\n');
  }, 60_000);

  it.runIf(hasContainers)(
    'is refused while a hub in another container has it (needs root and unshare)',
    async () => {
      // Its processes have numbers of their own, and none of those here can be seen.
      const { child } = await hold('elsewhere', { within: CONTAINER });

      await expect(start('elsewhere')).rejects.toMatchObject({
        details: { detail: 'Another hub, in another container, uses this database.' },
      });
      child.kill('SIGKILL');
    },
    60_000,
  );

  it('is refused where the file with its password is that of another database', async () => {
    await stop(await start('strange'));
    writeFileSync(join(folder, 'strange', 'password'), 'another');

    await expect(start('strange')).rejects.toMatchObject({
      details: { detail: expect.stringMatching(/^The data of the database has another password/) },
    });
  }, 60_000);

  it('starts where the number of its last server is that of another process now', async () => {
    const first = await start('reused');
    await stop(first);
    const other = spawn(
      'sleep',
      ['60'],
      isRoot ? { uid: statSync(join(folder, 'reused', 'data-18')).uid } : {},
    );
    children.push(other);
    const data = join(folder, 'reused', 'data-18');
    writeFileSync(join(data, 'postmaster.pid'), `${other.pid}\n${data}\n1\n5432\n\n127.0.0.1\n\nready\n`);

    const server = await start('reused');

    expect(await ask(server.url.reveal(), 'select 1')).toBe(1);
    expect(other.exitCode).toBe(null);
  }, 60_000);

  it.runIf(othersMayRun)(
    'serves a user who is not root as well (needs Node and a checkout that others may read)',
    async () => {
      const place = join(folder, 'plain-user');
      mkdirSync(place);
      chownSync(place, NOBODY, NOBODY);
      chmodSync(place, 0o700);
      const { url, pid } = await hold('plain-user', { uid: NOBODY, gid: NOBODY });

      expect(await ask(url, 'select 1')).toBe(1);
      expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY);
    },
    60_000,
  );
});
