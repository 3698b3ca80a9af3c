import { chmodSync, readFileSync } from 'node:fs';
import { ok } from '@bulwark/core';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type ExecPlugin, type ExecSurroundings, execCredentials } from './exec-plugin.ts';
import { accessFromKubeconfig } from './kubeconfig.ts';

const V1 = 'client.authentication.k8s.io/v1';
let tree: FileTree | undefined;
afterEach(() => tree?.remove());

/** A plugin that is a shell script; `$LOG` is a file that it can write to. */
function plugin(script: string, more: Partial<ExecPlugin> = {}): ExecPlugin {
  tree = writeTree({ 'plugin.sh': `#!/bin/sh\n${script}\n` });
  chmodSync(tree.path('plugin.sh'), 0o755);
  return {
    command: tree.path('plugin.sh'),
    args: [],
    env: { LOG: tree.path('log') },
    apiVersion: V1,
    installHint: undefined,
    interactiveMode: 'IfAvailable',
    cluster: undefined,
    ...more,
  };
}

const surroundings = (more: Partial<ExecSurroundings> = {}): ExecSurroundings => ({
  env: { PATH: process.env['PATH'] },
  isInteractive: false,
  clock: { now: () => 0, wait: async () => undefined },
  trust: { authorities: async () => ok('CA') },
  ...more,
});

const printed = (status: object, apiVersion = V1): string =>
  `printf '%s' '${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}'`;

const log = (): string => readFileSync(tree?.path('log') ?? '', 'utf8');

async function outcomeOf(given: ExecPlugin, more: Partial<ExecSurroundings> = {}) {
  const found = await execCredentials(given, surroundings(more)).current();
  if (!found.ok) return found.error.message.replaceAll(given.command, 'PLUGIN');
  const { authorization, certificate } = found.value;
  return [authorization?.reveal(), certificate?.certificate, certificate?.key.reveal()];
}

describe('a credential plugin', () => {
  it('gives a token, a certificate, or both', async () => {
    expect(await outcomeOf(plugin(printed({ token: 'abc' })))).toEqual(['Bearer abc', undefined, undefined]);
    const both = { token: 't', clientCertificateData: 'C', clientKeyData: 'K' };
    expect(await outcomeOf(plugin(printed(both)))).toEqual(['Bearer t', 'C', 'K']);
    const beta = 'client.authentication.k8s.io/v1beta1';
    expect(await outcomeOf(plugin(printed({ token: 'abc' }, beta), { apiVersion: beta }))).toEqual([
      'Bearer abc',
      undefined,
      undefined,
    ]);
  });

  it('is told its arguments, its variables, and what it asked for of the cluster', async () => {
    const script = `echo "$1 $EXTRA $KUBERNETES_EXEC_INFO" > "$LOG"\n${printed({ token: 'abc' })}`;
    const given = plugin(script, {
      args: ['login'],
      cluster: { server: 'https://a.example.com', config: { audience: 'x' } },
    });

    await outcomeOf({ ...given, env: { ...given.env, EXTRA: 'more' } });

    const [argument, extra, info = ''] = log().trim().split(' ');
    expect([argument, extra]).toEqual(['login', 'more']);
    expect(JSON.parse(info)).toEqual({
      apiVersion: V1,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: 'https://a.example.com',
          config: { audience: 'x' },
          'certificate-authority-data': 'Q0E=',
        },
      },
    });
  });

  it('runs once for all who ask together, and again when what it gave expires or is refused', async () => {
    const expirationTimestamp = new Date(1000_000).toISOString();
    const given = plugin(`echo run >> "$LOG"\n${printed({ token: 'abc', expirationTimestamp })}`);
    let now = 0;
    const credentials = execCredentials(
      given,
      surroundings({ clock: { now: () => now, wait: async () => undefined } }),
    );

    await Promise.all([credentials.current(), credentials.current(), credentials.current()]);
    await credentials.current();
    expect(log()).toBe('run\n');

    now = 1000_001;
    await credentials.current();
    expect(log()).toBe('run\nrun\n');

    credentials.refused();
    await credentials.current();
    expect(log()).toBe('run\nrun\nrun\n');
  });

  it('does not run for every request where a clock is wrong', async () => {
    const given = plugin(
      `echo run >> "$LOG"\n${printed({ token: 'abc', expirationTimestamp: '2020-01-01T00:00:00Z' })}`,
    );
    const credentials = execCredentials(
      given,
      surroundings({ clock: { now: () => Date.parse('2026-01-01'), wait: async () => undefined } }),
    );

    await credentials.current();
    await credentials.current();

    expect(log()).toBe('run\n');
  });

  it.each([
    ['echo nothing', 'The credential plugin prints no JSON object.'],
    [
      'echo "{}"',
      'The credential plugin prints no version no kind, and client.authentication.k8s.io/v1 ExecCredential was asked for.',
    ],
    [
      printed({ token: 'a' }, 'client.authentication.k8s.io/v1beta1'),
      'The credential plugin prints client.authentication.k8s.io/v1beta1 ExecCredential, and client.authentication.k8s.io/v1 ExecCredential was asked for.',
    ],
    [printed({}), 'The credential plugin gives neither token nor certificate.'],
    [
      printed({ clientKeyData: 'K' }),
      'The credential plugin gives a certificate without its key, or a key alone.',
    ],
    [
      printed({ token: 'a', expirationTimestamp: 'soon' }),
      'The credential plugin gives an expirationTimestamp that is no time.',
    ],
    [
      'echo "please sign\n  in" >&2; exit 3',
      'The credential plugin PLUGIN fails with status 3: please sign in.',
    ],
    ['exit 4', 'The credential plugin PLUGIN fails with status 4.'],
    [
      'printf "\\033[31mtoken ghp_012345678901234567890123456789abcdEF rejected" >&2; exit 1',
      'The credential plugin PLUGIN fails with status 1: token [redacted] rejected.',
    ],
  ])('that fails says why: %s', async (script, expected) => {
    expect(await outcomeOf(plugin(script))).toBe(expected);
  });

  it('that hangs is ended', async () => {
    expect(await outcomeOf(plugin('sleep 60; true'), { timeoutMs: 100 })).toBe(
      'The credential plugin PLUGIN was ended: it had not finished after 0.1 s.',
    );
  });

  it('that leaves a program behind is not waited for when it has ended', async () => {
    expect(await outcomeOf(plugin(`sleep 300 &\n${printed({ token: 'abc' })}`))).toEqual([
      'Bearer abc',
      undefined,
      undefined,
    ]);
  });

  it('that is not there is said with the hint of the kubeconfig', async () => {
    const missing = {
      ...plugin('true'),
      command: 'no-such-plugin',
      installHint: 'brew install\n\u001b[1mit',
    };

    expect(await outcomeOf(missing)).toBe('The credential plugin PLUGIN is not installed: brew install it.');
  });

  it('that needs a person does not run without one', async () => {
    const given = plugin(printed({ token: 'abc' }), { interactiveMode: 'Always' });

    expect(await outcomeOf(given)).toBe('The credential plugin PLUGIN needs a person, and none is here.');
  });

  it('is found beside the kubeconfig when it is named by a path', async () => {
    const given = plugin(printed({ token: 'from-plugin' }));
    const kubeconfig = writeTree({
      'sub/config':
        'clusters: [{name: c, cluster: {server: "https://x"}}]\ncontexts: [{name: m, context: {cluster: c, user: u}}]\n' +
        `current-context: m\nusers: [{name: u, user: {exec: {apiVersion: ${V1}, command: ../plugin.sh, interactiveMode: Never}}}]\n`,
      'plugin.sh': readFileSync(given.command, 'utf8'),
    });
    chmodSync(kubeconfig.path('plugin.sh'), 0o755);

    const access = accessFromKubeconfig({
      path: kubeconfig.path('sub/config'),
      env: { PATH: process.env['PATH'] },
    });
    const found = access.ok ? await access.value.credentials.current() : undefined;
    kubeconfig.remove();

    expect(found?.ok && found.value.authorization?.reveal()).toBe('Bearer from-plugin');
  });
});
