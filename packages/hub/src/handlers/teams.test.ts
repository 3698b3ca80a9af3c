import { CONTROLS } from '@bulwark/controls';
import type { Control } from '@bulwark/core';
import { DEFAULT_OWNERSHIP } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../access/authenticate.ts';
import { administrationHandlers } from './administration.ts';
import { asking } from './callers.testing.ts';
import { TestHub } from './test-cluster.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const BY_ID = new Map<string, Control>(CONTROLS.map((control) => [control.id, control]));

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOW);
  const cluster = await hub.cluster('prod', { Namespace: 'live', 'apps/Deployment': 'live' });
  await cluster.show(
    [
      '{apiVersion: v1, kind: Namespace, metadata: {name: pay, uid: n, annotations: {contact: "#payments"}}}',
      deployment('ledger', '{team: payments}'),
      deployment('refunds', '{team: payments}', '{contact: refunds@example.com}'),
      deployment('stray', '{}'),
    ].join('\n---\n'),
  );
}, 120_000);

afterAll(() => hub?.stop());

function deployment(name: string, labels: string, annotations = '{}'): string {
  return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: pay, uid: ${name}, labels: ${labels},
    annotations: ${annotations}}, spec: {template: {spec: {containers: [{name: app, image: "example.com/app:1"}]}}}}`;
}

async function contactsOf(limits: { readonly namespaces: 'all' | readonly string[] }) {
  const { listTeams } = administrationHandlers({
    ownership: DEFAULT_OWNERSHIP,
    store: hub.store,
    authenticator: {} as Authenticator,
    controls: BY_ID,
    origin: () => '',
  });
  const { items } = await listTeams(
    { params: undefined, query: {}, body: undefined },
    asking(NOW, { limits: { clusters: 'all', ...limits } }),
  );
  return items.map(({ owner, contacts }) => ({ owner, contacts }));
}

describe('teams', () => {
  it('are shown with all the ways to reach them that their workloads and namespaces name', async () => {
    expect(await contactsOf({ namespaces: 'all' })).toEqual([
      { owner: 'payments', contacts: ['#payments', 'refunds@example.com'] },
      { owner: null, contacts: ['#payments'] },
    ]);
  });

  it('are not shown to who sees none of their workloads', async () => {
    expect(await contactsOf({ namespaces: ['shop'] })).toEqual([]);
  });
});
