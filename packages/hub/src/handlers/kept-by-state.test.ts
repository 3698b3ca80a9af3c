import { scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeptByState } from './kept-by-state.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SHOP = scopeOf({ clusters: 'all', namespaces: ['shop'] });
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const TWO = new Date('2026-11-26T14:00:00Z');

const secret = (name: string): string => `
apiVersion: v1
kind: Secret
metadata: { name: ${name}, namespace: shop }
`;
const account = (name: string): string => secret(name).replace('Secret', 'ServiceAccount');

describe('what is worked out from objects', () => {
  let hub: TestHub;
  let prod: TestCluster;
  let test: TestCluster;

  beforeAll(async () => {
    hub = await TestHub.start(NOON);
    prod = await hub.cluster('prod', { Secret: 'live', ServiceAccount: 'live' });
    test = await hub.cluster('test', { Secret: 'live', ServiceAccount: 'live' });
    await prod.show(secret('first'));
    await test.show(secret('first'));
  }, 60_000);

  afterAll(() => hub?.stop());

  /** Numbers in the order in which they are worked out. */
  function numbered() {
    let count = 0;
    const kept = new KeptByState({ kinds: ['Secret'], withWorkloads: false }, async () => ++count);
    return async (asOf?: Date, scope = ALL) => {
      const found = await kept.of(hub.store, scope, { clusters: [prod.id, test.id], asOf });
      return [found.get(prod.id), found.get(test.id)];
    };
  }

  it('is kept for each cluster until one of them changes there', async () => {
    const ask = numbered();
    expect(await ask()).toEqual([1, 2]);
    await prod.show([secret('first'), account('web')].join('---'));
    expect(await ask()).toEqual([1, 2]);
    await prod.show([secret('first'), account('web'), secret('second')].join('---'));

    expect(await ask()).toEqual([3, 2]);
    expect(await ask()).toEqual([3, 2]);
  });

  it('is kept of the moment that was asked for last, until anything changes in its cluster', async () => {
    const ask = numbered();
    expect([await ask(NOON), await ask(NOON)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect([await ask(ONE), await ask(NOON), await ask(NOON)]).toEqual([
      [3, 4],
      [5, 6],
      [5, 6],
    ]);
    hub.now = TWO;
    await test.show([secret('first'), account('web')].join('---'));

    expect(await ask(NOON)).toEqual([5, 7]);
  });

  it('is not mixed up between the present and the past', async () => {
    const ask = numbered();

    expect([await ask(), await ask(NOON), await ask(), await ask(NOON)]).toEqual([
      [1, 2],
      [3, 4],
      [1, 2],
      [3, 4],
    ]);
  });

  it('is worked out anew for whoever is limited', async () => {
    const ask = numbered();

    expect([await ask(NOON, SHOP), await ask(NOON, SHOP), await ask(undefined, SHOP)]).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });
});
