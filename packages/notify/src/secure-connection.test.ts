import { type ChildProcess, spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@bulwark/core';
import { TestAuthority } from '@bulwark/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Channel } from './channel.ts';
import { deliver } from './deliver.ts';
import { MESSAGE, NOW } from './message.testing.ts';

const NAME = 'hooks.example.com';
/** Another address of this machine. */
const OTHER = '127.0.0.2';
const { certificate, key } = new TestAuthority().issue({ commonName: 'hooks', names: [NAME, '127.0.0.1'] });

/** A receiver that speaks TLS, in a process of its own, as it is to be frozen. */
const RECEIVER = `const server = require('node:https').createServer(
  { cert: process.env.CERT, key: process.env.KEY },
  (_request, response) => response.end('ok'),
).listen(0, '127.0.0.1', () => console.log(server.address().port))`;

/** A server that takes no connection after its first few, as one that is out of reach. */
const DEAF = `require('node:net').createServer().listen({ port: Number(process.argv[1]), host: '${OTHER}', backlog: 1 }, () => {
  require('node:fs').writeSync(1, 'x');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
})`;

async function run(program: string, ...more: string[]): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['-e', program, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { CERT: certificate, KEY: key },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

/** Has the other address neither take connections at a port nor refuse them. */
async function deafen(port: string): Promise<void> {
  await run(DEAF, port);
  const taken: Socket[] = [];
  onTestFinished(() => {
    for (const each of taken) each.destroy();
  });
  for (let isTaken = true; isTaken; ) {
    const socket = connect(Number(port), OTHER).on('error', () => undefined);
    taken.push(socket);
    isTaken = await Promise.race([once(socket, 'connect').then(() => true), sleep(500, false)]);
  }
}

/** Has every name stand for the other address, and for that of a receiver after it. */
function resolveToBoth(): void {
  const addresses = [OTHER, '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const lookup = (_name: string, _options: unknown, done: (error: null, found: unknown) => void): void => {
    setImmediate(() => done(null, addresses));
  };
  const faulty = vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
  syncBuiltinESMExports();
  onTestFinished(() => {
    faulty.mockRestore();
    syncBuiltinESMExports();
  });
}

function webhook(host: string, port: string): Channel {
  return { type: 'webhook', url: new Secret(`https://${host}:${port}/`), signingKey: new Secret('key') };
}

function mail(host: string, port: string): Channel {
  const people = { from: 'bulwark@example.com', to: ['team@example.com'] };
  return { type: 'smtp', host, port: Number(port), implicitTls: true, ...people };
}

const send = (channel: Channel, signal = new AbortController().signal) =>
  deliver(channel, MESSAGE, { now: NOW, signal });

// It was reached, as its authority is one of the test, which no hub trusts.
const REACHED = { status: 'retry', answer: expect.stringMatching(/unable.to.verify/i) };

describe.skipIf(process.platform !== 'linux').each([
  { what: 'webhook', channelTo: webhook },
  { what: 'mail server', channelTo: mail },
])('a $what that speaks TLS (needs all of 127.0.0.0/8)', ({ channelTo }) => {
  it.each([
    { how: 'refuses', isDeaf: false },
    { how: 'does not answer', isDeaf: true },
  ])('is reached at its second address where the first $how', async ({ isDeaf }) => {
    const { said: port } = await run(RECEIVER);
    if (isDeaf) await deafen(port);
    resolveToBoth();

    expect(await send(channelTo(NAME, port))).toEqual(REACHED);
  });

  it('ends nothing where it freezes, is given up and goes on', async () => {
    const { child, said: port } = await run(RECEIVER);
    for (const _round of [1, 2, 3]) {
      child.kill('SIGSTOP');
      const endings = Array.from({ length: 20 }, () => new AbortController());
      const outcomes = Promise.all(endings.map(({ signal }) => send(channelTo('127.0.0.1', port), signal)));
      for (const [index, ending] of endings.entries()) {
        await sleep(5);
        if (index === endings.length / 2) child.kill('SIGCONT');
        ending.abort();
      }
      for (const { status } of await outcomes) expect(['broken-off', 'retry']).toContain(status);

      expect(await send(channelTo('127.0.0.1', port))).toEqual(REACHED);
    }
  });
});
