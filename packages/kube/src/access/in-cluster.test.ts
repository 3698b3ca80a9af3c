import { writeFileSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { accessInCluster, findAccess, isInCluster } from './in-cluster.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

let tree: FileTree | undefined;
afterEach(() => tree?.remove());

function folder(
  files: Record<string, string> = { token: 'tok\n', 'ca.crt': PEM, namespace: 'bulwark' },
): string {
  tree = writeTree(files);
  return tree.root;
}

describe('the access of a pod', () => {
  it('is its service account: address, authority, namespace, token', async () => {
    const access = accessInCluster({ env, folder: folder() });

    expect(access.ok && access.value).toMatchObject({ name: 'in-cluster', namespace: 'bulwark' });
    expect(access.ok && access.value.server.href).toBe('https://10.0.0.1/');
    expect(access.ok && (await access.value.trust.authorities())).toEqual({ ok: true, value: PEM });
    const credential = access.ok ? await access.value.credentials.current() : undefined;
    expect(credential?.ok && credential.value.authorization?.reveal()).toBe('Bearer tok');
  });

  it('follows the rotation of its token', async () => {
    const root = folder();
    let now = 0;
    const access = accessInCluster({
      env,
      folder: root,
      clock: { now: () => now, wait: async () => undefined },
    });
    const token = async () => {
      const found = access.ok ? await access.value.credentials.current() : undefined;
      return found?.ok === true ? found.value.authorization?.reveal() : undefined;
    };
    await token();

    writeFileSync(`${root}/token`, 'rotated');
    now += 60_000;

    expect(await token()).toBe('Bearer rotated');
  });

  it('may have an address of version 6', () => {
    const access = accessInCluster({ env: { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder: folder() });

    expect(access.ok && access.value.server.host).toBe('[fd00::1]');
  });

  it.each([
    [{}, undefined, 'This is no pod: KUBERNETES_SERVICE_HOST names no address.'],
    [
      env,
      { token: 't', namespace: 'n' },
      'The service account of this pod cannot be used: there is no such file.',
    ],
  ])('that is missing is said: %j %j', (variables, files, expected) => {
    const access = accessInCluster({ env: variables, folder: folder(files) });

    expect(access.ok || access.error[0]?.message).toBe(expected);
  });
});

describe('the access that is most likely meant', () => {
  const kubeconfig =
    'clusters: [{name: c, cluster: {server: "https://x"}}]\ncontexts: [{name: m, context: {cluster: c, user: u}}]\n' +
    'users: [{name: u, user: {}}]\ncurrent-context: m\n';

  it('is the kubeconfig where there is one', () => {
    const root = folder({ '.kube/config': kubeconfig });

    const access = findAccess({ env: {}, home: root });

    expect(access.ok && access.value.name).toBe('m');
  });

  it('is no pod outside of one', () => {
    expect(isInCluster({ env: {}, folder: folder() })).toBe(false);
    expect(isInCluster({ env, folder: folder({}) })).toBe(false);
    expect(isInCluster({ env, folder: folder() })).toBe(true);
    const access = findAccess({ env: {}, home: folder({}) });
    expect(access.ok || access.error[0]?.message).toBe(
      'No context is chosen, and no current-context is set; there is none.',
    );
  });
});
