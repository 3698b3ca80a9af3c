import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { groupKindOf } from '@bulwark/core';
import { WATCHED_KINDS } from '@bulwark/kube';
import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { type LiveObject, nameOf, nameOfRef, objectsOf, PRIVILEGED_POD } from './objects.testing.ts';
import { eventually, RunningHub } from './running-hub.testing.ts';

const LIVE_MS = 2000;
const START_MS = 600_000;
const execute = promisify(execFile);

interface ScanFinding {
  readonly control: string;
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** What `bulwark scan` finds in objects. */
async function scan(folder: string, objects: readonly LiveObject[]): Promise<ScanFinding[]> {
  const file = join(folder, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const args = [
    resolve('dist', 'bulwark.js'),
    'scan',
    file,
    '--no-config',
    '--format',
    'json',
    '--fail-on',
    'never',
  ];
  const { stdout } = await execute(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 });
  return (JSON.parse(stdout) as { readonly findings: ScanFinding[] }).findings;
}

/** The resources that a hub watches, as kubectl names them. */
async function resourcesOf(hub: RunningHub): Promise<string[]> {
  const cluster = await hub.reaches('live');
  const { kinds } = await hub.call('getCluster', { params: { id: cluster.id } });
  const seen = new Set(kinds.filter(({ state }) => state === 'live').map(({ kind }) => kind));
  return WATCHED_KINDS.filter(({ group, kind }) => seen.has(groupKindOf(group, kind))).map(
    ({ resource, group }) => (group === '' ? resource : `${resource}.${group}`),
  );
}

describe.skipIf(CONTROL_PLANE === undefined)('a hub on a real control plane (needs shared/testbed)', () => {
  let plane: ControlPlane;
  let hub: RunningHub;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.load();
    await plane
      .kubectl('wait', '--for=condition=Ready', 'pods', '--all', '-A', '--timeout=20s')
      .catch(() => '');
    hub = await RunningHub.start({ kubeconfig: plane.kubeconfig() });
    await hub.reaches('live');
  }, START_MS);

  afterAll(async () => {
    await hub?.remove();
    await plane?.stop();
  }, START_MS);

  it('knows every object of every watched kind, and no other', async () => {
    const resources = await resourcesOf(hub);
    expect(resources.length).toBeGreaterThan(40);

    // Leases and events apart, a quiet cluster stands still; the two are asked until they meet.
    await eventually('inventory and kubectl say the same', async () => {
      const known = (await hub.all('listResources')).map(({ resource }) => nameOfRef(resource)).sort();
      const there = (await objectsOf(plane, resources)).map(nameOf).sort();
      expect(known).toEqual(there);
      return true;
    });
  });

  it('finds what a scan of the same objects finds, and nothing in what others own', async () => {
    const resources = await resourcesOf(hub);
    const objects = await objectsOf(plane, resources);
    const owned = new Set(
      objects
        .filter(({ metadata }) => metadata.ownerReferences?.some(({ controller }) => controller === true))
        .map(nameOf),
    );
    const line = (control: string, { kind, namespace, name }: ScanFinding['resource']) =>
      `${control} ${kind} ${namespace} ${name}`;
    const scanned = (
      await scan(
        hub.folder,
        objects.filter((object) => !owned.has(nameOf(object))),
      )
    ).map(({ control, resource }) => line(control, resource));

    const found = await hub.all('listFindings');

    expect(found.map(({ control, resource }) => line(control, resource)).sort()).toEqual(scanned.sort());
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter(({ resource }) => owned.has(nameOfRef(resource)))).toEqual([]);
    expect(
      found.filter(
        ({ resource }) =>
          /^(Cluster)?Role(Binding)?$/.test(resource.kind) && resource.name.startsWith('system:'),
      ),
    ).toEqual([]);
  });

  it.skipIf(!hasBrowser)(
    'shows a privileged pod in the open page when it is created, and no more when it is deleted (needs Chromium)',
    async () => {
      const browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
      try {
        await browser.visit(hub, '/findings?q=name%3Aintruder');
        const row = browser.page.locator('tr', { hasText: 'intruder' }).first();
        await browser.page.getByText('Nothing fits the query.').waitFor();
        await browser.page.evaluate('window.__sameDocument = true');

        await plane.apply(PRIVILEGED_POD('intruder'));
        await row.waitFor({ timeout: LIVE_MS });
        await plane.kubectl('delete', 'pod', 'intruder', '-n', 'default', '--grace-period=0', '--force');
        await row.waitFor({ state: 'detached', timeout: LIVE_MS });

        expect(await browser.page.evaluate('window.__sameDocument')).toBe(true);
        expect(browser.faults).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    120_000,
  );
});
