import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP } from '@bulwark/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';
import { decisionSettings } from './decision-settings.ts';

const CONFIGURED = {
  exceptions: [],
  annotations: 'accept',
  otherTools: 'accept',
  ownership: DEFAULT_OWNERSHIP,
} as const;
const KEY = 'bulwark.dev/except.host-pid';

let hub: TestHub;
let cluster: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
  cluster = await record();
}, 60_000);

afterAll(() => hub?.stop());

function record(): Promise<TestCluster> {
  const kinds = { Pod: 'live', 'apps/Deployment': 'live', 'apps/ReplicaSet': 'live' } as const;
  return hub.cluster('prod', kinds, (id) => decisionSettings(hub.store, id, CONFIGURED, CONTROLS));
}

/** A Deployment, and the ReplicaSet that it makes, which has a copy of its annotations. */
function deployment(name: string, said: string | undefined, key = KEY): string {
  const annotations = said === undefined ? '' : `annotations: { '${key}': '${said}' }`;
  const pod = 'spec: { hostPID: true, containers: [{ name: app, image: "x:1" }] }';
  const one = (kind: string, of: string, owner: string): string => `
apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${of}
  namespace: shop
  ${annotations}
  ${owner}
spec:
  template: { metadata: { labels: { app: web } }, ${pod} }
`;
  const owner = `ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${name}, controller: true }]`;
  return [one('Deployment', name, ''), one('ReplicaSet', `${name}-1`, owner)].join('---');
}

/** What coverage says of annotations of a Deployment. */
async function told(name: string) {
  const { rows } = await hub.store.pool.query<{
    kind: string;
    namespace: string;
    subject: string;
    reason: string;
  }>(
    `select kind, namespace, subject, reason from coverage
     where cluster_id = $1 and code = 'invalid-exception' and subject like $2`,
    [cluster.id, `%/${name}, %`],
  );
  return rows;
}

it.each([
  ['no reason', 'no-reason', 'until=2027-01-01', KEY, /reason/],
  ['a day that is none', 'no-day', 'Node agent.; until=soon', KEY, /until/],
  [
    'a control that there is not',
    'no-control',
    'Node agent.',
    'bulwark.dev/except.host-pids',
    /no control host-pids/,
  ],
])(
  'an annotation with %s is told in coverage, once, until it can be read',
  async (_what, name, said, key, why) => {
    await cluster.show(deployment(name, said, key));
    await expect
      .poll(() => told(name))
      .toEqual([
        {
          kind: 'note',
          namespace: 'shop',
          subject: `Deployment shop/${name}, ${key}`,
          reason: expect.stringMatching(why),
        },
      ]);

    await cluster.show(deployment(name, 'Node agent.'));

    await expect.poll(() => told(name)).toEqual([]);
  },
);

it('what was told goes with its object', async () => {
  await cluster.show(deployment('gone', ''));
  await expect.poll(() => told('gone')).toHaveLength(1);

  await cluster.remove('apps/Deployment', 'shop', 'gone');
  await cluster.remove('apps/ReplicaSet', 'shop', 'gone-1');

  await expect.poll(() => told('gone')).toEqual([]);
});

it('an annotation that is about no exception, or that can be read, is not told', async () => {
  await cluster.show(deployment('owned', 'pay', 'bulwark.dev/owner'));
  await cluster.show(deployment('said', 'Node agent.'));
  await cluster.show(deployment('later', ''));

  await expect.poll(() => told('later')).toHaveLength(1);
  expect([await told('owned'), await told('said')]).toEqual([[], []]);
});

it('a secret in it is not told, and after a start what cannot be read is told as before', async () => {
  const secret = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
  await cluster.show(deployment('leaks', `Token ${secret}; until=${secret}`));
  await expect.poll(() => told('leaks')).toHaveLength(1);
  expect(JSON.stringify(await told('leaks'))).not.toContain(secret);

  cluster = await record();
  await cluster.show(deployment('leaks', `Token ${secret}; until=${secret}`));
  await cluster.show(deployment('after', ''));

  await expect.poll(() => told('after')).toHaveLength(1);
  expect(await told('leaks')).toHaveLength(1);
});

it('a secret in its key is not told either, also of two such', async () => {
  const secret = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
  const other = secret.replace('aB3d', 'cD5f');
  const key = `bulwark.dev/except.${secret}': 'Needed.', 'bulwark.dev/except.${other}`;
  await cluster.show(deployment('keyed', 'Needed.', key));

  await expect.poll(() => told('keyed')).toHaveLength(1);
  const [entry] = await told('keyed');
  expect(entry?.subject).toBe('Deployment shop/keyed, bulwark.dev/except.[redacted]');
  expect(entry?.reason).not.toMatch(/aB3d|cD5f/);
});
