import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { JsonObject } from '@bulwark/core';
import { CONTROL_PLANE, ControlPlane, type ControlPlaneUser } from '@bulwark/testkit';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessFromKubeconfig } from './access/kubeconfig.ts';
import { KubeClient } from './client/client.ts';
import { type CollectOptions, collect } from './collect/collect.ts';
import { isSeen } from './collect/kind-state.ts';
import { listOnce } from './collect/list-once.ts';
import { Inventory, until } from './fake.testing.ts';
import { clusterIdentity } from './identity.ts';
import { rbacManifests } from './kinds/rbac-manifests.ts';
import { UNWATCHED_KINDS } from './kinds/unwatched.ts';

const execute = promisify(execFile);
const READY_MS = 60_000;
/** A right is used within a minute. */
const GRANTED_MS = 70_000;

let plane: ControlPlane;
let folder: string;
const ended: (() => Promise<unknown>)[] = [];

function clientFor(kubeconfig: string): KubeClient {
  const access = accessFromKubeconfig({ path: kubeconfig, env: { PATH: process.env['PATH'] } });
  if (!access.ok) throw new Error(JSON.stringify(access.error));
  const client = new KubeClient({ access: access.value });
  ended.unshift(() => client.close());
  return client;
}

/** Collects as a user until the test ends. */
function collecting(user: ControlPlaneUser, options: Partial<CollectOptions> = {}): Inventory {
  return collectingWith(clientFor(plane.kubeconfig(user)), options);
}

function collectingWith(client: KubeClient, options: Partial<CollectOptions> = {}): Inventory {
  const inventory = new Inventory();
  const controller = new AbortController();
  const done = collect({ client, sink: inventory, signal: controller.signal, ...options });
  ended.unshift(async () => {
    controller.abort();
    await done;
  });
  return inventory;
}

const statesOf = (inventory: Inventory) => [...inventory.states.values()];
const isSettled = (inventory: Inventory): boolean =>
  inventory.states.size > 40 &&
  statesOf(inventory).every(({ state }) => !['pending', 'listing'].includes(state));
const settled = (inventory: Inventory) =>
  until('every kind is settled', () => isSettled(inventory), READY_MS);
const kindsIn = (inventory: Inventory, wanted: string): string[] =>
  statesOf(inventory)
    .filter(({ state }) => state === wanted)
    .map(({ groupKind }) => groupKind)
    .sort();

/** What kubectl lists of everything that is seen, as GROUPKIND NAMESPACE/NAME VERSION. */
async function expected(inventory: Inventory): Promise<string[]> {
  const seen = statesOf(inventory).filter(({ state, version }) => state === 'live' && version !== '');
  const names = seen.map(({ resource, group, version }) =>
    group === '' ? resource : `${resource}.${version}.${group}`,
  );
  const printed = await plane.kubectl('get', names.join(','), '-A', '-o', 'json');
  const { items } = JSON.parse(printed) as { items: JsonObject[] };
  return items.map(lineOf).sort();
}

function lineOf(object: JsonObject): string {
  const { namespace = '', name, resourceVersion } = object['metadata'] as Record<string, string>;
  return `${object['apiVersion']} ${object['kind']} ${namespace}/${name} ${resourceVersion}`;
}

function collected(inventory: Inventory): string[] {
  return [...inventory.objects.values()].flatMap((kind) => [...kind.values()].map(lineOf)).sort();
}

/** Compares until both are the same: the cluster does not stand still. */
async function sameAsKubectl(inventory: Inventory): Promise<void> {
  const end = Date.now() + READY_MS;
  for (;;) {
    const there = await expected(inventory);
    await sleep(300);
    if (collected(inventory).join() === there.join() || Date.now() > end) {
      expect(collected(inventory)).toEqual(there);
      return;
    }
  }
}

const POD: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'intruder', namespace: 'default' },
  spec: {
    hostPID: true,
    containers: [{ name: 'c', image: 'docker.io/library/busybox:1', securityContext: { privileged: true } }],
  },
};

describe.skipIf(CONTROL_PLANE === undefined)('on a real control plane', () => {
  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.load();
    folder = mkdtempSync(join(tmpdir(), 'bulwark-kube-'));
  }, 1_200_000);
  afterEach(async () => {
    for (const end of ended.splice(0)) await end();
  });
  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('a cluster is known by the UID of kube-system, also to those who may not see it', async () => {
    const uid = (
      await plane.kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}')
    ).trim();
    const admin = await clusterIdentity(clientFor(plane.kubeconfig('admin')));
    const nobody = await clusterIdentity(clientFor(plane.kubeconfig('nobody')));

    expect(admin.ok && admin.value).toMatchObject({ uid, version: expect.stringMatching(/^v1\.\d+/) });
    expect(nobody.ok && nobody.value).toEqual({ ...(admin.ok && admin.value), uid: null });
  });

  it('the inventory equals what kubectl lists, for every kind that is watched', async () => {
    const inventory = collecting('admin', { secrets: true });
    await settled(inventory);

    expect(statesOf(inventory).every(isSeen)).toBe(true);
    expect(inventory.names('apps/Deployment').length).toBeGreaterThan(3);
    await sameAsKubectl(inventory);
  });

  it('more objects than a page has are all found', async () => {
    const data = { text: 'x'.repeat(2000) };
    const metadata = (index: number) => ({ name: `map-${index}`, namespace: 'default' });
    const maps = Array.from({ length: 150 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(index),
      data,
    }));
    await plane.apply(...maps);
    const inventory = collecting('admin');
    await settled(inventory);

    expect(inventory.names('ConfigMap').length).toBeGreaterThan(150);
    await sameAsKubectl(inventory);
    await plane.kubectl('delete', 'configmaps', '--all', '-n', 'default');
    await sameAsKubectl(inventory);
  }, 120_000);

  it('listing once finds the same as following', async () => {
    const once = new Inventory();
    await listOnce({ client: clientFor(plane.kubeconfig('admin')), sink: once, secrets: true });
    await sameAsKubectl(once);
  });

  it('every kind that is served is watched, or it is said why not', async () => {
    const inventory = collecting('admin');
    await until('it is told', () => inventory.lastUnseen !== undefined, READY_MS);

    const unexplained = (inventory.lastUnseen?.kinds ?? []).filter(
      ({ groupKind }) => !(groupKind in UNWATCHED_KINDS),
    );
    expect(unexplained).toEqual([]);
    expect(inventory.lastUnseen?.groups).toEqual([]);
  });

  it('a pod that comes is seen at once, and gone when it goes', async () => {
    const inventory = collecting('admin');
    await settled(inventory);
    const isThere = () => inventory.names('Pod').includes('default/intruder');

    await plane.apply(POD);
    await until('it is seen', isThere, 2000);
    await plane.kubectl('delete', 'pod', 'intruder', '-n', 'default', '--now');

    await until('it is gone', () => !isThere(), 30_000);
  });

  it('what the reader may not see is exactly what is denied, and the same for one who may see nothing', async () => {
    const reader = collecting('reader', { secrets: true });
    const nobody = collecting('nobody', { secrets: true });
    await settled(reader);
    await settled(nobody);

    const refusedTo = async (user: ControlPlaneUser): Promise<string[]> => {
      const served = statesOf(reader).filter(({ version }) => version !== '');
      const refused = await Promise.all(
        served.map(async ({ group, resource, groupKind }) => {
          const name = group === '' ? resource : `${resource}.${group}`;
          const as = ['--as', `testbed-${user}`, '--as-group', 'system:authenticated'];
          const answer = await plane.kubectl('auth', 'can-i', 'list', name, '-A', ...as).catch(() => 'no');
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
    await sameAsKubectl(reader);
  });

  it('a right that is granted later is used without a new start, and one that is taken away is missed', async () => {
    const inventory = collecting('nobody');
    await until('it is denied', () => inventory.states.get('ConfigMap')?.state === 'denied', READY_MS);

    await plane.kubectl('create', 'clusterrole', 'maps', '--verb=list,watch', '--resource=configmaps');
    await plane.kubectl(
      'create',
      'clusterrolebinding',
      'maps',
      '--clusterrole=maps',
      '--user=testbed-nobody',
    );
    await until('it is live', () => inventory.states.get('ConfigMap')?.state === 'live', GRANTED_MS);
    const names = inventory.names('ConfigMap');
    expect(names.length).toBeGreaterThan(0);

    await plane.kubectl('delete', 'clusterrolebinding/maps', 'clusterrole/maps');
    const restart = await plane.crash();
    await restart();
    await until('it is denied', () => inventory.states.get('ConfigMap')?.state === 'denied', GRANTED_MS);
    expect(inventory.names('ConfigMap')).toEqual(names);
  }, 240_000);

  it('the generated role is enough for everything but Secrets, and its second part for those', async () => {
    const manifests = rbacManifests();
    for (const [name, text] of Object.entries(manifests)) writeFileSync(join(folder, name), text);
    await plane.kubectl('apply', '-f', join(folder, 'rbac.yaml'));
    const server = (
      await plane.kubectl('config', 'view', '--raw', '-o', 'jsonpath={.clusters[0].cluster.server}')
    ).trim();
    const token = (await plane.kubectl('create', 'token', 'bulwark-hub', '-n', 'bulwark')).trim();
    writeFileSync(join(folder, 'token'), token);
    writeFileSync(
      join(folder, 'hub.kubeconfig'),
      `clusters: [{name: c, cluster: {server: "${server}", certificate-authority: ${plane.folder}/pki/ca.crt}}]\n` +
        'contexts: [{name: m, context: {cluster: c, user: u}}]\ncurrent-context: m\nusers: [{name: u, user: {tokenFile: token}}]\n',
    );
    const inventory = collectingWith(clientFor(join(folder, 'hub.kubeconfig')), { secrets: true });
    await settled(inventory);
    expect(kindsIn(inventory, 'denied')).toEqual(['Secret']);

    await plane.kubectl('apply', '-f', join(folder, 'rbac-secrets.yaml'));
    await plane.kubectl(
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
    await plane.kubectl('create', 'serviceaccount', 'rotating', '-n', 'default');
    await plane.kubectl(
      'create',
      'clusterrolebinding',
      'rotating',
      '--clusterrole=view',
      '--serviceaccount=default:rotating',
    );
    const server = (
      await plane.kubectl('config', 'view', '--raw', '-o', 'jsonpath={.clusters[0].cluster.server}')
    ).trim();
    const issue = async () =>
      writeFileSync(join(folder, 'rotating'), await plane.kubectl('create', 'token', 'rotating'));
    await issue();
    writeFileSync(
      join(folder, 'plugin.sh'),
      `#!/bin/sh\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${folder}/rotating)"\n`,
    );
    chmodSync(join(folder, 'plugin.sh'), 0o755);
    writeFileSync(
      join(folder, 'exec.kubeconfig'),
      `clusters: [{name: c, cluster: {server: "${server}", certificate-authority: ${plane.folder}/pki/ca.crt}}]\n` +
        'contexts: [{name: m, context: {cluster: c, user: u}}]\ncurrent-context: m\n' +
        'users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, interactiveMode: Never}}}]\n',
    );
    const inventory = collectingWith(clientFor(join(folder, 'exec.kubeconfig')));
    const isPod = (state: string) => () => inventory.states.get('Pod')?.state === state;
    await until('pods are live', isPod('live'), READY_MS);
    const pods = inventory.names('Pod');

    await plane.kubectl('delete', 'serviceaccount', 'rotating', '-n', 'default');
    const restart = await plane.crash();
    await restart();
    await until('pods are stale', isPod('stale'), READY_MS);
    expect(inventory.names('Pod')).toEqual(pods);

    await plane.kubectl('create', 'serviceaccount', 'rotating', '-n', 'default');
    await issue();
    await until('pods are live', isPod('live'), READY_MS);
  }, 240_000);

  it('a custom kind is collected from when it is defined until it is taken away', async () => {
    const inventory = collecting('admin');
    await settled(inventory);
    const properties = {
      spec: {
        type: 'object',
        properties: { template: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    };
    const names = { kind: 'Machine', plural: 'machines', singular: 'machine', listKind: 'MachineList' };
    const schema = { openAPIV3Schema: { type: 'object', properties } };
    await plane.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'machines.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await plane.kubectl('wait', '--for=condition=Established', 'crd/machines.example.com');
    await plane.apply({
      apiVersion: 'example.com/v1',
      kind: 'Machine',
      metadata: { name: 'm', namespace: 'default' },
      spec: { template: { spec: POD['spec'] } },
    });
    await until('it is seen', () => inventory.names('example.com/Machine').join() === 'default/m', 15_000);

    await plane.kubectl('delete', 'crd', 'machines.example.com');
    await until(
      'it is absent',
      () => inventory.states.get('example.com/Machine')?.state === 'absent',
      READY_MS,
    );
    expect(inventory.names('example.com/Machine')).toEqual([]);
  }, 120_000);

  it('a crash of the API server removes nothing, and what was missed is seen afterwards', async () => {
    const inventory = collecting('admin');
    await settled(inventory);
    const before = inventory.calls.length;

    const restart = await plane.crash();
    await until('it is stale', () => kindsIn(inventory, 'live').length === 0, READY_MS);
    const removed = inventory.calls.slice(before).filter((call) => call.startsWith('remove'));
    await restart();
    await plane.apply(POD);
    await plane.kubectl('delete', 'configmap', 'kube-root-ca.crt', '-n', 'shop');

    expect(removed).toEqual([]);
    await until('everything is live', () => kindsIn(inventory, 'stale').length === 0, READY_MS);
    await sameAsKubectl(inventory);
    await plane.kubectl('delete', 'pod', 'intruder', '-n', 'default', '--now');
  }, 240_000);

  it('an API server that falls silent is noticed within a minute, and found again', async () => {
    const inventory = collecting('admin');
    await settled(inventory);

    const thaw = plane.freeze();
    await until('it is stale', () => inventory.states.get('Pod')?.state === 'stale', READY_MS).finally(thaw);

    await until('everything is live', () => kindsIn(inventory, 'stale').length === 0, READY_MS);
    await sameAsKubectl(inventory);
  }, 240_000);

  it('whatever files there are, they are merged as kubectl merges them', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const entry = (field: string, content: (serial: string) => object) =>
      fc
        .uniqueArray(name, { maxLength: 3 })
        .map(
          (names) => (serial: string) =>
            names.map((each) => ({ name: each, [field]: content(`${serial}-${each}`) })),
        );
    const context = fc.record({ cluster: name, user: name });
    const file = fc.record({
      clusters: entry('cluster', (serial) => ({ server: `https://${serial}.example.com` })),
      users: entry('user', (serial) => ({ token: serial })),
      contexts: fc.dictionary(name, context, { maxKeys: 3 }),
      current: fc.option(name, { nil: undefined }),
    });
    const files = fc.array(file, { minLength: 1, maxLength: 3 });
    let usable = 0;
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const paths = given.map(({ clusters, users, contexts, current }, index) => {
          const path = join(folder, `merge-${index}`);
          const content = {
            clusters: clusters(`f${index}`),
            users: users(`f${index}`),
            contexts: Object.entries(contexts).map(([each, context]) => ({ name: each, context })),
            ...(current !== undefined && { 'current-context': current }),
          };
          writeFileSync(path, JSON.stringify(content));
          return path;
        });
        const env = { KUBECONFIG: [...paths, join(folder, 'missing')].join(':') };
        const args = [
          'config',
          'view',
          '--raw',
          '--minify',
          '-o',
          'jsonpath={.clusters[0].cluster.server} {.users[0].user.token}',
        ];
        const theirs = await execute(plane.program, args, { env }).then(
          ({ stdout }) => stdout,
          () => undefined,
        );
        const access = accessFromKubeconfig({ env });
        const credential = access.ok ? await access.value.credentials.current() : undefined;
        const token =
          credential?.ok === true ? credential.value.authorization?.reveal().slice('Bearer '.length) : '';
        const ours = access.ok ? `${access.value.server.origin} ${token}` : undefined;
        if (ours !== undefined) usable++;
        // kubectl shows contexts that lack a part, and refuses them only when they are used.
        if (ours !== undefined || (theirs !== undefined && /^https\S+ \S/.test(theirs)))
          expect(ours).toBe(theirs);
      }),
      { numRuns: 80 },
    );
    expect(usable).toBeGreaterThan(10);
  }, 120_000);
});
