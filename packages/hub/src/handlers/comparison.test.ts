import { comparisonRoutes, findingRoutes } from '@bulwark/api';
import { CHANGE_FIELDS } from '@bulwark/core';
import { triage } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { asking } from './callers.testing.ts';
import { comparisonHandlers } from './comparison.ts';
import { findingHandlers } from './findings.ts';
import { inventoryHandlers } from './inventory.ts';
import { handlerSettings, type TestCluster, TestHub } from './test-cluster.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const at = (minutes: number): Date => new Date(START + minutes * 60_000);
const END = at(60);

const deployment = (name: string, image: string, more = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${more} containers: [{ name: app, image: '${image}' }] }
`;

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(at(0));
  prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show([deployment('web', 'x/web:1'), deployment('old', 'x/old:1')].join('---'));
  hub.now = at(10);
  await prod.show(deployment('web', 'x/web:2', 'hostPID: true,'));
  hub.now = at(20);
  await prod.show([deployment('web', 'x/web:3', 'hostPID: true,'), deployment('new', 'x/new:1')].join('---'));
  hub.now = at(30);
  await prod.show(deployment('brief', 'x/brief:1'));
  await prod.remove('apps/Deployment', 'shop', 'old');
  hub.now = at(40);
  await prod.remove('apps/Deployment', 'shop', 'brief');
  await prod.show(deployment('web', 'x/web:3'));
});

afterAll(() => hub?.stop());

function handlers() {
  return comparisonHandlers(handlerSettings(hub));
}

const NOTHING = { params: undefined, body: undefined };

async function objects(from: number, to: number, more: { q?: string } = {}, who: Partial<Caller> = {}) {
  const query = { from: at(from).toISOString(), to: at(to).toISOString(), limit: 100, ...more };
  const answer = await handlers().compareObjects({ ...NOTHING, query }, asking(END, who));
  return comparisonRoutes.compareObjects.response.parse(answer);
}

async function findings(from: number, to: number, q: string) {
  const query = { from: at(from).toISOString(), to: at(to).toISOString(), limit: 100, q };
  const answer = await handlers().compareFindings({ ...NOTHING, query }, asking(END));
  return comparisonRoutes.compareFindings.response.parse(answer);
}

async function moves(from: number, to: number, q: string) {
  const { items } = await findings(from, to, q);
  return items.map(({ resource, move, why }) => `${resource.name} ${move}: ${why}`);
}

describe('between two moments', () => {
  it.each([
    ['that came', [5, 35], 'came', { state: 'open', resolvedAt: null }],
    ['that went', [15, 50], 'went', { state: 'resolved', resolvedAt: at(40).toISOString() }],
  ] as const)('a finding %s is shown as it was at the later one', async (_what, [from, to], move, shown) => {
    const [item] = (await findings(from, to, 'control:host-pid')).items;
    const { getFinding } = findingHandlers(handlerSettings(hub));
    const params = { cluster: item?.cluster.id ?? 0, fingerprint: item?.fingerprint ?? '' };
    const atMoment = async (minutes: number) => {
      const query = { asOf: at(minutes).toISOString() };
      return findingRoutes.getFinding.response.parse(
        await getFinding({ params, query, body: undefined }, asking(END)),
      );
    };

    expect(item?.move).toBe(move);
    expect(await atMoment(to)).toMatchObject({ fingerprint: params.fingerprint, ...shown });
    await expect(atMoment(5)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('objects are created, changed and deleted, with the fields that are not the same', async () => {
    const { items } = await objects(5, 35);

    expect(
      items.map(({ resource, verb, changes, fields }) => [resource.name, verb, changes, fields]),
    ).toEqual([
      ['brief', 'created', 1, []],
      ['new', 'created', 1, []],
      ['old', 'deleted', 1, []],
      [
        'web',
        'changed',
        2,
        [
          { path: 'spec.template.spec.containers[app].image', before: 'x/web:1', after: 'x/web:3' },
          { path: 'spec.template.spec.hostPID', before: null, after: 'true' },
        ],
      ],
    ]);
  });

  it.each(CHANGE_FIELDS.map(({ name }) => name))('can be asked for the field %s of changes', async (name) => {
    const values: Readonly<Record<string, string>> = { verb: 'changed', at: '>2020', age: '>1d' };

    await expect(objects(5, 35, { q: `${name}:${values[name] ?? '*'}` })).resolves.toBeDefined();
  });

  it('what came and went, or was put back, is no difference', async () => {
    const { items } = await objects(25, 50);
    const image = (await objects(15, 50)).items.find(({ resource }) => resource.name === 'web');

    expect(items.map(({ resource, verb }) => `${resource.name} ${verb}`)).toEqual([
      'old deleted',
      'web changed',
    ]);
    expect(image?.fields.map(({ path }) => path)).toEqual([
      'spec.template.spec.hostPID',
      'spec.template.spec.containers[app].image',
    ]);
  });

  it('only what the query finds and the caller may see is told', async () => {
    const limits = { clusters: 'all' as const, namespaces: ['elsewhere'] };

    expect((await objects(5, 35, { q: 'verb:deleted' })).items.map(({ resource }) => resource.name)).toEqual([
      'old',
    ]);
    expect((await objects(5, 35, {}, { limits })).items).toEqual([]);
  });

  it('findings come and go', async () => {
    const q = 'control:host-pid';

    expect(await moves(5, 35, q)).toEqual(['web came: new']);
    expect(await moves(35, 50, q)).toEqual(['web went: resolved']);
    expect(await moves(5, 50, q)).toEqual([]);
    expect(await moves(12, 35, q)).toEqual([]);
    expect((await moves(5, 50, 'name:old')).every((line) => line === 'old went: resolved')).toBe(true);
  });

  it('findings have what was decided about them as of the later moment', async () => {
    const q = 'control:host-pid';
    const [found] = (await findings(5, 35, q)).items;
    const keys = [{ cluster: prod.id, fingerprint: found?.fingerprint ?? '' }];
    const author = { author: 'ann' };
    await triage(hub.store, keys, { assignee: 'ann', deferredUntil: at(33), ...author, at: at(31) });
    await triage(hub.store, keys, { assignee: 'bob', deferredUntil: null, ...author, at: at(50) });
    const decided = async (to: number, more = '') =>
      (await findings(5, to, `${q}${more}`)).items.map(({ assignee, deferredUntil }) => [
        assignee,
        deferredUntil,
      ]);

    expect(await decided(30)).toEqual([[null, null]]);
    expect(await decided(32)).toEqual([['ann', at(33).toISOString()]]);
    expect(await decided(35)).toEqual([['ann', null]]);
    expect(await decided(35, ' assignee:ann')).toHaveLength(1);
    expect(await decided(35, ' assignee:bob')).toEqual([]);
  });

  it('it says since when the cluster is watched', async () => {
    expect((await objects(5, 35)).knownSince).toBe(at(0).toISOString());
    expect((await findings(5, 35, 'control:host-pid')).knownSince).toBe(at(0).toISOString());
  });

  it.each([
    { from: 30, to: 30 },
    { from: 30, to: 20 },
  ])('a second moment that is not after the first is refused: $from to $to', async ({ from, to }) => {
    await expect(objects(from, to)).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('one object between two moments', () => {
  it('has all fields that are not the same, and the changes that lie between', async () => {
    const params = { cluster: prod.id, kind: 'Deployment.apps', namespace: 'shop', name: 'web' };
    const query = { from: at(5).toISOString(), to: at(35).toISOString() };

    const answer = await handlers().compareObject({ params, body: undefined, query }, asking(END));

    const { fields, changes, before, after } = comparisonRoutes.compareObject.response.parse(answer);
    expect(fields).toHaveLength(2);
    expect(changes.map(({ at }) => at)).toEqual([at(20), at(10)].map((moment) => moment.toISOString()));
    expect([before, after].map((yaml) => yaml?.includes('x/web:3'))).toEqual([false, true]);
  });
});

describe('a change', () => {
  it('says which fields it changed, and which findings it opened and resolved', async () => {
    const inventory = inventoryHandlers(hub.store);
    const query = { q: 'name:web', limit: 100 };
    const { items } = await inventory.listChanges({ ...NOTHING, query }, asking(END));
    const effects = await Promise.all(
      items.map(async ({ id }) => {
        const asked = { params: { cluster: prod.id, id }, body: undefined, query: undefined };
        const { fields, findings } = await inventory.getChange(asked, asking(END));
        const found = findings.filter(({ control }) => control === 'host-pid');
        return [fields.map(({ path }) => path.replace(/.*\./, '')), found.map(({ verb }) => verb)];
      }),
    );

    expect(effects).toEqual([
      [['hostPID'], ['resolved']],
      [['image'], []],
      [['image', 'hostPID'], ['opened']],
    ]);
  });
});
