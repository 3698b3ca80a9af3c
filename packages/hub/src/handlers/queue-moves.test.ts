import { comparisonRoutes, queueRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP, type Exception, SEVERITIES } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import type { DecisionSettings } from '../cluster/decisions.ts';
import { asking } from './callers.testing.ts';
import { comparisonHandlers } from './comparison.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queueHandlers } from './queue.ts';
import { TestHub } from './test-cluster.ts';

const YESTERDAY = new Date('2026-11-25T12:00:00Z');
const MORNING = new Date('2026-11-26T09:00:00Z');
const NOW = new Date('2026-11-26T18:00:00Z');
const MIDNIGHT = '2026-11-26T00:00:00.000Z';
const NOTHING = { params: undefined, body: undefined };

let hub: TestHub;

function accepting(...controls: readonly string[]): DecisionSettings {
  const exceptions = controls.map(
    (control): Exception => ({
      origin: 'configuration',
      source: control,
      scope: { controls: [control] },
      reason: 'Known, and planned to be mended.',
    }),
  );
  return {
    exceptions,
    annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: (control) => [control] },
    ownership: DEFAULT_OWNERSHIP,
  };
}

function pod(namespace: string, name: string, annotations: Readonly<Record<string, string>> = {}): string {
  const containers = [{ name: 'app', image: 'a:1', securityContext: { privileged: true } }];
  const metadata = { name, namespace, uid: name, annotations };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { hostPID: true, containers } });
}

beforeAll(async () => {
  hub = await TestHub.start(YESTERDAY);
  const prod = await hub.cluster('prod', { Pod: 'live' }, async () => accepting('host-pid'));
  for (const [namespace, name] of [
    ['shop', 'web'],
    ['shop', 'old'],
    ['pay', 'agent'],
  ] as const)
    await prod.show(pod(namespace, name));
  hub.now = MORNING;
  await prod.remove('Pod', 'shop', 'old');
  await prod.show(pod('pay', 'late', { 'bulwark.dev/except.run-as-non-root': 'not ours' }));
  // What lies in no namespace opens something in shop.
  await prod.show(
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: all, uid: b},
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin},
      subjects: [{kind: ServiceAccount, name: default, namespace: shop}]}`,
  );
  await prod.decide(accepting('privileged-container'));
  await prod.flush();
}, 120_000);

afterAll(() => hub?.stop());

interface Asked {
  readonly asOf?: string;
  readonly namespace?: string;
}

const settings = () => ({
  store: hub.store,
  controls: new Map(CONTROLS.map((each) => [each.id, each])),
  answers: new KeptAnswers(hub.store),
});

async function queue(asked: Asked, who: Partial<Caller> = {}) {
  const query = queueRoutes.getQueue.query.parse(asked);
  const answer = await queueHandlers(settings()).getQueue({ ...NOTHING, query }, asking(NOW, who));
  return queueRoutes.getQueue.response.parse(answer);
}

/** Why each finding of the list that a number leads to is in it. */
async function listed(move: 'came' | 'went', { asOf, namespace }: Asked, who: Partial<Caller>) {
  const query = comparisonRoutes.compareFindings.query.parse({
    from: MIDNIGHT,
    to: asOf,
    namespace,
    move,
    limit: 500,
  });
  const answer = await comparisonHandlers(settings()).compareFindings(
    { ...NOTHING, query },
    asking(NOW, who),
  );
  return comparisonRoutes.compareFindings.response.parse(answer).items.map(({ why }) => why);
}

function limitedTo(...namespaces: readonly string[]): Partial<Caller> {
  return { limits: { clusters: 'all', namespaces } };
}

describe('what moved since yesterday', () => {
  it.each<[where: string, asked: Asked, who: Partial<Caller>]>([
    ['everywhere', {}, {}],
    ['in a namespace that is chosen', { namespace: 'shop' }, {}],
    ['in the namespaces of a limited caller', {}, limitedTo('pay')],
    ['where nothing is', {}, limitedTo('elsewhere')],
    ['up to a moment', { asOf: '2026-11-26T10:00:00Z' }, {}],
    ['up to a moment before anything did', { asOf: '2026-11-26T08:00:00Z' }, {}],
  ])('makes the difference, and is what its lists have, %s', async (_where, asked, who) => {
    const { open, yesterday, trend, moved } = await queue(asked, who);
    const [came, went] = await Promise.all([listed('came', asked, who), listed('went', asked, who)]);
    const before = trend.at(-2)?.counts;

    expect(moved).toEqual({
      since: MIDNIGHT,
      came: came.length,
      noLongerAccepted: came.filter((why) => why === 'no longer accepted').length,
      went: went.length,
      accepted: went.filter((why) => why === 'accepted').length,
    });
    expect(open - (yesterday ?? 0)).toBe(came.length - went.length);
    expect(yesterday).toBe(SEVERITIES.reduce((sum, severity) => sum + (before?.[severity] ?? 0), 0));
  });

  it('tells what an exception took away and gave back, and what a change elsewhere opened', async () => {
    const shop = await queue({ namespace: 'shop' });

    // Of one pod: privileged-container is accepted by now, host-pid no longer.
    expect([shop.moved?.accepted, shop.moved?.noLongerAccepted]).toEqual([1, 1]);
    expect(
      (await listed('came', { namespace: 'shop' }, {})).filter((why) => why === 'new').length,
    ).toBeGreaterThan(0);
    expect(
      (await listed('went', { namespace: 'shop' }, {})).filter((why) => why === 'resolved').length,
    ).toBeGreaterThan(0);
  });

  it('is nothing on the day on which the first cluster was seen', async () => {
    const { yesterday, moved } = await queue({ asOf: '2026-11-25T18:00:00Z' });

    expect([yesterday, moved]).toEqual([null, null]);
  });
});
