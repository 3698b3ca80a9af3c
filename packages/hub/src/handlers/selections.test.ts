import { readFileSync } from 'node:fs';
import { selectionRoutes } from '@bulwark/api';
import { FINDING_FIELDS } from '@bulwark/core';
import {
  commentsOf,
  createUser,
  findingKeys,
  listExceptions,
  listFindings,
  scopeOf,
  triageEvents,
} from '@bulwark/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { decisionSettings } from '../cluster/decision-settings.ts';
import { asking } from './callers.testing.ts';
import { queryOf } from './list-request.ts';
import { selectionHandlers } from './selections.ts';
import { CONFIGURED, type TestCluster, TestHub } from './test-cluster.ts';

const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SHOP: Partial<Caller> = { limits: { clusters: 'all', namespaces: ['shop'] } };
const NEW_POD = `
apiVersion: v1
kind: Pod
metadata: { name: late, namespace: pay }
spec: { hostPID: true, containers: [{ name: app, image: 'example.com/late:1' }] }
`;

let hub: TestHub;
let prod: TestCluster;
let twin: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live' });
  twin = await hub.cluster('twin', { Pod: 'live' });
  await prod.show(YAML);
  await twin.show(YAML);
});

beforeEach(async () => {
  await hub.store.pool.query('truncate exception, triage, triage_event, comment');
});

afterAll(() => hub?.stop());

function handlers(approvalFrom?: 'critical' | 'high') {
  return selectionHandlers({ store: hub.store, controls: new Map(), approvalFrom });
}

const NOTHING = { params: undefined, query: undefined };

interface Selected {
  readonly q?: string;
  readonly cluster?: number;
  readonly namespace?: string;
}

async function preview(body: Selected, who: Partial<Caller> = {}) {
  const answer = await handlers('high').previewSelection({ ...NOTHING, body }, asking(NOON, who));
  return selectionRoutes.previewSelection.response.parse(answer);
}

async function found(q: string): Promise<number> {
  const query = queryOf(q, FINDING_FIELDS);
  return (await listFindings(hub.store, ALL, { query, limit: 500, now: NOON })).items.length;
}

describe('a selection of findings', () => {
  it('is everything that a query finds, not the first page of it', async () => {
    const { matches, counts } = await preview({});
    const few = await findingKeys(hub.store, ALL, { query: queryOf('', FINDING_FIELDS), now: NOON, most: 2 });

    expect(matches).toBe(await found('state:open'));
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(matches);
    expect(few).toHaveLength(3);
  });

  it('is only of what the caller may see', async () => {
    const { matches } = await preview({}, SHOP);

    expect(matches).toBe(await found('namespace:shop'));
    expect(matches).toBeLessThan((await preview({})).matches);
  });

  it('knows which controls a framework asks for', async () => {
    const all = (await preview({})).matches;
    const { matches } = await preview({ q: 'framework:pss-*' });

    expect(matches).toBeGreaterThan(0);
    expect(matches).toBeLessThan(all);
    expect((await preview({ q: '-framework:pss-*' })).matches).toBe(all - matches);
  });

  it('says whether accepting it needs a second person', async () => {
    expect((await preview({ q: 'severity:>=high' })).needsApproval).toBe(true);
    expect((await preview({ q: 'severity:<high' })).needsApproval).toBe(false);
  });

  it('is triaged as a whole', async () => {
    const q = 'namespace:pay severity:>=medium';
    const { matches, digest } = await preview({ q });
    const body = { q, matches, digest, assignee: 'bob' };
    await expect(handlers().triageSelection({ ...NOTHING, body }, asking(NOON))).rejects.toMatchObject({
      code: 'bad-request',
      details: { detail: 'Nobody of the name "bob" can sign in.' },
    });
    await createUser(hub.store, {
      name: 'bob',
      role: 'editor',
      limits: asking(NOON).caller.limits,
      createdAt: NOON,
    });

    const { changed } = await handlers().triageSelection({ ...NOTHING, body }, asking(NOON));

    expect([changed, await found('assignee:bob')]).toEqual([matches, matches]);
  });

  it('is commented as a whole, which is no triage', async () => {
    const q = 'namespace:pay kind:DaemonSet';
    const { matches, digest } = await preview({ q });
    const body = { q, matches, digest, comment: 'It is the agent.' };

    const { changed } = await handlers().triageSelection({ ...NOTHING, body }, asking(NOON));

    const query = queryOf(q, FINDING_FIELDS);
    const { items } = await listFindings(hub.store, ALL, { query, limit: 500, now: NOON });
    const said = await Promise.all(
      items.map(async ({ clusterId: cluster, fingerprint }) => {
        const key = { cluster, fingerprint };
        return [await commentsOf(hub.store, key), await triageEvents(hub.store, key)];
      }),
    );
    expect([changed, items.length]).toEqual([matches, matches]);
    for (const [comments, events] of said) {
      expect(comments).toMatchObject([{ author: 'ann', text: 'It is the agent.', at: NOON }]);
      expect(events).toEqual([]);
    }
  });

  it('is refused when other findings fit than those that the preview told of', async () => {
    const q = 'namespace:pay';
    const before = await preview({ q });
    await prod.show(NEW_POD);
    const body = { q, matches: before.matches, digest: before.digest, acknowledged: true };

    const refused = handlers().triageSelection({ ...NOTHING, body }, asking(NOON));

    await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    expect(await found('acknowledged:yes')).toBe(0);
    await prod.remove('Pod', 'pay', 'late');
    const swapped = { ...body, digest: before.digest.replace(/^./, 'x') };
    await expect(
      handlers().triageSelection({ ...NOTHING, body: swapped }, asking(NOON)),
    ).rejects.toMatchObject({
      code: 'conflict',
      details: { detail: expect.stringContaining('other findings') },
    });
  });

  it('is accepted by an exception for each cluster, which says the query and covers nothing else', async () => {
    const q = 'namespace:pay kind:DaemonSet';
    const { matches, digest } = await preview({ q });
    const body = { q, matches, digest, reason: 'It is the agent.', until: '2026-12-31' };

    const answer = await handlers('critical').exceptSelection({ ...NOTHING, body }, asking(NOON));

    const { items } = selectionRoutes.exceptSelection.response.parse(answer);
    expect(items.map(({ query, scope }) => [query, scope['clusters']])).toEqual([
      [q, [prod.id]],
      [q, [twin.id]],
    ]);
    expect(items.reduce((sum, { covers }) => sum + covers, 0)).toBe(matches);
  });

  it('is accepted in all clusters or in none, so that it can be asked for again', async () => {
    const { matches, digest } = await preview({});
    const body = { matches, digest, reason: 'a trial' };
    const ask = () => handlers().exceptSelection({ ...NOTHING, body }, asking(NOON));
    // The database takes what is of the first cluster, and not what is of the second.
    await hub.store.pool.query(
      `alter table exception add constraint faulty check (not scope @> '{"clusters": [${twin.id}]}') not valid`,
    );
    try {
      await expect(ask()).rejects.toThrow('faulty');
    } finally {
      await hub.store.pool.query('alter table exception drop constraint faulty');
    }
    expect(await listExceptions(hub.store)).toEqual([]);

    await ask();

    const records = await listExceptions(hub.store);
    expect(new Set(records.flatMap(({ scope }) => scope['clusters']))).toEqual(new Set([prod.id, twin.id]));
  });

  it('is accepted in the clusters that it is of, and in no other', async () => {
    const { matches, digest } = await preview({ cluster: prod.id });
    const body = { cluster: prod.id, matches, digest, reason: 'a trial' };
    await handlers().exceptSelection({ ...NOTHING, body }, asking(NOON));
    const settings = (cluster: number) => decisionSettings(hub.store, cluster, CONFIGURED, []);

    expect((await settings(prod.id)).exceptions).toHaveLength(1);
    expect((await settings(twin.id)).exceptions).toEqual([]);
  });

  it.each<[what: string, asked: () => Selected, who: Partial<Caller>, query: string]>([
    ['a namespace that was chosen', () => ({ namespace: 'shop' }), {}, 'namespace:shop'],
    ['a cluster that was chosen', () => ({ cluster: prod.id }), {}, 'cluster:prod'],
    [
      'both, where the query has an alternative',
      () => ({ q: 'kind:DaemonSet OR severity:<high', cluster: twin.id, namespace: 'pay' }),
      {},
      '(kind:DaemonSet OR severity:<high) cluster:twin namespace:pay',
    ],
    ['the limits of whoever asked', () => ({ q: 'severity:<high' }), SHOP, 'severity:<high namespace:shop'],
    ['what the query says already', () => ({ q: 'ns:shop', namespace: 'shop' }), {}, 'namespace:shop'],
  ])('is remembered with %s', async (_what, asked, who, query) => {
    const { matches, digest } = await preview(asked(), who);
    const body = { ...asked(), matches, digest, reason: 'known' };

    const answer = await handlers().exceptSelection({ ...NOTHING, body }, asking(NOON, who));

    const { items } = selectionRoutes.exceptSelection.response.parse(answer);
    expect(new Set(items.map((item) => item.query))).toEqual(new Set([query]));
    expect(await found(query)).toBe(matches);
  });

  it('of somebody with limits is an exception within them, which they can end', async () => {
    const { matches, digest } = await preview({}, SHOP);
    const body = { matches, digest, reason: 'known' };

    await handlers().exceptSelection({ ...NOTHING, body }, asking(NOON, SHOP));

    const records = await listExceptions(hub.store);
    expect(records.map(({ scope }) => scope['namespaces'])).toEqual([['shop'], ['shop']]);
  });

  it.each([
    { what: 'a last day in the past', body: { until: '2026-11-25' } },
    { what: 'nothing to accept', body: { q: 'name:nothing-is-called-so' } },
  ])('is not accepted with $what', async ({ body }) => {
    const { matches, digest } = await preview({ ...('q' in body && { q: body.q }) });
    const asked = { matches, digest, reason: 'because', ...body };

    await expect(handlers().exceptSelection({ ...NOTHING, body: asked }, asking(NOON))).rejects.toMatchObject(
      { code: 'bad-request' },
    );
  });

  it('says how many of what it finds can be accepted: what is resolved is over', async () => {
    await prod.show(NEW_POD);
    hub.now = new Date(NOON.getTime() + 60_000);
    await prod.remove('Pod', 'pay', 'late');
    const q = 'namespace:pay (kind:DaemonSet OR name:late) state:open,resolved';
    const { matches, acceptable, digest } = await preview({ q });
    const body = { q, matches, digest, reason: 'It is the agent.' };

    const { items } = await handlers().exceptSelection({ ...NOTHING, body }, asking(NOON));

    expect(acceptable).toBe(await found('namespace:pay kind:DaemonSet'));
    expect(acceptable).toBeLessThan(matches);
    expect(items.reduce((sum, { covers }) => sum + covers, 0)).toBe(acceptable);
  });
});
