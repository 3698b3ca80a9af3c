import { readFileSync } from 'node:fs';
import { findingRoutes, inventoryRoutes, queueRoutes, selectionRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS, namespaceOf } from '@bulwark/core';
import { listFindings, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { inventoryHandlers } from './inventory.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
import { selectionHandlers } from './selections.ts';
import { TestHub } from './test-cluster.ts';

const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const PAY: Partial<Caller> = { limits: { clusters: 'all', namespaces: ['pay'] } };
const CHOSEN = { namespace: 'shop' };

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(YAML);
  hub.now = ONE;
  await prod.show(YAML.replaceAll(/(web|agent):1/g, '$1:2'));
}, 120_000);

afterAll(() => hub?.stop());

const NOTHING = { params: undefined, body: undefined };
const findings = () =>
  findingHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });

async function inShop(): Promise<number> {
  const query = queryOf('namespace:shop', FINDING_FIELDS);
  return (await listFindings(hub.store, ALL, { query, limit: 500, now: ONE })).items.length;
}

/** Where each item of a list lies. */
const LISTS = {
  findings: async (who: Partial<Caller>) => {
    const query = findingRoutes.listFindings.query.parse(CHOSEN);
    const { items } = await findings().listFindings({ ...NOTHING, query }, asking(ONE, who));
    return items.map(({ resource }) => namespaceOf(resource));
  },
  workloads: async (who: Partial<Caller>) => {
    const query = inventoryRoutes.listWorkloads.query.parse(CHOSEN);
    const { items } = await inventoryHandlers(hub.store).listWorkloads(
      { ...NOTHING, query },
      asking(ONE, who),
    );
    return items.map(({ resource }) => namespaceOf(resource));
  },
  resources: async (who: Partial<Caller>) => {
    const query = inventoryRoutes.listResources.query.parse(CHOSEN);
    const { items } = await inventoryHandlers(hub.store).listResources(
      { ...NOTHING, query },
      asking(ONE, who),
    );
    return items.map(({ resource }) => namespaceOf(resource));
  },
  changes: async (who: Partial<Caller>) => {
    const query = inventoryRoutes.listChanges.query.parse(CHOSEN);
    const { items } = await inventoryHandlers(hub.store).listChanges({ ...NOTHING, query }, asking(ONE, who));
    return items.map(({ resource }) => namespaceOf(resource));
  },
} as const;

describe.each(Object.entries(LISTS))('the list of %s in one namespace', (_name, list) => {
  it('has what lies there, and nothing else', async () => {
    const found = await list({});

    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['shop']));
  });

  it('has nothing for who may not see that namespace', async () => {
    expect(await list(PAY)).toEqual([]);
  });
});

describe('one namespace', () => {
  it('is all that is decided about where it was chosen', async () => {
    const { previewSelection } = selectionHandlers({
      store: hub.store,
      controls: new Map(),
      approvalFrom: undefined,
    });
    const body = selectionRoutes.previewSelection.body.parse(CHOSEN);
    const { matches } = await previewSelection({ params: undefined, query: undefined, body }, asking(ONE));

    expect(matches).toBe(await inShop());
  });

  it('is what the queue counts and ranks, with what its workloads reach beyond it', async () => {
    const queue = async (asked: { readonly namespace?: string }) => {
      const query = queueRoutes.getQueue.query.parse(asked);
      return findings().getQueue({ ...NOTHING, query }, asking(ONE));
    };
    const [all, shop] = [await queue({}), await queue(CHOSEN)];

    expect(shop.open).toBe(await inShop());
    expect(shop.open).toBeLessThan(all.open);
    expect(shop.items.reduce((sum, item) => sum + item.findings, 0)).toBeLessThanOrEqual(shop.open);
    expect(shop.items.every(({ riskiest }) => (riskiest?.resource.namespace ?? 'shop') === 'shop')).toBe(
      true,
    );
  });
});
