import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROL_PLANE, type ControlPlaneUser } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRANTED_MS, kindsIn, LivePlane, READY_MS, settled, statesOf } from './control-plane.testing.ts';
import { until } from './fake.testing.ts';
import { rbacManifests } from './kinds/rbac-manifests.ts';

describe.skipIf(CONTROL_PLANE === undefined)('rights in a real cluster (needs shared/testbed)', () => {
  const live = new LivePlane();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulwark-kube-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('what the reader may not see is exactly what is denied, and the same for one who may see nothing', async () => {
    const reader = live.collect('reader', { secrets: true });
    const nobody = live.collect('nobody', { secrets: true });
    await settled(reader);
    await settled(nobody);

    const refusedTo = async (user: ControlPlaneUser): Promise<string[]> => {
      const served = statesOf(reader).filter(({ version }) => version !== '');
      const refused = await Promise.all(
        served.map(async ({ group, resource, groupKind }) => {
          const name = group === '' ? resource : `${resource}.${group}`;
          const as = ['--as', `testbed-${user}`, '--as-group', 'system:authenticated'];
          const answer = await live.plane
            .kubectl('auth', 'can-i', 'list', name, '-A', ...as)
            .catch(() => 'no');
          return answer.trim().startsWith('yes') ? [] : [groupKind];
        }),
      );
      return refused.flat().sort();
    };
    const denied = kindsIn(reader, 'denied');
    expect(denied).toEqual(await refusedTo('reader'));
    expect(denied).toContain('Secret');
    expect(denied).not.toContain('Pod');
    expect(kindsIn(nobody, 'denied')).toEqual(await refusedTo('nobody'));
    expect(kindsIn(nobody, 'live')).toEqual([]);
    expect(reader.states.get('Secret')).toMatchObject({
      missing: { verbs: ['list', 'watch'], group: '', resource: 'secrets' },
    });
    await live.sameAsKubectl(reader);
  });

  it('a right that is granted later is used without a new start, and one that is taken away is missed', async () => {
    const inventory = live.collect('nobody');
    await until('it is denied', () => inventory.states.get('ConfigMap')?.state === 'denied', READY_MS);

    await live.plane.kubectl('create', 'clusterrole', 'maps', '--verb=list,watch', '--resource=configmaps');
    await live.plane.kubectl(
      'create',
      'clusterrolebinding',
      'maps',
      '--clusterrole=maps',
      '--user=testbed-nobody',
    );
    await until('it is live', () => inventory.states.get('ConfigMap')?.state === 'live', GRANTED_MS);
    const names = inventory.names('ConfigMap');
    expect(names.length).toBeGreaterThan(0);

    await live.plane.kubectl('delete', 'clusterrolebinding/maps', 'clusterrole/maps');
    const restart = await live.plane.crash();
    await restart();
    await until('it is denied', () => inventory.states.get('ConfigMap')?.state === 'denied', GRANTED_MS);
    expect(inventory.names('ConfigMap')).toEqual(names);
  }, 240_000);

  it('the generated role is enough for everything but Secrets, and its second part for those', async () => {
    const manifests = rbacManifests();
    for (const [name, text] of Object.entries(manifests)) writeFileSync(join(folder, name), text);
    await live.plane.kubectl('apply', '-f', join(folder, 'rbac.yaml'));
    const server = await live.server();
    const token = (await live.plane.kubectl('create', 'token', 'bulwark-hub', '-n', 'bulwark')).trim();
    writeFileSync(join(folder, 'token'), token);
    writeFileSync(
      join(folder, 'hub.kubeconfig'),
      `clusters: [{name: c, cluster: {server: "${server}", certificate-authority: ${live.plane.folder}/pki/ca.crt}}]\n` +
        'contexts: [{name: m, context: {cluster: c, user: u}}]\ncurrent-context: m\nusers: [{name: u, user: {tokenFile: token}}]\n',
    );
    const inventory = live.collect({ kubeconfig: join(folder, 'hub.kubeconfig') }, { secrets: true });
    await settled(inventory);
    expect(kindsIn(inventory, 'denied')).toEqual(['Secret']);

    await live.plane.kubectl('apply', '-f', join(folder, 'rbac-secrets.yaml'));
    await live.plane.kubectl(
      'create',
      'secret',
      'generic',
      'planted',
      '--from-literal=password=planted-s3cret',
      '-n',
      'shop',
    );

    await until('Secrets are live', () => inventory.states.get('Secret')?.state === 'live', GRANTED_MS);
    expect(inventory.objects.get('Secret')?.get('shop/planted')?.['data']).toEqual({ password: 14 });
    const everything = JSON.stringify([...inventory.objects.values()].map((kind) => [...kind.values()]));
    expect(everything).not.toContain('planted-s3cret');
    expect(everything).not.toContain(Buffer.from('planted-s3cret').toString('base64'));
  }, 180_000);

  it('a token that is rotated is used, and one that is revoked makes everything stale', async () => {
    await live.plane.kubectl('create', 'serviceaccount', 'rotating', '-n', 'default');
    await live.plane.kubectl(
      'create',
      'clusterrolebinding',
      'rotating',
      '--clusterrole=view',
      '--serviceaccount=default:rotating',
    );
    const server = await live.server();
    const issue = async () =>
      writeFileSync(join(folder, 'rotating'), await live.plane.kubectl('create', 'token', 'rotating'));
    await issue();
    writeFileSync(
      join(folder, 'plugin.sh'),
      `#!/bin/sh\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${folder}/rotating)"\n`,
    );
    chmodSync(join(folder, 'plugin.sh'), 0o755);
    writeFileSync(
      join(folder, 'exec.kubeconfig'),
      `clusters: [{name: c, cluster: {server: "${server}", certificate-authority: ${live.plane.folder}/pki/ca.crt}}]\n` +
        'contexts: [{name: m, context: {cluster: c, user: u}}]\ncurrent-context: m\n' +
        'users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, interactiveMode: Never}}}]\n',
    );
    const inventory = live.collect({ kubeconfig: join(folder, 'exec.kubeconfig') });
    const isPod = (state: string) => () => inventory.states.get('Pod')?.state === state;
    await until('pods are live', isPod('live'), READY_MS);
    const pods = inventory.names('Pod');

    await live.plane.kubectl('delete', 'serviceaccount', 'rotating', '-n', 'default');
    const restart = await live.plane.crash();
    await restart();
    await until('pods are stale', isPod('stale'), READY_MS);
    expect(inventory.names('Pod')).toEqual(pods);

    await live.plane.kubectl('create', 'serviceaccount', 'rotating', '-n', 'default');
    await issue();
    await until('pods are live', isPod('live'), READY_MS);
  }, 240_000);
});
