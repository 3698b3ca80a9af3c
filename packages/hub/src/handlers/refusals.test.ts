import { CONTROLS } from '@bulwark/controls';
import { createException, revokeException } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { decisionSettings } from '../cluster/decision-settings.ts';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { inventoryHandlers } from './inventory.ts';
import { CONFIGURED, handlerSettings, type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const minute = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);
const CONTROL = 'host-pid';
const REASON = 'It looks at processes.';
const BECAUSE = 'Nothing of pay may run so.';

let hub: TestHub;
let prod: TestCluster;

const pod = (namespace: string): string => `
{ apiVersion: v1, kind: Pod, metadata: { name: agent, namespace: ${namespace} },
  spec: { hostPID: true, containers: [{ name: app, image: 'x:1' }] } }`;

const judgeAgain = async (now: Date): Promise<void> => {
  hub.now = now;
  await prod.decide(await decisionSettings(hub.store, prod.id, CONFIGURED, CONTROLS));
  await prod.flush();
};

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show([pod('shop'), pod('pay')].join('\n---'));
  await prod.flush();
  const { id } = await createException(hub.store, {
    scope: { clusters: [prod.id], controls: [CONTROL], namespaces: ['shop', 'pay'] },
    reason: REASON,
    owner: null,
    until: null,
    query: null,
    state: 'requested',
    createdBy: 'ann',
    createdAt: NOON,
  });
  await judgeAgain(minute(1));
  await revokeException(hub.store, id, { by: 'bob', at: minute(2), because: BECAUSE });
  await judgeAgain(minute(3));
}, 60_000);

afterAll(() => hub?.stop());

const ask = (who: Partial<Caller>) => asking(minute(4), who);
const input = <Params>(params: Params) => ({ params, query: {}, body: undefined }) as never;
const path = { kind: 'Pod', namespace: 'shop', name: 'agent' };

async function ofFinding(who: Partial<Caller>) {
  const { rows } = await hub.store.pool.query<{ fingerprint: string }>(
    `select replace(fingerprint::text, '-', '') as fingerprint from finding
     where cluster_id = $1 and control = $2 and namespace = 'shop'`,
    [prod.id, CONTROL],
  );
  const { getFinding } = findingHandlers(handlerSettings(hub));
  const params = { cluster: prod.id, fingerprint: rows[0]?.fingerprint ?? '' };
  return (await getFinding(input(params), ask(who))).timeline;
}

async function ofObject(who: Partial<Caller>) {
  const { getResource } = inventoryHandlers(hub.store);
  return (await getResource(input({ cluster: prod.id, ...path }), ask(who))).decisions;
}

async function ofWorkload(who: Partial<Caller>) {
  const { getWorkload } = inventoryHandlers(hub.store);
  return (await getWorkload(input({ cluster: prod.id, ...path }), ask(who))).decisions;
}

describe.each([
  ['a finding', ofFinding],
  ['an object', ofObject],
  ['a workload', ofWorkload],
])('the life of %s', (_what, told) => {
  it.each([
    [
      'why to whoever may see all that was asked for',
      { clusters: 'all', namespaces: ['shop', 'pay'] },
      BECAUSE,
    ],
    ['not why to whoever may see a part of it', { clusters: 'all', namespaces: ['shop'] }, REASON],
  ] as const)('says who refused a request, and %s', async (_title, limits, text) => {
    const refused = (await told({ limits })).filter(({ what }) => what === 'exception refused');

    expect(refused).toMatchObject([{ by: 'bob', text }]);
  });
});
