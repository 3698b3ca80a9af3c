import { CONTROLS } from '@bulwark/controls';
import { queryForValues, SEVERITIES } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { frameworkHandlers } from './frameworks.ts';
import { inventoryHandlers } from './inventory.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queueHandlers } from './queue.ts';
import { teamHandlers } from './teams.ts';
import { handlerSettings, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const SPELLINGS = ['PAYMENTS', 'Payments', 'payments'];

function deployment(namespace: string, name: string, team: string, context: string): string {
  const labels = team === '' ? '{}' : `{team: ${team}}`;
  return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: ${namespace}, uid: ${name}, labels: ${labels}},
    spec: {template: {spec: {containers: [{name: app, image: "example.com/app:1", securityContext: ${context},
    envFrom: [{secretRef: {name: card-keys}}]}]}}}}`;
}

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live', 'apps/Deployment': 'live' });
  await prod.show(
    [
      deployment('pay', 'ledger', 'Payments', '{privileged: true}'),
      deployment('pay', 'refunds', 'payments', '{privileged: true}'),
      deployment('bill', 'invoices', 'payments', '{}'),
      deployment('shop', 'stray', '', '{privileged: true}'),
    ].join('\n---\n'),
  );
  hub.now = ONE;
  await prod.show(deployment('bill', 'taxes', 'PAYMENTS', '{}'));
}, 60_000);

afterAll(() => hub?.stop());

async function teams() {
  const request = { params: undefined, query: {}, body: undefined };
  return (await teamHandlers(handlerSettings(hub)).listTeams(request, asking(ONE))).items;
}

async function queueOf(q: string) {
  const request = { params: undefined, query: { q, limit: 100 }, body: undefined };
  return (await queueHandlers(handlerSettings(hub)).getQueue(request, asking(ONE))).items;
}

async function requirement(asOf?: string) {
  const { getFramework } = frameworkHandlers(hub.store, CONTROLS);
  const request = { params: { id: 'pss-baseline' }, query: { asOf }, body: undefined };
  const { requirements } = await getFramework(request, asking(ONE));
  return requirements.find(({ id }) => id === 'privileged-containers');
}

describe('an owner that is written in several ways', () => {
  it('is one team with all that is its, whichever way a query names it', async () => {
    const [payments] = (await teams()).filter(({ owner }) => owner !== null);
    const open = SEVERITIES.reduce((sum, severity) => sum + (payments?.findings[severity] ?? 0), 0);

    expect(await teams()).toHaveLength(2);
    expect(payments).toMatchObject({ owner: 'PAYMENTS', spellings: SPELLINGS, workloads: 4, namespaces: 2 });
    for (const owner of SPELLINGS) {
      const query = { q: queryForValues({ owner }), limit: 1 };
      const request = { params: undefined, query, body: undefined };
      const { total } = await findingHandlers(handlerSettings(hub)).listFindings(request, asking(ONE));
      expect([owner, total]).toEqual([owner, open]);
    }
  });

  it('has one list of first things, which is the beginning of its queue', async () => {
    const payments = (await teams()).find(({ owner }) => owner !== null);
    const rows = await queueOf('owner:Payments');

    expect(payments?.top.map(({ control, findings }) => [control, findings])).toEqual(
      rows.slice(0, 5).map(({ control, findings }) => [control, findings]),
    );
  });

  it('is one team of those that have something to do, and of those that a requirement is about', async () => {
    const row = (await queueOf('')).find(({ id }) => id === 'privileged-container');
    const owners = [
      { owner: 'Payments', spellings: ['Payments', 'payments'], findings: 2 },
      { owner: null, spellings: [], findings: 1 },
    ];

    expect(row?.owners).toEqual(['Payments']);
    expect(row?.reach).toContain('3 findings in 3 objects of 1 team, 1 of nobody');
    expect((await requirement())?.owners).toEqual(owners);
    expect((await requirement(NOON.toISOString()))?.owners).toEqual(owners);
  });

  it('owns what it alone uses', async () => {
    const { listSecrets } = inventoryHandlers(hub.store, new KeptAnswers(hub.store));
    const request = { params: undefined, query: { limit: 10 }, body: undefined };
    const { items } = await listSecrets(request, asking(ONE));

    expect(items.map(({ namespace, name, owner }) => [namespace, name, owner])).toEqual([
      ['bill', 'card-keys', expect.stringMatching(/^payments$/i)],
      ['pay', 'card-keys', expect.stringMatching(/^payments$/i)],
      ['shop', 'card-keys', null],
    ]);
  });
});
