import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FakeApiServer, RotatingProvider, tokenUntil } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually, PROGRAM, RunningHub } from './running-hub.testing.ts';

/** A kubeconfig of two clusters and one user, whose ID token has expired. */
function kubeconfig(servers: readonly [string, string], provider: RotatingProvider): string {
  return `apiVersion: v1
kind: Config
current-context: shop
contexts:
  - {name: shop, context: {cluster: shop, user: ann}}
  - {name: bank, context: {cluster: bank, user: ann}}
clusters:
  - {name: shop, cluster: {server: "${servers[0]}"}}
  - {name: bank, cluster: {server: "${servers[1]}"}}
users:
  - name: ann # signs in with her browser
    user:
      auth-provider:
        name: oidc
        config:
          idp-issuer-url: ${provider.issuer}
          client-id: kube
          client-secret: client-s3cret
          id-token: ${tokenUntil(0)}
          refresh-token: ${provider.signIn()}
`;
}

it('a provider that rotates refresh tokens ends the sign-in neither at a start of the hub, nor at the next, nor at a scan, and what cannot be kept is said', async () => {
  const folder = dataFolder();
  const clusters = [
    await FakeApiServer.start({ objects: [PRIVILEGED_POD('cart') as never], tokens: [] }),
    await FakeApiServer.start({ objects: [PRIVILEGED_POD('vault') as never], tokens: [] }),
  ] as const;
  const provider = new RotatingProvider({
    // It has ended when it is issued, so that each process needs one of its own.
    expires: () => Date.now() - 1000,
    onIssue: (token) => {
      for (const { tokens } of clusters) tokens?.add(token);
    },
  });
  await provider.start();
  const file = join(folder, '.kube', 'config');
  mkdirSync(join(folder, '.kube'));
  writeFileSync(file, kubeconfig([clusters[0].url, clusters[1].url], provider));
  /** Nothing was used twice, and whoever reads the kubeconfig has what is taken next. */
  const isSignedIn = (): void => {
    const [, refreshToken = ''] = /refresh-token: "(.+)"/.exec(readFileSync(file, 'utf8')) ?? [];
    expect({ reused: provider.reused, isTaken: provider.takes(refreshToken) }).toEqual({
      reused: 0,
      isTaken: true,
    });
  };
  const sees = async (hub: RunningHub, names: readonly string[]): Promise<void> => {
    for (const name of names)
      await eventually(`${name} is seen`, async () => {
        const { items } = await hub.call('listFindings', { query: { q: `name:${name}` } });
        return items.length > 0 ? true : undefined;
      });
  };
  let hub: RunningHub | undefined;
  try {
    // Nobody chose a cluster: it is looked whether the current context answers, and then a thread watches it.
    hub = await RunningHub.start({ folder });
    await sees(hub, ['cart']);
    isSignedIn();
    await hub.stop();

    hub = await RunningHub.start({ folder, args: ['--context', 'shop', '--context', 'bank'] });
    await sees(hub, ['cart', 'vault']);
    isSignedIn();

    const scan = promisify(execFile)(process.execPath, [PROGRAM, 'scan', '--cluster', '--context', 'bank'], {
      env: { PATH: process.env['PATH'] ?? '', HOME: folder },
      cwd: folder,
    });
    // It ends with what it has found.
    const { stdout, stderr } = await scan.catch((ended: { stdout: string; stderr: string }) => ended);
    expect(stdout + stderr).toContain('vault');
    isSignedIn();
    expect(readFileSync(file, 'utf8')).toContain('# signs in with her browser');
    expect(provider.asked.length).toBeGreaterThanOrEqual(3);
    await hub.stop();

    // As left behind by a program that has died: nobody may write the kubeconfig.
    writeFileSync(`${file}.lock`, '');
    hub = await RunningHub.start({ folder, args: ['--context', 'shop'] });
    const running = hub;
    const check = await eventually('the hub says that it cannot write', async () => {
      const { checks } = await running.call('health', {});
      return checks.find(({ name }) => name === 'sign-in');
    });
    expect(check.status).toBe('degraded');
    expect(check.detail).toBe(
      `${file} cannot be written (another program holds ${file}.lock, or has left it behind), so the tokens that the OpenID ` +
        'provider has issued in the place of those of the user ann are in memory only: after a restart, and with kubectl, ' +
        'that user has to sign in again.',
    );
    expect(hub.output).toContain(check.detail);
    expect(hub.output + stdout + stderr).not.toMatch(/refresh-\d|eyJ/);
  } finally {
    await hub?.remove();
    await provider.stop();
    for (const server of clusters) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
