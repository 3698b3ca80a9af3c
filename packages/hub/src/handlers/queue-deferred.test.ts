import { findingRoutes, LONGEST_QUERY } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS } from '@bulwark/core';
import { listFindings, scopeOf, triage } from '@bulwark/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
import { TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const after = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);

const pod = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop }
spec: { hostPID: true, hostIPC: true, containers: [{ name: app, image: 'example.com/${name}:1' }] }
`;

const TWIN = `
apiVersion: v1
kind: Pod
metadata: { name: twin, namespace: shop }
spec:
  containers:
    - { name: a, image: 'example.com/a:1', securityContext: { privileged: true } }
    - { name: b, image: 'example.com/b:1', securityContext: { privileged: true } }
`;

let hub: TestHub;
let handlers: ReturnType<typeof findingHandlers>;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show([...['web', 'api', 'till'].map(pod), TWIN].join('---'));
  handlers = findingHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });
}, 60_000);

afterAll(() => hub?.stop());

beforeEach(() => defer('severity:>=info', null));

async function defer(q: string, deferredUntil: Date | null, at = NOON): Promise<void> {
  const { items } = await listFindings(hub.store, scopeOf({ clusters: 'all', namespaces: 'all' }), {
    query: queryOf(q, FINDING_FIELDS),
    now: NOON,
    limit: 1000,
  });
  const keys = items.map(({ clusterId: cluster, fingerprint }) => ({ cluster, fingerprint }));
  await triage(hub.store, keys, { deferredUntil, author: 'ann', at });
}

async function queueAt(now: Date, query: { readonly q?: string; readonly asOf?: string } = {}) {
  const request = { params: undefined, query: { limit: 100, ...query }, body: undefined };
  const { items, deferred, open } = await handlers.getQueue(request, asking(now));
  return { item: items.find(({ control }) => control === 'host-pid'), items, deferred, open };
}

async function found(q: string, now: Date) {
  const query = findingRoutes.listFindings.query.parse({ q });
  return (await handlers.listFindings({ params: undefined, query, body: undefined }, asking(now))).items;
}

function only<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`there are ${items.length}`);
  return item;
}

describe('a deferred finding', () => {
  it('is not counted in its row of the queue, which says how many are left out and which', async () => {
    const before = await queueAt(NOON);
    await defer('control:host-pid -name:web', after(60));
    const { item, deferred, open } = await queueAt(NOON);

    expect([before.item?.findings, before.deferred]).toEqual([3, null]);
    expect([item?.findings, item?.objects, open]).toEqual([1, 1, before.open]);
    expect(item?.points).toBeLessThan(before.item?.points ?? 0);
    expect(deferred).toEqual({
      findings: 2,
      query: 'deferred-until:>now',
      next: after(60).toISOString(),
    });
    expect((await found(deferred?.query ?? '', NOON)).map(({ resource }) => resource.name).sort()).toEqual([
      'api',
      'till',
    ]);
    expect((await found(item?.query ?? '', NOON)).map(({ resource }) => resource.name)).toEqual(['web']);
  });

  it('takes the row with it where all of the row are deferred, and stays open', async () => {
    const { open } = await queueAt(NOON);
    await defer('control:host-pid', after(60));
    const now = await queueAt(NOON);

    expect([now.item, now.open, now.deferred?.findings]).toEqual([undefined, open, 3]);
    expect((await found('control:host-pid state:open', NOON)).map(({ state }) => state)).toEqual(
      Array(3).fill('open'),
    );
  });

  it('comes back at its moment, one after the other, though nothing changed and answers are kept', async () => {
    await defer('control:host-pid name:web', after(10));
    await defer('control:host-pid name:api', after(10.5));
    const counts = [];
    for (const minutes of [0, 9.99, 10, 10.49, 10.5, 11]) {
      const { item, deferred } = await queueAt(after(minutes));
      counts.push([item?.findings, deferred?.findings ?? 0]);
    }

    expect(counts).toEqual([
      [1, 2],
      [1, 2],
      [2, 1],
      [2, 1],
      [3, 0],
      [3, 0],
    ]);
  });

  it('is in the queue of who asks for deferrals', async () => {
    await defer('control:host-pid', after(60));

    for (const q of ['deferred-until:>now', 'control:host-pid deferred-until:<now+1d']) {
      const { item, deferred } = await queueAt(NOON, { q });
      expect([item?.findings, deferred]).toEqual([3, null]);
    }
  });

  it('counts among those left out where the query finds it alone', async () => {
    await defer('control:host-pid', after(60));

    expect((await queueAt(NOON, { q: 'control:host-ipc' })).deferred).toBeNull();
    expect((await queueAt(NOON, { q: 'name:web' })).deferred).toMatchObject({
      findings: 1,
      query: 'name:web deferred-until:>now',
    });
  });

  it('is counted and has no query where that would be longer than what is taken', async () => {
    await defer('control:host-pid', after(60));
    const q = `-name:${'x'.repeat(LONGEST_QUERY - '-name:'.length)}`;

    expect((await queueAt(NOON, { q })).deferred).toMatchObject({ findings: 3, query: null });
  });

  it('is left out as of a moment at which it was deferred, whatever was decided later', async () => {
    await defer('control:host-pid -name:web', after(20), after(2));
    await defer('control:host-pid', null, after(10));
    const asOf = async (minutes: number) => {
      const { item, deferred } = await queueAt(after(30), { asOf: after(minutes).toISOString() });
      return [item?.findings, deferred];
    };

    expect(await asOf(1)).toEqual([3, null]);
    expect(await asOf(5)).toEqual([
      1,
      { findings: 2, query: 'deferred-until:>now', next: after(20).toISOString() },
    ]);
    expect(await asOf(15)).toEqual([3, null]);
  });

  it('is no example of its row', async () => {
    const example = async () => {
      const { items } = await queueAt(NOON, { q: 'name:twin' });
      return items.find(({ control }) => control === 'privileged-container')?.reason;
    };
    expect(await example()).toBe('Container a of Pod/twin is privileged.');
    await defer('control:privileged-container container:a', after(60));

    expect(await example()).toBe('Container b of Pod/twin is privileged.');
  });

  it('says until when, and nothing of it once the moment has come', async () => {
    await defer('control:host-pid', after(60));
    const until = async (now: Date) => {
      const items = await found('control:host-pid name:web', now);
      const { cluster, fingerprint } = only(items);
      const one = await handlers.getFinding(
        { params: { cluster: cluster.id, fingerprint }, query: {}, body: undefined },
        asking(now),
      );
      const told = one.timeline.find(({ text }) => text === 'deferred')?.until;
      return [items[0]?.deferredUntil, one.deferredUntil, told];
    };
    const moment = after(60).toISOString();

    expect(await until(after(59))).toEqual([moment, moment, moment]);
    expect(await until(after(60))).toEqual([null, null, moment]);
  });

  it.each([
    ['has come', 0],
    ['is long over', -60 * 24 * 365],
  ])('is refused where its moment %s, and nothing is decided then', async (_what, minutes) => {
    const { cluster, fingerprint } = only(await found('control:host-pid name:web', NOON));
    const findings = [{ cluster: cluster.id, fingerprint }];
    const body = {
      findings,
      assignee: null,
      acknowledged: true,
      deferredUntil: after(minutes).toISOString(),
    };

    await expect(
      handlers.triageFindings({ params: undefined, query: undefined, body }, asking(NOON)),
    ).rejects.toMatchObject({
      code: 'bad-request',
      details: { errors: [{ path: 'deferredUntil', message: `${after(minutes).toISOString()} is over` }] },
    });
    expect((await found('control:host-pid name:web', NOON))[0]?.acknowledged).toBe(false);
  });
});
