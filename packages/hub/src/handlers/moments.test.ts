import { catalogueRoutes, findingRoutes, inventoryRoutes, queueRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { SEVERITIES } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { catalogueHandlers } from './catalogue.ts';
import { findingHandlers } from './findings.ts';
import { frameworkHandlers } from './frameworks.ts';
import { inventoryHandlers } from './inventory.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queueHandlers } from './queue.ts';
import { TestHub } from './test-cluster.ts';

const NOTHING = { cluster: { id: 0 }, fingerprint: '' };
/** A pod comes on each of three days, the last one in the middle of the third. */
const DAYS = ['2026-11-23T12:00:00Z', '2026-11-24T12:00:00Z', '2026-11-25T12:00:00Z'] as const;
const NOW = new Date('2026-11-26T18:00:00Z');
const BY_ID = new Map(CONTROLS.map((each) => [each.id, each]));

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date(DAYS[0]));
  const prod = await hub.cluster('prod', { Pod: 'live', ConfigMap: 'live' });
  for (const [index, day] of DAYS.entries()) {
    hub.now = new Date(day);
    await prod.show(podOf(`p-${index}`));
    await prod.show(settingsOf(index));
  }
}, 120_000);

afterAll(() => hub?.stop());

function podOf(name: string): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, uid: ${name}}, spec: {containers: [
    {name: app, image: "example.com/app:1", securityContext: {privileged: true}}]}}`;
}

function settingsOf(index: number): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop, uid: s}, immutable: ${index % 2 === 0 ? 'true' : 'false'}}`;
}

function sum(counts: Readonly<Record<string, number>> | undefined): number {
  return SEVERITIES.reduce((all, severity) => all + (counts?.[severity] ?? 0), 0);
}

async function queueAt(asOf?: string) {
  const handlers = queueHandlers({ store: hub.store, controls: BY_ID, answers: new KeptAnswers(hub.store) });
  const query = queueRoutes.getQueue.query.parse(asOf === undefined ? {} : { asOf });
  const answer = await handlers.getQueue({ params: undefined, query, body: undefined }, asking(NOW));
  return queueRoutes.getQueue.response.parse(answer);
}

async function controlsAt(asOf?: string) {
  const handlers = catalogueHandlers({ store: hub.store, all: CONTROLS, running: new Set(BY_ID.keys()) });
  const query = catalogueRoutes.listControls.query.parse(asOf === undefined ? {} : { asOf });
  const answer = await handlers.listControls({ params: undefined, query, body: undefined }, asking(NOW));
  const { items } = catalogueRoutes.listControls.response.parse(answer);
  return items.find(({ id }) => id === 'privileged-container')?.findings;
}

async function frameworkAt(asOf?: string) {
  const handlers = frameworkHandlers(hub.store, CONTROLS);
  const query = catalogueRoutes.listFrameworks.query.parse(asOf === undefined ? {} : { asOf });
  const answer = await handlers.listFrameworks({ params: undefined, query, body: undefined }, asking(NOW));
  const { items } = catalogueRoutes.listFrameworks.response.parse(answer);
  return items.find(({ id }) => id === 'pss-baseline')?.counts['fail'];
}

describe('what is asked for as of a moment', () => {
  it('is in the queue the number of that moment, with the trend and what moved up to it', async () => {
    const [now, then] = [await queueAt(), await queueAt('2026-11-24T18:00:00Z')];
    const listed = then.items
      .flatMap(({ findings, told }) => [findings, ...told.map((each) => each.findings)])
      .reduce((all, findings) => all + findings, 0);

    expect(then.open).toBe(listed);
    expect(3 * then.open).toBe(2 * now.open);
    expect(then.trend.map(({ day }) => day)).toEqual(['2026-11-23', '2026-11-24']);
    expect(sum(then.trend.at(-1)?.counts)).toBe(then.open);
    expect(then.yesterday).toBe(then.open / 2);
    expect(then.moved).toMatchObject({ came: then.open / 2, went: 0 });
    expect(now.moved).toMatchObject({ came: 0, went: 0 });
  });

  it('ends the trend with the moment, not with the day', async () => {
    const morning = await queueAt('2026-11-24T06:00:00Z');

    expect(morning.trend.map(({ day, counts }) => [day, sum(counts)])).toEqual([
      ['2026-11-23', morning.open],
      ['2026-11-24', morning.open],
    ]);
    expect(morning.yesterday).toBe(morning.open);
  });

  it('counts what came from the same midnight as the number that it is compared with', async () => {
    const morning = await queueAt('2026-11-25T06:00:00Z');

    expect(morning.open).toBe(morning.yesterday);
    expect(morning.moved).toMatchObject({ came: 0, went: 0 });
  });

  it('is in the list of controls the number of that moment', async () => {
    expect([await controlsAt('2026-11-23T18:00:00Z'), await controlsAt()]).toEqual([1, 3]);
  });

  it('is in the list of frameworks the verdicts of that moment', async () => {
    expect([await frameworkAt('2026-11-23T11:00:00Z'), await frameworkAt()]).toEqual([undefined, 1]);
  });

  it('leaves out of the life of a finding what came later', async () => {
    const handlers = findingHandlers({
      store: hub.store,
      controls: BY_ID,
      answers: new KeptAnswers(hub.store),
    });
    const query = findingRoutes.listFindings.query.parse({ q: 'control:privileged-container name:p-0' });
    const list = await handlers.listFindings({ params: undefined, query, body: undefined }, asking(NOW));
    const { cluster, fingerprint } = findingRoutes.listFindings.response.parse(list).items[0] ?? NOTHING;
    const params = { cluster: cluster.id, fingerprint };
    const body = { text: 'We look at it.' };
    await handlers.commentFinding({ params, query: undefined, body }, asking(NOW));
    const lifeAt = async (asOf?: string) => {
      const answer = await handlers.getFinding({ params, query: { asOf }, body: undefined }, asking(NOW));
      const { timeline, comments } = findingRoutes.getFinding.response.parse(answer);
      return [timeline.map(({ what }) => what), comments.map(({ text }) => text)];
    };

    expect(await lifeAt()).toEqual([['comment', 'opened'], ['We look at it.']]);
    expect(await lifeAt('2026-11-24T18:00:00Z')).toEqual([['opened'], []]);
  });

  it('has of what was decided in triage what held then, in the list, the panel, what a query finds and beside the object', async () => {
    const handlers = findingHandlers({
      store: hub.store,
      controls: BY_ID,
      answers: new KeptAnswers(hub.store),
    });
    const listAt = async (q: string, asOf?: string) => {
      const query = findingRoutes.listFindings.query.parse({ q, asOf });
      const list = await handlers.listFindings({ params: undefined, query, body: undefined }, asking(NOW));
      return findingRoutes.listFindings.response.parse(list).items;
    };
    const [{ cluster, fingerprint } = NOTHING] = await listAt('control:privileged-container name:p-1');
    const findings = [{ cluster: cluster.id, fingerprint }];
    // It is over by now.
    const until = '2026-11-26T09:00:00.000Z';
    const decide = async (day: string, body: object) => {
      const input = { params: undefined, query: undefined, body: { findings, ...body } };
      await handlers.triageFindings(input, asking(new Date(day)));
    };
    await decide('2026-11-25T06:00:00Z', { assignee: 'ann', acknowledged: true });
    await decide('2026-11-25T12:00:00Z', { deferredUntil: until });
    await decide('2026-11-26T06:00:00Z', { assignee: null });
    const standingAt = async (asOf?: string) => {
      const input = { params: { cluster: cluster.id, fingerprint }, query: { asOf }, body: undefined };
      const panel = findingRoutes.getFinding.response.parse(await handlers.getFinding(input, asking(NOW)));
      const row = (await listAt('control:privileged-container name:p-1', asOf))[0];
      expect(row?.assignee).toBe(panel.assignee);
      const assigned = await listAt('assignee:ann', asOf);
      return [panel.assignee, panel.acknowledged, panel.deferredUntil, assigned.length];
    };

    expect(await standingAt('2026-11-25T00:00:00Z')).toEqual([null, false, null, 0]);
    expect(await standingAt('2026-11-25T09:00:00Z')).toEqual(['ann', true, null, 1]);
    expect(await standingAt('2026-11-25T18:00:00Z')).toEqual(['ann', true, until, 1]);
    expect(await standingAt()).toEqual([null, true, null, 0]);

    const decidedOf = async (name: string, asOf?: string) => {
      const params = { cluster: cluster.id, kind: 'Pod', namespace: 'shop', name };
      const input = { params, query: { asOf }, body: undefined };
      const answer = await inventoryHandlers(hub.store).getResource(input, asking(NOW));
      const { decisions } = inventoryRoutes.getResource.response.parse(answer);
      return decisions.filter(({ what }) => what === 'triage').map(({ at }) => at.slice(8, 13));
    };
    expect(await decidedOf('p-1')).toEqual(['26T06', '25T12', '25T06', '25T06']);
    expect(await decidedOf('p-1', '2026-11-25T09:00:00Z')).toEqual(['25T06', '25T06']);
    expect(await decidedOf('p-2')).toEqual([]);
  });

  it('leaves out of the history of an object what changed later', async () => {
    const params = { cluster: 1, kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
    const historyAt = async (asOf?: string) => {
      const input = { params, query: { asOf }, body: undefined };
      const answer = await inventoryHandlers(hub.store).getResource(input, asking(NOW));
      return inventoryRoutes.getResource.response.parse(answer).history.map(({ at }) => at.slice(0, 10));
    };

    expect(await historyAt()).toEqual(['2026-11-25', '2026-11-24', '2026-11-23']);
    expect(await historyAt('2026-11-24T18:00:00Z')).toEqual(['2026-11-24', '2026-11-23']);
  });
});
