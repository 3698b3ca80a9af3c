import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Secret } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { kubeconfigFolder } from './kubeconfig.testing.ts';
import { writeTokens } from './write-tokens.ts';

const { path, write } = kubeconfigFolder();
const renewal = {
  before: new Secret('r1'),
  refreshToken: new Secret('r"2'),
  idToken: new Secret('id2'),
};

/** What becomes of a kubeconfig, or why nothing does. */
async function written(text: string): Promise<string> {
  const file = write('config', text);
  const why = await writeTokens({ file, user: 'me' }, renewal);
  const after = readFileSync(file, 'utf8');
  return why === undefined ? after : `${why}${after === text ? '' : ', and it was'}`;
}

const block = (tokens: string): string =>
  `# mine\nusers:\n- user: {token: x}\n  name: other\n- name: me # I\n  user:\n    auth-provider:\n      config:\n${tokens}        client-id:   kube\n      name: oidc\ncontexts: []\n`;

describe('new tokens in a kubeconfig', () => {
  it.each([
    [
      'are in the place of those of before',
      block('        id-token: id1 # short\n        refresh-token: r1\n'),
      block('        id-token: "id2" # short\n        refresh-token: "r\\"2"\n'),
    ],
    [
      'may stand in any order and with quotes',
      block(`        refresh-token: 'r1'\n        id-token: "id1"\n`),
      block('        refresh-token: "r\\"2"\n        id-token: "id2"\n'),
    ],
    [
      'come to it where there was no ID token',
      block('        refresh-token: r1\n'),
      block('        id-token: "id2"\n        refresh-token: "r\\"2"\n'),
    ],
    [
      'may be without a place for an ID token',
      block('        id-token:\n        refresh-token: r1\n'),
      block('        id-token:\n        refresh-token: "r\\"2"\n'),
    ],
    [
      'have the ends of lines of the file',
      block('        refresh-token: r1\n').replaceAll('\n', '\r\n'),
      block('        id-token: "id2"\n        refresh-token: "r\\"2"\n').replaceAll('\n', '\r\n'),
    ],
    [
      'may be JSON',
      '{"users":[{"name":"me","user":{"auth-provider":{"name":"oidc","config":{"client-id":"c","refresh-token":"r1"}}}}]}',
      '{"users":[{"name":"me","user":{"auth-provider":{"name":"oidc","config":{"client-id":"c","id-token": "id2", "refresh-token":"r\\"2"}}}}]}',
    ],
    [
      'leave another sign-in alone',
      block('        id-token: id9\n        refresh-token: r9\n'),
      block('        id-token: id9\n        refresh-token: r9\n'),
    ],
    ['leave a file without the user alone', 'users: []\n', 'users: []\n'],
  ])('%s', async (_name, before, after) => {
    expect(await written(before)).toBe(after);
    expect(readdirSync(path())).toEqual(['config']);
  });

  it.each([
    ['as blocks', block('        refresh-token: |-\n          r1\n')],
    [
      'for other users as well',
      block('        refresh-token: &r r1\n').replace('contexts: []', 'contexts: [{name: *r}]'),
    ],
  ])('are not written where they stand %s', async (_name, text) => {
    expect(await written(text)).toBe('its tokens are written in a form in which they cannot be exchanged');
  });

  it('wait for a program that has the lock of the tools of Kubernetes', async () => {
    write('config.lock', '');
    const waiting = written(block('        refresh-token: r1\n'));
    rmSync(path('config.lock'));

    expect(await waiting).toContain('"id2"');
    expect(existsSync(path('config.lock'))).toBe(false);
  });

  it('are not written past a lock that stays', async () => {
    write('config.lock', '');

    expect(await written(block('        refresh-token: r1\n'))).toBe(
      `another program holds ${path('config.lock')}, or has left it behind`,
    );
    expect(existsSync(path('config.lock'))).toBe(true);
  });

  it('are not written where the file is gone', async () => {
    expect(await writeTokens({ file: path('config'), user: 'me' }, renewal)).toBe('there is no such file');
  });
});
