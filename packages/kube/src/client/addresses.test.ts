import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@bulwark/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { dispatcherTo, type Route } from './dispatcher.ts';
import { failureOfError } from './failure.ts';
import { authority, served } from './served.testing.ts';

const NAME = 'api.example.com';
const certificate = authority.issue({ commonName: 'api', names: [NAME] });
/** Another address of this machine, at which nothing listens unless a test says so. */
const OTHER = '127.0.0.2';

const { ended, serve, listening } = served();

/** Has every name stand for the other address, and for the one of the servers of a test after it. Gives the names that are asked. */
function resolveToBoth(): readonly string[] {
  const asked: string[] = [];
  const addresses = [OTHER, '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const lookup = (name: string, _options: unknown, done: (error: null, found: unknown) => void): void => {
    asked.push(name);
    setImmediate(() => done(null, addresses));
  };
  const faulty = vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
  onTestFinished(() => faulty.mockRestore());
  return asked;
}

/** A server that takes no connection after its first few, as one that is out of reach. */
const FROZEN = `require('node:net').createServer().listen({ port: Number(process.argv[1]), host: '${OTHER}', backlog: 1 }, () => {
  require('node:fs').writeSync(1, 'x');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
})`;

/** Has the other address neither take connections at a port nor refuse them. */
async function freeze(port: number): Promise<void> {
  const frozen = spawn(process.execPath, ['-e', FROZEN, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const taken: Socket[] = [];
  onTestFinished(() => {
    frozen.kill('SIGKILL');
    for (const each of taken) each.destroy();
  });
  await once(frozen.stdout, 'data');
  for (let isTaken = true; isTaken; ) {
    const socket = connect(port, OTHER).on('error', () => undefined);
    taken.push(socket);
    isTaken = await Promise.race([once(socket, 'connect').then(() => true), sleep(500, false)]);
  }
}

async function ask(origin: string, route: Route): Promise<number> {
  const dispatcher = dispatcherTo(new URL(origin), route);
  ended.unshift(() => dispatcher.destroy());
  const { statusCode, body } = await dispatcher.request({ origin, path: '/version', method: 'GET' });
  await body.dump();
  return statusCode;
}

const ENDING = { signal: new AbortController().signal };

describe('a server with several addresses', () => {
  it.each([
    { what: 'refuses', freezes: false, route: ENDING },
    { what: 'refuses, and nothing can end that', freezes: false, route: {} },
    { what: 'does not answer', freezes: true, route: ENDING },
  ])('is reached at the second where the first $what', async ({ freezes, route }) => {
    const { port } = new URL((await serve(certificate)).url);
    if (freezes) await freeze(Number(port));
    resolveToBoth();

    const asked = ask(`https://${NAME}:${port}`, { authorities: authority.certificate, ...route });

    expect(await asked).toBe(200);
  });

  it('is given up where all refuse: nothing is tried beside that', async () => {
    const port = await listening(createServer());
    for (const end of ended.splice(0)) await end();
    const asked = resolveToBoth();

    await expect(ask(`https://${NAME}:${port}`, ENDING)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    expect(asked).toEqual([NAME]);
  });

  it('is reached at the second also where it is a proxy that speaks TLS', async () => {
    const { certificate: cert, key } = certificate;
    const port = await listening(createHttps({ cert, key }));
    resolveToBoth();
    const proxy = new Secret(new URL(`https://${NAME}:${port}`));

    const why = await ask(`https://${NAME}`, { ...ENDING, proxy }).catch((error: unknown) => error);

    // It was reached, as its authority is one of the test, which no proxy can have.
    expect(failureOfError(why).kind).toBe('untrusted');
  });
});

describe('a connection on which TLS cannot begin', () => {
  it('is closed, and says why', async () => {
    const server = createServer();
    const closed = once(server, 'connection').then(([socket]) => once((socket as Socket).resume(), 'close'));
    const port = await listening(server);
    const own = { certificate: 'no certificate', key: new Secret('no key') };

    await expect(ask(`https://127.0.0.1:${port}`, { ...ENDING, certificate: own })).rejects.toThrow(/PEM/i);
    await closed;
  });
});
