import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { served } from './served.testing.ts';
import { connectBySocks, type SocksTarget } from './socks.ts';

const { ended, listening } = served();
const SHOP = { host: 'api.shop.example', port: 6443 };
const LOGIN = { user: 'ann', password: 'open-sesame' };
const CONNECTED = [5, 0, 0, 1, 127, 0, 0, 1, 4, 210];

interface Asked {
  /** What the proxy was sent, in hexadecimal digits, up to each of its answers. */
  readonly heard: readonly string[];
  readonly socket: Socket;
}

/** Asks a proxy that gives each answer once it was sent something, in pieces of some bytes; `end` ends it after the last. */
async function ask(
  target: SocksTarget,
  answers: readonly (readonly number[])[],
  { pieces = 100, end = false } = {},
): Promise<Asked> {
  const heard: string[] = [];
  const port = await listening(
    createServer((peer) => {
      peer.on('error', () => undefined).setNoDelay(true);
      const left = [...answers];
      peer.on('data', (bytes) => {
        heard.push(bytes.toString('hex'));
        const answer = left.shift() ?? [];
        for (let at = 0; at < answer.length; at += pieces)
          peer.write(Buffer.from(answer.slice(at, at + pieces)));
        if (end && left.length === 0) peer.end();
      });
    }),
  );
  const socket = connect(port, '127.0.0.1');
  ended.unshift(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  await connectBySocks(socket, target);
  return { heard, socket };
}

const hex = (...parts: readonly (readonly number[] | string)[]): string =>
  parts.map((part) => Buffer.from(part as string).toString('hex')).join('');

describe('a SOCKS proxy', () => {
  it.each([
    ['a name, which it resolves', 'api.shop.example', hex([3, 16], 'api.shop.example')],
    ['an address', '192.0.2.7', hex([1, 192, 0, 2, 7])],
    [
      'an address of version 6',
      '2001:db8::7:0:1',
      hex([4], [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1]),
    ],
    ['the address of the machine itself', '::1', hex([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])],
    [
      'a whole address of version 6',
      '1:2:3:4:5:6:7:8',
      hex([4, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
    ],
  ])('is asked to connect to %s', async (_what, host, told) => {
    const { heard } = await ask({ host, port: 6443 }, [[5, 0], CONNECTED]);

    expect(heard).toEqual([hex([5, 1, 0]), `${hex([5, 1, 0])}${told}192b`]);
  });

  it('gets a user and a password where it wants them, and else no word of them', async () => {
    const target = { ...SHOP, login: LOGIN };
    const { heard } = await ask(target, [[5, 2], [1, 0], CONNECTED]);
    const { heard: unasked } = await ask(target, [[5, 0], CONNECTED]);

    expect(heard.slice(0, 2)).toEqual([hex([5, 2, 2, 0]), hex([1, 3], 'ann', [11], 'open-sesame')]);
    expect(unasked.join('')).not.toContain(hex('open-sesame'));
  });

  it.each([
    ['an address', CONNECTED],
    ['a name', [5, 0, 0, 3, 2, 97, 98, 0, 80]],
    ['an address of version 6', [5, 0, 0, 4, ...Array.from({ length: 18 }, () => 9)]],
  ])('may answer in any pieces and from %s, and what follows is of the server', async (_what, connected) => {
    for (const pieces of [1, 3, 100]) {
      const { socket } = await ask(
        { ...SHOP, login: LOGIN },
        [
          [5, 2],
          [1, 0],
          [...connected, 104, 105],
        ],
        { pieces },
      );
      let said = '';
      while (said.length < 2) {
        said += String(socket.read() ?? '');
        if (said.length < 2) await once(socket, 'readable');
      }

      expect(said).toBe('hi');
    }
  });

  it.each([
    ['speaks something else', {}, [[72, 84]], /does not speak SOCKS 5/],
    ['wants a user', {}, [[5, 255]], /wants a user/],
    ['takes no login', { login: LOGIN }, [[5, 255]], /takes no user with a password/],
    ['chooses what was not offered', {}, [[5, 2]], /wants a user/],
    [
      'knows no such user',
      { login: LOGIN },
      [
        [5, 2],
        [1, 1],
      ],
      /does not know this user and password/,
    ],
    [
      'is not allowed to',
      {},
      [
        [5, 0],
        [5, 2, 0, 1],
      ],
      /its rules do not allow it/,
    ],
    [
      'is refused',
      {},
      [
        [5, 0],
        [5, 5, 0, 1],
      ],
      /the connection was refused/,
    ],
    [
      'has a reason of its own',
      {},
      [
        [5, 0],
        [5, 99, 0, 1],
      ],
      /reply 99/,
    ],
  ])('that %s is no way, and says why without the password', async (_what, login, answers, says) => {
    const why = await ask({ ...SHOP, ...login }, answers).catch(String);

    expect(why).toMatch(says);
    expect(why).not.toContain('open-sesame');
  });

  it.each([
    ['a name', { host: 'a'.repeat(256), port: 1 }],
    ['a password', { ...SHOP, login: { user: 'ann', password: 'é'.repeat(128) } }],
  ])('takes %s of 255 bytes at most', async (_what, target) => {
    await expect(
      ask(target, [
        [5, 'login' in target ? 2 : 0],
        [1, 0],
      ]),
    ).rejects.toThrow(/at most 255 bytes/);
  });

  it('that hangs up after any byte fails the connection', async () => {
    const whole = [...[5, 0], ...CONNECTED];
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (count) => {
        const said = whole.slice(0, count);
        const answers = count < 2 ? [said] : [said.slice(0, 2), said.slice(2)];

        await expect(ask(SHOP, answers, { end: true })).rejects.toThrow(/hung up/);
      }),
      { numRuns: 30 },
    );
  });
});
