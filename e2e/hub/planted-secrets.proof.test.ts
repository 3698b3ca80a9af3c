import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, EXPORTED, type ExportId, ROUTES } from '@bulwark/api';
import { REPORT_FORMATS } from '@bulwark/formats';
import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { dumpOf } from './dump.testing.ts';
import { HOSTILE, plantedBuild, plantedObjects, plantedRecord, TRACES, tracesIn } from './planted.testing.ts';
import { eventually, PROGRAM, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;

describe.skipIf(CONTROL_PLANE === undefined)('what must not be shown (needs shared/testbed)', () => {
  let plane: ControlPlane;
  let hub: RunningHub;
  let reports: readonly { readonly id: string; readonly stdout: string; readonly stderr: string }[];

  beforeAll(async () => {
    plane = await ControlPlane.start();
    const [namespace, ...rest] = plantedObjects();
    await plane.apply(namespace);
    await eventually('the namespace has its account', () =>
      plane.kubectl('get', 'serviceaccount', 'default', '-n', 'planted').then(() => true),
    );
    await plane.apply(...rest);
    hub = await RunningHub.start({ kubeconfig: plane.kubeconfig(), args: ['--secrets'] });
    await hub.reaches('live');
    await eventually('the planted objects are judged', async () =>
      (await hub.all('listFindings', 'namespace:planted')).length > 3 ? true : undefined,
    );
    // The last one holds a character that no build may send.
    const written = rest.slice(0, -1);
    await hub.call('createBuildRecord', { body: plantedRecord(written) });
    const limits = { clusters: 'all', namespaces: 'all' } as const;
    const { secret } = await hub.call('createToken', {
      body: { name: 'build', role: 'ci', limits, days: 1 },
    });
    const file = join(hub.folder, 'planted.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespace, ...written] }));
    const env = { ...process.env, ...plantedBuild(), BULWARK_HUB: hub.url, BULWARK_HUB_TOKEN: secret };
    reports = REPORT_FORMATS.map(({ id }) => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [PROGRAM, 'scan', file, '--record', '--profile', 'all', '--format', id],
        { env, encoding: 'utf8' },
      );
      return { id, stdout, stderr };
    });
  }, START_MS);

  afterAll(async () => {
    await hub?.remove();
    await plane?.stop();
  }, START_MS);

  it('plants what is there to be found', async () => {
    const there = await plane.kubectl('get', 'deployments,configmaps,secrets', '-n', 'planted', '-o', 'json');

    expect(tracesIn(there).length).toBeGreaterThanOrEqual(TRACES.length - 2);
  });

  it('is in no report of a build, and in nothing that it says of itself', () => {
    for (const { id, stdout, stderr } of reports) {
      expect(stderr, id).toMatch(/^(Recorded|Was recorded already) at /m);
      expect(stdout, id).toContain('leaky');
      expect(tracesIn(stdout + stderr), id).toEqual([]);
    }
  });

  it('is in no answer of the API about builds', async () => {
    const [cluster] = (await hub.call('listClusters', {})).items;
    const builds = (await hub.call('listBuildRecords', { query: { limit: 500 } })).items;
    expect(builds.map(({ commit }) => commit.slice(0, 6)).sort()).toEqual(['c0ffee', 'decade']);
    const paths = [
      'build-records',
      ...builds.map(({ id }) => `build-records/${id}`),
      `clusters/${cluster?.id ?? 0}/workloads/Deployment.apps/planted/leaky/build`,
    ];
    for (const path of paths) {
      const text = await hub.text(`/api/v1/${path}`);
      expect(text, path).toContain('"commit":"');
      expect(tracesIn(text), path).toEqual([]);
    }
  });

  it('is in no answer of the API', async () => {
    const texts: string[] = [];
    for (const id of Object.keys(EXPORTED) as ExportId[])
      for (const format of ['csv', 'jsonl'])
        texts.push(await hub.text(addressOf(ROUTES[id], { id: 'pss-baseline' }, { format })));
    const [cluster] = (await hub.call('listClusters', {})).items;
    for (const path of [
      'clusters',
      'workloads',
      'resources?limit=500',
      'namespaces',
      'nodes',
      'secrets',
      'changes?limit=500',
      'findings?limit=500',
      'findings/groups',
      'queue',
      'teams',
      'coverage?limit=500',
      'exceptions',
      'frameworks',
      'audit',
    ])
      texts.push(await hub.text(`/api/v1/${path}`));
    for (const { resource } of await hub.all('listResources', 'namespace:planted')) {
      const group = resource.apiVersion.split('/').at(-2);
      const kind = group === undefined ? resource.kind : `${resource.kind}.${group}`;
      for (const list of ['resources', 'workloads'])
        texts.push(
          await hub.text(`/api/v1/clusters/${cluster?.id ?? 0}/${list}/${kind}/planted/${resource.name}`),
        );
    }
    for (const { fingerprint } of await hub.all('listFindings', 'namespace:planted'))
      texts.push(await hub.text(`/api/v1/clusters/${cluster?.id ?? 0}/findings/${fingerprint}`));
    for (const { id } of await hub.all('listChanges'))
      texts.push(await hub.text(`/api/v1/clusters/${cluster?.id ?? 0}/changes/${id}`));

    expect(texts.join('').length).toBeGreaterThan(100_000);
    expect(texts.join('')).toContain('leaky');
    expect(tracesIn(texts.join(''))).toEqual([]);
  });

  it('is in no row of the database', async () => {
    const dump = await dumpOf(hub);

    expect(dump).toContain('leaky');
    expect(dump.length).toBeGreaterThan(100_000);
    expect(tracesIn(dump)).toEqual([]);
  });

  it('is in no log of the hub or of its database', () => {
    const log = readFileSync(join(hub.folder, 'data', 'postgres.log'), 'utf8');

    expect(tracesIn(hub.output + log)).toEqual([]);
  });

  it.skipIf(!hasBrowser)(
    'is on no page, and what looks like HTML is text (needs Chromium)',
    async () => {
      const browser = await Browser.open(hub, { width: 1920, scheme: 'light' });
      try {
        const finding = (await hub.all('listFindings', 'namespace:planted name:hostile'))[0];
        const addresses = [
          '/',
          '/findings?q=namespace%3Aplanted',
          `/findings?q=namespace%3Aplanted&open=${finding?.cluster.id ?? 0}.${finding?.fingerprint ?? ''}`,
          '/workloads?q=namespace%3Aplanted',
          `/workloads/${finding?.cluster.id ?? 0}/Pod/planted/hostile`,
          `/workloads/${finding?.cluster.id ?? 0}/Deployment.apps/planted/leaky`,
          '/namespaces',
          '/secrets',
          '/teams',
          '/changes',
        ];
        for (const address of addresses) {
          await browser.visit(hub, address);
          await browser.page.waitForTimeout(300);
          expect(tracesIn(await browser.page.content()), address).toEqual([]);
          expect(await browser.page.evaluate('window.__hostile'), address).toBeUndefined();
          expect(await browser.page.locator('img[src="x"]').count(), address).toBe(0);
        }
        expect(browser.faults).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    120_000,
  );

  it('prints no escape sequence of an object to the terminal', () => {
    expect(hub.output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
  });

  it.each([
    HOSTILE.sql,
    HOSTILE.html,
    "name:'",
    'namespace:"\u0000"',
    'severity:critical;select pg_sleep(9)',
    '%',
    '\\',
    'name:*'.repeat(300),
  ])('answers the query %j with a page or a problem, and goes on', async (q) => {
    for (const path of ['findings', 'workloads', 'resources', 'changes', 'findings/groups']) {
      const answer = await hub.text(`/api/v1/${path}?q=${encodeURIComponent(q)}`);
      const { items, status } = JSON.parse(answer) as {
        readonly items?: unknown[];
        readonly status?: number;
      };
      expect(items !== undefined || status === 400, answer).toBe(true);
    }
    expect((await hub.all('listFindings')).length).toBeGreaterThan(10);
    expect(hub.output).not.toContain('A request failed');
  });
});
