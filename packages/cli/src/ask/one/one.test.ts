import { hash128 } from '@bulwark/core';
import { applyBatch } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../../hub-client/hub.testing.ts';
import { bulwark } from '../../run.testing.ts';
import { addCluster, finding, kind, NOW, resource, WEEK_AGO } from '../asked-hub.testing.ts';

const SPEC = {
  replicas: 2,
  template: {
    spec: {
      hostPID: true,
      containers: [
        {
          name: 'app',
          image: 'example.com/ledger:1',
          args: [`--greeting=${'a long text that no terminal has room for '.repeat(4)}`],
          securityContext: { runAsNonRoot: true },
        },
      ],
    },
  },
};
const LEDGER = { ...finding('pay', 'ledger'), fingerprint: await fingerprintOf('pay', 'ledger') };
const TWIN = finding('shop', 'web');
/** Two workloads of one name and kind, of different API groups. */
const CLUSTERS = ['a.io', 'b.io'].map((group) => ({
  ...resource('ops', 'tw', SPEC),
  ...{ kind: `${group}/Cluster`, apiVersion: `${group}/v1`, ownerKind: `${group}/Cluster`, ownerName: 'tw' },
  digest: hash128(group),
}));
const OF_CLUSTERS = ['a.io', 'b.io', 'b.io'].map((group, at) =>
  finding('ops', 'tw', {
    control: 'host-ipc',
    kind: `${group}/Cluster`,
    apiVersion: `${group}/v1`,
    path: `spec.${at}`,
  }),
);
const SHORT = LEDGER.fingerprint.slice(0, 12);

/** As a scan of the object has it. */
async function fingerprintOf(namespace: string, name: string): Promise<string> {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: SPEC };
  const { out } = await bulwark(['scan', '-', '--control', 'host-pid', '-f', 'json'], '/', {
    readStdin: async () => Buffer.from(JSON.stringify(object)),
  });
  const { findings } = JSON.parse(out) as { findings: readonly { fingerprint: string }[] };
  return findings[0]?.fingerprint ?? 'none';
}

describe('one thing of a hub in full', () => {
  let hub: ListeningHub;
  let env: Record<string, string>;
  let prod: number;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    const kinds = [kind('apps/Deployment', 'live')];
    prod = await addCluster(hub, 'prod', 'live', { kinds });
    const edge = await addCluster(hub, 'edge', 'live', { kinds });
    const nothing = { removed: [], resolved: [], resources: [], findings: [] };
    await applyBatch(hub.store, prod, {
      ...nothing,
      at: WEEK_AGO,
      resources: [resource('pay', 'ledger', SPEC), resource('shop', 'web', SPEC), ...CLUSTERS],
      findings: [LEDGER, TWIN, ...OF_CLUSTERS],
    });
    await applyBatch(hub.store, edge, {
      ...nothing,
      at: NOW,
      resources: [resource('shop', 'web', SPEC)],
      findings: [TWIN],
    });
    env = await hub.variables('viewer');
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  const ask = (...args: readonly string[]) => bulwark(args, '/', { env, columns: 80 });
  /** Of what may be broken; addresses stay whole, so that they can be opened. */
  const widest = (text: string) =>
    Math.max(
      ...text
        .split('\n')
        .filter((line) => !line.includes('https://'))
        .map((line) => line.length),
    );

  it('a finding has its lines, why, how to mend it with the patch, and its history', async () => {
    const { code, out, err } = await ask('finding', SHORT);

    expect([code, err]).toEqual([0, '']);
    for (const text of [
      'HIGH      Deployment/ledger shares the process namespace of its node',
      'prod: pay Deployment/ledger (payments, environment unknown,',
      LEDGER.fingerprint,
      'WHERE     spec.template.spec.hostPID\n',
      />\s+\d+ {2} +hostPID: true\n/,
      'WHY       ',
      'FIX       ',
      /^- +hostPID: true$/m,
      /1 other open finding of host-pid; bulwark findings\s+'cluster:prod\s+control:host-pid' has all/,
      'prod: shop Deployment/web (high, unowned)',
      /^HISTORY {3}\d{4}-\d\d-\d\d \d\d:\d\dZ opened by ann/m,
      'SOURCES   ',
    ])
      expect(out).toMatch(text);
    const outsideOfThePatch = out.replace(/^--- [\s\S]*?\n\n/m, '');
    expect(widest(outsideOfThePatch)).toBeLessThanOrEqual(80);
  });

  it('a workload has its passport', async () => {
    const { code, out, err } = await ask('workload', 'pay/ledger');

    expect([code, err]).toEqual([0, '']);
    const labels = ['SEEN', 'HIGH', 'WHAT', 'WHERE', 'HOW', 'ACCESS', 'COMPLY', 'BUILT BY', 'HISTORY'];
    expect(out.match(/^[A-Z][A-Z ]{3,7}(?= )/gm)?.map((label) => label.trim())).toEqual(labels);
    for (const text of [
      'HIGH      prod: pay Deployment/ledger  1 high',
      'owned by payments, environment unknown, criticality unknown',
      'WHAT      app (regular) example.com/ledger:1',
      'WHERE     No pod of it is there.',
      'Service account default',
      'would pass privileged',
      'BUILT BY  Never seen in a build.',
      /^HISTORY {3}.*Z created by root as ann, uncertain, 1 opened$/m,
    ])
      expect(out).toMatch(text);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  it('a workload names its pods that somebody changed', async () => {
    const pod = { kind: 'Pod', apiVersion: 'v1', name: 'web-6f-x', isWorkload: false };
    const nothing = { removed: [], resolved: [], findings: [] };
    await applyBatch(hub.store, prod, {
      ...nothing,
      at: NOW,
      resources: [{ ...resource('shop', 'web', SPEC), ...pod }],
    });

    const { out } = await ask('workload', 'shop/web', '--cluster', 'prod');

    expect(out).toMatch(/^HISTORY {3}.*Z created Pod\/web-6f-x by root as ann/m);
  });

  it('is the same as of a moment, and as JSON', async () => {
    const then = await ask('workload', 'pay/Deployment/ledger', '--as-of', '3d');
    const json = await ask('finding', SHORT, '-f', 'json');

    expect([then.code, then.out]).toEqual([0, expect.stringContaining('AS OF     ')]);
    expect(JSON.parse(json.out)).toMatchObject({
      fingerprint: LEDGER.fingerprint,
      cluster: { name: 'prod' },
    });
  });

  it.each([
    { args: ['finding', SHORT], of: /(\d+) other open findings? of host-pid; bulwark (findings .*) has all/ },
    { args: ['workload', 'pay/ledger'], of: /(\d+) high; bulwark (findings .*) shows them/ },
    {
      args: ['workload', 'shop/web', '--cluster', 'prod'],
      of: /(\d+) high; bulwark (findings .*) shows them/,
    },
  ])('$args.0 $args.1 names a command that finds as many, now and as of a moment', async ({ args, of }) => {
    for (const clock of [[], ['--as-of', '3d']]) {
      const { out } = await bulwark([...args, ...clock], '/', { env, columns: 500 });
      const [, number, command = ''] = of.exec(out) ?? [];
      const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
      const found = await ask(...words, '-f', 'json');
      const { asOf, items } = JSON.parse(found.out) as { asOf: string | null; items: readonly unknown[] };

      // The finding itself is open, too.
      expect([args, items.length]).toEqual([args, Number(number) + (args[0] === 'finding' ? 1 : 0)]);
      expect(asOf !== null).toBe(clock.length > 0);
    }
  });

  it('is told apart by its cluster where several have it', async () => {
    const workload = await ask('workload', 'shop/web');
    const twin = await ask('finding', TWIN.fingerprint);

    expect([workload.code, workload.err]).toEqual([
      2,
      expect.stringContaining('  bulwark workload shop/Deployment/web --cluster edge\n'),
    ]);
    expect([twin.code, twin.err]).toEqual([2, expect.stringMatching(/^error: 2 clusters have the finding/)]);
    for (const args of [
      ['workload', 'shop/web'],
      ['finding', TWIN.fingerprint],
    ])
      expect((await ask(...args, '--cluster', 'edge')).out).toContain('edge: shop Deployment/web');
  });

  it('is told apart by its API group where kinds of several have its name, by commands that work', async () => {
    for (const args of [['ops/tw'], ['ops/Cluster/tw']]) {
      const { code, err } = await ask('workload', ...args);
      const named = [...err.matchAll(/^ {2}bulwark workload ops\/(\S+)\/tw --cluster prod$/gm)].map(
        ([, kind]) => kind,
      );
      expect([code, named.sort()]).toEqual([2, ['Cluster.a.io', 'Cluster.b.io']]);
    }
    for (const [kind, count] of [
      ['Cluster.a.io', 1],
      ['cluster.B.io', 2],
    ] as const) {
      const { out } = await bulwark(['workload', `ops/${kind}/tw`], '/', { env, columns: 500 });
      const [, open, command = ''] = /(\d+) high; bulwark findings '(.*)' shows them/.exec(out) ?? [];
      const { items } = JSON.parse((await ask('findings', command, '-f', 'json')).out) as {
        items: unknown[];
      };

      expect([kind, Number(open), items.length]).toEqual([kind, count, count]);
    }
  });

  it.each([
    { args: ['workload', 'ledger'], says: '"ledger" is no workload; it is named as NAMESPACE/NAME' },
    {
      args: ['workload', 'shop/ledge'],
      says: 'is shop/ledge; there is\n  bulwark workload pay/Deployment/ledger --cluster prod',
    },
    {
      args: ['workload', '/ClusterTask/build'],
      says: 'is /ClusterTask/build; bulwark workloads lists all',
    },
    { args: ['workload', 'shop//web'], says: '"shop//web" is no workload; it is named as NAMESPACE/NAME' },
    { args: ['workload', 'shop/"); drop'], says: 'is shop/"); drop; bulwark workloads lists all' },
    { args: ['finding', 'host-pid'], says: '"host-pid" is no fingerprint: ' },
    { args: ['finding', '0123456789ab'], says: 'has the fingerprint 0123456789ab; bulwark findings shows' },
    { args: ['finding', SHORT, '--cluster', 'staging'], says: 'unknown cluster "staging"' },
  ])('says what is wrong with $args', async ({ args, says }) => {
    const { code, out, err } = await ask(...args);

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(says)]);
  });
});
