import { rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { HubClient, type Send } from '@bulwark/api';
import { type Hub, hubOptionsForTests, startHub } from '@bulwark/hub';
import { type EmbeddedServer, startEmbedded } from '@bulwark/store';
import { TestAuthority, type TestCertificate } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, eventually } from './running-hub.testing.ts';

const AUTHORITY = new TestAuthority();

function issue(commonName: string): TestCertificate {
  return AUTHORITY.issue({ commonName, names: ['localhost'] });
}

describe('the certificate of a hub', () => {
  const folder = dataFolder();
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  const said: string[] = [];
  let database: EmbeddedServer;
  let hub: Hub;
  let cookie = '';

  const write = ({ certificate, key }: TestCertificate): void => {
    writeFileSync(files.cert, certificate);
    writeFileSync(files.key, key);
  };

  beforeAll(async () => {
    database = await startEmbedded({ folder: join(folder, 'database') });
    write(issue('first'));
    const say = (message: string): number => said.push(message);
    hub = await startHub(hubOptionsForTests({ databaseUrl: database.url, folder, tls: files, say }));
  });

  afterAll(async () => {
    await hub?.stop();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A new connection. */
  function open(): Promise<TLSSocket> {
    const port = Number(new URL(hub.url).port);
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        ca: AUTHORITY.certificate,
      });
      socket.once('secureConnect', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  /** Whom a connection was opened to. */
  function nameOf(socket: TLSSocket): string {
    return String(socket.getPeerCertificate().subject.CN);
  }

  async function newName(): Promise<string> {
    const socket = await open();
    const name = nameOf(socket);
    socket.destroy();
    return name;
  }

  /** The status of an answer over an open connection. */
  function ask(socket: TLSSocket): Promise<string> {
    return new Promise((resolve, reject) => {
      socket.once('data', (part: Buffer) => resolve(part.toString('latin1').split('\r\n')[0] ?? ''));
      socket.once('close', () => reject(new Error('the connection was closed')));
      socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
    });
  }

  /** An answer of the hub, as nothing but the test's own authority vouches for it. */
  function request(address: string, { method, headers, body }: Parameters<Send>[1]): ReturnType<Send> {
    return new Promise((resolve, reject) => {
      const options = { method, headers, ca: AUTHORITY.certificate, servername: 'localhost' };
      const asked = https.request(`${hub.url}${address}`, options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
          const text = Buffer.concat(parts).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, text: async () => text });
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  /** What health says of the certificate. */
  async function health() {
    const client = new HubClient(request, '', () => ({ cookie }));
    if (cookie === '')
      await client.call('signIn', { body: { link: hub.firstLink?.split('#link=')[1] ?? '' } });
    const { checks } = await client.call('health', {});
    const { status, detail } = checks.find((check) => check.name === 'certificate') ?? {};
    return { status, detail };
  }

  it('is replaced for new connections when its files change, and open ones go on', async () => {
    const old = await open();
    expect([nameOf(old), await ask(old)]).toEqual(['first', 'HTTP/1.1 200 OK']);

    write(issue('second'));
    await eventually('a new certificate', async () => (await newName()) === 'second' || undefined);

    expect(await ask(old)).toBe('HTTP/1.1 200 OK');
    expect(nameOf(old)).toBe('first');
    expect(said.at(-1)).toMatch(/^New connections use a new certificate, good until \d{4}-\d\d-\d\d\.$/);
    old.destroy();
  });

  it.each([
    { what: 'no certificate', broken: { certificate: 'nonsense', key: issue('x').key } },
    { what: 'another key', broken: { certificate: issue('x').certificate, key: issue('y').key } },
  ])(
    'stays the old one where the new files hold $what, and says so until they are mended',
    async ({ what, broken }) => {
      const before = await newName();
      said.length = 0;
      write(broken);
      const message = await eventually('it is said', () => said[0]);

      expect(message).toMatch(
        /^The certificate was not replaced: .* are not a certificate and its key \(\w+\)\.$/,
      );
      expect(message).not.toContain('PRIVATE KEY');
      expect(await newName()).toBe(before);

      expect(await health()).toEqual({
        status: 'degraded',
        detail: expect.stringMatching(/^The certificate ends on .* The new one is not used: .*\.$/),
      });

      const name = `after ${what}`;
      write(issue(name));
      await eventually('a new certificate', async () => (await newName()) === name || undefined);
      expect(said).toHaveLength(2);
      expect(await health()).toMatchObject({ status: 'ok' });
    },
  );
});
