import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, EXPORTED, type ExportId, ROUTES } from '@bulwark/api';
import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { dumpOf } from './dump.testing.ts';
import { eventually, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;

/** Made of parts, so that no scanner takes this file for a leak. Each is recognisable in what people leave lying around. */
const PLANTED: Readonly<Record<string, string>> = {
  env: ['postgres://shop:', 'Zq7planted1env', '@db.example:5432/shop'].join(''),
  password: ['Xk9', 'planted2password', 'Wm4'].join('-'),
  argument: ['Rt5', 'planted3argument', 'Lp8'].join('-'),
  annotation: ['ghp_', 'planted4annotation0123456789ABCDEFabcdef'].join('').slice(0, 40),
  lastApplied: ['AKIA', 'PLANTED5LAST', 'APPL'].join(''),
  configMap: ['Hv3', 'planted6configmap', 'Qs1'].join('-'),
  secret: ['Jd8', 'planted7secret', 'Nc2'].join('-'),
  header: ['Basic ', 'Fm6', 'planted8header', 'Kt9'].join(''),
  cookie: ['lang=en; session=', 'Bw2', 'planted9cookie', 'Ye7'].join(''),
  login: ['robot:', 'Gs4', 'planted10login', 'Uo1'].join(''),
  word: ['Ky7', 'planted11word', 'Ve3'].join('-'),
};
/** The parts that must be nowhere. */
const TRACES = [
  'Zq7planted1env',
  'planted2password',
  'planted3argument',
  'planted4annotation',
  'PLANTED5LAST',
  'planted6configmap',
  'planted7secret',
  'planted8header',
  'planted9cookie',
  'planted10login',
  'planted11word',
];
const ENCODED = TRACES.map((text) => Buffer.from(text).toString('base64').replace(/=+$/, '').slice(2, -2));

function tracesIn(text: string): string[] {
  return [...TRACES, ...ENCODED].filter((trace) => text.includes(trace));
}

const HOSTILE = {
  html: '<img src=x onerror=window.__hostile=1><script>window.__hostile=1</script>',
  sql: "'); drop table finding; --",
  terminal: '\u001b]0;owned\u0007\u001b[31mred',
  // PostgreSQL keeps this character in no text.
  nothing: 'a\u0000b',
  direction: 'abc\u202edef',
};

function objects(): object[] {
  const headers = [
    { name: 'Authorization', value: PLANTED['header'] },
    { name: 'Cookie', value: PLANTED['cookie'] },
    { name: 'X-Auth', value: PLANTED['login'] },
  ];
  const container = {
    name: 'main',
    image: 'registry.example/main:1',
    args: [
      `--db-password=${PLANTED['argument'] ?? ''}`,
      '--token',
      PLANTED['argument'],
      ...['-u', PLANTED['login'], '-H', `Authorization: ${PLANTED['header'] ?? ''}`],
    ],
    command: ['sh', '-c', `export PASSWORD=${PLANTED['argument'] ?? ''}; exec main`],
    env: [
      { name: 'DATABASE_URL', value: PLANTED['env'] },
      { name: 'DB_PASSWORD', value: PLANTED['password'] },
      { name: 'API_KEY', value: PLANTED['annotation'] },
      { name: 'AUTHORIZATION', value: PLANTED['header'] },
      { name: 'BASIC_AUTH', value: PLANTED['login'] },
      { name: 'DSN', value: `shop:${PLANTED['word'] ?? ''}@tcp(db:3306)/shop` },
    ],
    readinessProbe: { exec: { command: ['mysql', '-uroot', `-p${PLANTED['word'] ?? ''}`] } },
    livenessProbe: { httpGet: { port: 80, httpHeaders: headers } },
    lifecycle: { preStop: { httpGet: { port: 80, httpHeaders: headers } } },
    securityContext: { privileged: true },
  };
  const metadata = (name: string) => ({ name, namespace: 'planted', labels: { app: name } });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'planted', annotations: { note: HOSTILE.html, owner: HOSTILE.sql } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        ...metadata('leaky'),
        annotations: { 'ci.example/token': PLANTED['annotation'], 'aws-key': PLANTED['lastApplied'] },
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'leaky' } },
        template: {
          metadata: { labels: { app: 'leaky' }, annotations: { token: PLANTED['annotation'] } },
          spec: { containers: [container] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('leaky'),
      data: { 'app.properties': `db.password=${PLANTED['configMap'] ?? ''}`, password: PLANTED['configMap'] },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('leaky'),
      stringData: { password: PLANTED['secret'] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata('hostile'),
        annotations: {
          html: HOSTILE.html,
          sql: HOSTILE.sql,
          terminal: HOSTILE.terminal,
          direction: HOSTILE.direction,
          nothing: HOSTILE.nothing,
          'app.kubernetes.io/contact': HOSTILE.html,
          owner: HOSTILE.html,
          team: HOSTILE.sql,
        },
      },
      spec: {
        containers: [
          {
            ...container,
            env: [{ name: 'HTML', value: HOSTILE.html }],
            args: [HOSTILE.html, HOSTILE.sql, HOSTILE.terminal, HOSTILE.nothing],
            command: ['main'],
            image: 'registry.example/main:1',
          },
        ],
      },
    },
  ];
}

describe.skipIf(CONTROL_PLANE === undefined)('what must not be shown (needs shared/testbed)', () => {
  let plane: ControlPlane;
  let hub: RunningHub;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    const [namespace = {}, ...rest] = objects();
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
  }, START_MS);

  afterAll(async () => {
    await hub?.remove();
    await plane?.stop();
  }, START_MS);

  it('plants what is there to be found', async () => {
    const there = await plane.kubectl('get', 'deployments,configmaps,secrets', '-n', 'planted', '-o', 'json');

    expect(tracesIn(there).length).toBeGreaterThanOrEqual(TRACES.length - 1);
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
