import { CONTROLS } from '@bulwark/controls';
import type { Control } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { asking } from './callers.testing.ts';
import { KeptAnswers } from './kept-answers.ts';
import { teamHandlers, teamsOf } from './teams.ts';
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

async function teams(who: Partial<Caller> = {}, query: { q?: string; namespace?: string } = {}) {
  const answers = new KeptAnswers(hub.store);
  const { listTeams } = teamHandlers({ store: hub.store, controls: BY_ID, answers });
  const { items } = await listTeams({ params: undefined, query, body: undefined }, asking(NOW, who));
  return items;
}

async function contactsOf(limits: { readonly namespaces: 'all' | readonly string[] }) {
  const items = await teams({ limits: { clusters: 'all', ...limits } });
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

  it('have their five first things to do, each with how long it has been open', async () => {
    const [payments] = await teams();

    expect(payments?.top).toHaveLength(5);
    expect(payments?.top.every(({ oldest }) => oldest === NOW.toISOString())).toBe(true);
  });

  it.each(['payments', 'Refunds@example.com'])(
    'come first where %s asks, who is one of them',
    async (person) => {
      expect((await teams({ person })).map(({ owner, isMine }) => [owner, isMine])).toEqual([
        ['payments', true],
        [null, false],
      ]);
    },
  );

  it.each([
    ['owner:pay*', ['payments']],
    ['owner:none', [null]],
    ['mine:yes', []],
    ['contact:*@example.com', ['payments']],
    ['workloads:>1', ['payments']],
    ['findings:>0', ['payments', null]],
    ['severity:none', []],
    ['oldest:<1d refunds', ['payments']],
  ])('are found by the query %s', async (q, owners) => {
    expect((await teams({}, { q })).map(({ owner }) => owner)).toEqual(owners);
  });

  it('are those of a namespace where one is asked for', async () => {
    expect((await teams({}, { namespace: 'pay' })).map(({ owner }) => owner)).toEqual(['payments', null]);
    expect(await teams({}, { namespace: 'shop' })).toEqual([]);
  });

  it('come first where they are of who asks, however bad others are', () => {
    const of = (team: string, severity: number) =>
      ({ team, control: 'host-pid', severity, open: 1, excepted: 0, oldest: NOW }) as const;
    const owners = (person: string) =>
      teamsOf([of('calm', 0), of('', 4), of('busy', 3)], [], { first: new Map(), person }).map(
        ({ owner }) => owner,
      );

    expect(owners('calm')).toEqual(['calm', null, 'busy']);
    expect(owners('somebody')).toEqual([null, 'busy', 'calm']);
  });

  it('have their oldest finding also where no workload is theirs, as that of a cluster role', () => {
    const of = (control: string, oldest: Date | null) =>
      ({ team: '', control, severity: 4, open: oldest === null ? 0 : 1, excepted: 1, oldest }) as const;
    const before = new Date(NOW.getTime() - 1000);
    const counts = [of('rbac-bind', NOW), of('cluster-admin-binding', before), of('rbac-escalate', null)];

    expect(teamsOf(counts, [], { first: new Map(), person: 'ann' })).toMatchObject([
      { owner: null, workloads: 0, oldest: before.toISOString() },
    ]);
  });
});
