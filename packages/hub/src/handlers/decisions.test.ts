import { readFileSync } from 'node:fs';
import { decisionRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS } from '@bulwark/core';
import {
  countDecided,
  createException,
  createToken,
  listFindings,
  registerCluster,
  scopeOf,
} from '@bulwark/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { issueToken } from '../access/issue.ts';
import { decisionSettings } from '../cluster/decision-settings.ts';
import { asking } from './callers.testing.ts';
import { clusterHandlers } from './clusters.ts';
import { decisionHandlers } from './decisions.ts';
import type { ScopeInput } from './exception-scope.ts';
import { queryOf } from './list-request.ts';
import { CONFIGURED, type TestCluster, TestHub } from './test-cluster.ts';

/** With pods whose controller is not collected; one of them has ended. */
const YAML = `${readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8')}
---
apiVersion: v1
kind: Pod
metadata:
  name: pg-1
  namespace: shop
  labels: { app: pg }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, controller: true }]
spec: { containers: [{ name: a, image: "example.com/pg:1" }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: pg-0
  namespace: shop
  labels: { app: pg-init }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, controller: true }]
spec: { containers: [{ name: a, image: "example.com/init:1" }] }
status: { phase: Succeeded }
`;
const NOON = new Date('2026-11-26T12:00:00Z');
const NOTHING = { params: undefined, query: undefined };

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(YAML);
});

beforeEach(async () => {
  await hub.store.pool.query('truncate exception');
});

afterAll(() => hub?.stop());

function handlers() {
  const controls = new Map(CONTROLS.map((control) => [control.id, control]));
  return decisionHandlers({ store: hub.store, controls, approvalFrom: 'high' });
}

async function create(scope: ScopeInput, who: Partial<Caller> = {}) {
  const body = decisionRoutes.createException.body.parse({ scope, reason: 'because' });
  return handlers().createException({ ...NOTHING, body }, asking(NOON, who));
}

/** The number of a cluster that nobody watches. */
function unwatched(name: string): Promise<number> {
  const place = { uid: name, caHash: name, server: `https://${name}`, version: 'v1.34.0', isDemo: false };
  return registerCluster(hub.store, { ...place, name }, NOON);
}

async function shown(who: Partial<Caller>) {
  const query = decisionRoutes.listExceptions.query.parse({});
  const { items } = await handlers().listExceptions(
    { ...NOTHING, query, body: undefined },
    asking(NOON, who),
  );
  return items.map(({ source }) => source);
}

async function fingerprint(q: string): Promise<string> {
  const all = scopeOf({ clusters: 'all', namespaces: 'all' });
  const query = queryOf(q, FINDING_FIELDS);
  const { items } = await listFindings(hub.store, all, { query, limit: 1, now: NOON });
  return items[0]?.fingerprint ?? 'none';
}

describe('an exception', () => {
  it.each([
    ['a control that is high', { controls: ['host-pid'], namespaces: ['later'] }, 'requested'],
    ['every control', { namespaces: ['later'] }, 'requested'],
    ['a control that is medium', { controls: ['image-tag-latest'], namespaces: ['later'] }, 'active'],
    ['a finding that is not there', { clusters: [1], fingerprints: ['a'.repeat(32)] }, 'requested'],
    ['a finding of no cluster', { fingerprints: ['a'.repeat(32)] }, 'requested'],
  ])('that covers nothing yet, for %s, is judged by what it will hide', async (_what, scope, state) => {
    expect((await create(scope)).state).toBe(state);
  });

  it('for findings that are there is judged by these alone', async () => {
    const medium = await fingerprint('severity:medium state:open');
    const scope = { clusters: [prod.id], fingerprints: [medium] };

    expect(await create(scope)).toMatchObject({ covers: 1, state: 'active' });
  });

  it('for findings that are there, of no cluster in particular, is told to cover them', async () => {
    const scope = { fingerprints: [await fingerprint('severity:medium state:open')] };
    const body = decisionRoutes.previewException.body.parse({ scope, reason: 'because' });
    const { covers, advice } = await handlers().previewException({ ...NOTHING, body }, asking(NOON));

    expect([covers, advice]).toEqual([1, ['It has no end.']]);
  });

  it.each([
    ['labels that nothing has', { labels: { app: 'does-not-exist' } }, 0],
    ['labels', { labels: { app: 'web' } }, 'counted'],
    ['images that nothing runs', { images: ['example.com/none:*'] }, 0],
    ['images', { images: ['example.com/web:*'] }, 'counted'],
    ['labels of pods whose controller is not collected', { labels: { app: 'pg' } }, 'counted'],
    ['images of such pods', { images: ['example.com/pg:*'] }, 'counted'],
    ['a namespace', { namespaces: ['shop'] }, 'counted'],
    ['a Namespace itself', { namespaces: ['empty'] }, 'counted'],
    ['everything of a kind, written otherwise', { kinds: ['deployment'] }, 0],
    ['a kind of whichever API group', { kinds: ['Cluster'] }, 'counted'],
    ['a kind of an API group', { kinds: ['Cluster.postgresql.cnpg.io'] }, 'counted'],
    ['a kind of another API group', { kinds: ['Cluster.cluster.x-k8s.io'] }, 0],
    ['all kinds of an API group', { kinds: ['*.postgresql.cnpg.io'] }, 'counted'],
  ])('for %s is told to cover what it then covers', async (_what, scope, covers) => {
    const body = decisionRoutes.previewException.body.parse({ scope, reason: 'because' });
    const told = await handlers().previewException({ ...NOTHING, body }, asking(NOON));
    const made = await create(scope);
    await prod.decide(await decisionSettings(hub.store, prod.id, CONFIGURED, CONTROLS));
    await prod.flush();
    const counts = (await countDecided(hub.store, scopeOf({ clusters: 'all', namespaces: 'all' }))).get(
      made.id ?? 0,
    );
    const really = [...(counts?.accepted ?? []), ...(counts?.asked ?? [])].reduce((all, n) => all + n, 0);

    expect([told.covers, made.covers]).toEqual([really, really]);
    if (covers === 0) expect(really).toBe(0);
    else expect(really).toBeGreaterThan(0);
  });

  it('for a kind of an API group is found by that, and by the name of the kind', async () => {
    await create({ kinds: ['Cluster.postgresql.cnpg.io'] });
    const found = async (q: string) => {
      const query = decisionRoutes.listExceptions.query.parse({ q });
      return (await handlers().listExceptions({ ...NOTHING, query, body: undefined }, asking(NOON))).items
        .length;
    };

    expect(await found('kind:Cluster')).toBe(1);
    expect(await found('kind:cluster.postgresql.cnpg.io')).toBe(1);
    expect(await found('kind:Cluster.cluster.x-k8s.io')).toBe(0);
  });

  it.each(['*', 'host-*', 'host-pidd'])('for %s, which is no control, is refused', async (control) => {
    await expect(create({ controls: [control] })).rejects.toMatchObject({
      code: 'bad-request',
      details: { errors: [{ path: 'scope.controls.0', message: `there is no control ${control}` }] },
    });
  });

  it('for a cluster that is not there is refused', async () => {
    const refusal = { path: 'scope.clusters.1', message: 'there is no cluster 77' };

    await expect(create({ clusters: [prod.id, 77], namespaces: ['shop'] })).rejects.toMatchObject({
      code: 'bad-request',
      details: { errors: [refusal] },
    });
  });

  it('says by name for which clusters it is, of those that somebody may see, and is found by them', async () => {
    const west = await unwatched('west');
    await create({ clusters: [west, prod.id], namespaces: ['shop'] });
    await create({ namespaces: ['shop'] });
    const asked = async (q?: string, who: Partial<Caller> = {}) => {
      const query = decisionRoutes.listExceptions.query.parse({ q });
      const request = { ...NOTHING, query, body: undefined };
      const { items } = await handlers().listExceptions(request, asking(NOON, who));
      return items.map(({ clusters }) => clusters?.map(({ name }) => name) ?? null);
    };
    const limits = { clusters: [prod.id], namespaces: 'all' } as const;

    expect(await asked()).toEqual([null, ['prod', 'west']]);
    expect(await asked('cluster:west')).toEqual([['prod', 'west']]);
    expect(await asked('cluster:none')).toEqual([null]);
    expect(await asked('cluster:prod', { limits })).toEqual([['prod']]);
    expect(await asked('cluster:west', { limits })).toEqual([]);
  });

  it('goes with the cluster that is removed, and waits for nobody', async () => {
    const gone = await unwatched('gone');
    const { source } = await create({ clusters: [gone], namespaces: ['shop'] });
    const both = await create({ clusters: [gone, prod.id], namespaces: ['shop'] });
    expect(await shown({})).toEqual([both.source, source]);
    await clusterHandlers(hub.store).deleteCluster(
      { ...NOTHING, params: { id: gone }, body: undefined },
      asking(NOON),
    );

    expect(await shown({})).toEqual([both.source]);
    const params = { id: both.id ?? 0 };
    const left = await handlers().getException({ ...NOTHING, params, body: undefined }, asking(NOON));
    expect([left.scope, left.clusters]).toEqual([
      { clusters: [prod.id], namespaces: ['shop'] },
      [{ id: prod.id, name: 'prod' }],
    ]);
  });

  it('that was made before approval was asked for hides nothing bad until a second person approves it', async () => {
    const scope = { namespaces: ['later'] };
    const old = { scope, reason: 'because', owner: null, until: null, state: 'active', query: null } as const;
    const { id } = await createException(hub.store, { ...old, createdBy: 'ann', createdAt: NOON });
    const asked = async () => {
      const { exceptions } = await decisionSettings(hub.store, prod.id, CONFIGURED, CONTROLS);
      return exceptions.map(({ requestFrom }) => requestFrom);
    };
    const approve = (user: string) =>
      handlers().approveException({ ...NOTHING, params: { id }, body: undefined }, asking(NOON, { user }));

    expect(await asked()).toEqual(['high']);
    await expect(approve('ann')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await approve('bob')).toMatchObject({ state: 'active', approvedBy: 'bob' });
    expect(await asked()).toEqual([undefined]);
    await expect(approve('eve')).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    ['the same person', { user: 'ann' }, { user: 'ann' }, false],
    ['a token that she made', { user: 'ann' }, { user: 'token hers', person: 'ann' }, false],
    ['the person whose token asked', { user: 'token hers', person: 'ann' }, { user: 'ann' }, false],
    [
      'another token of hers',
      { user: 'token hers', person: 'ann' },
      { user: 'token x', person: 'ann' },
      false,
    ],
    ['a second person', { user: 'ann' }, { user: 'ben' }, true],
    ['a token of a second person', { user: 'ann' }, { user: 'token his', person: 'ben' }, true],
  ])(
    'that has to be approved is not by %s, unless that is somebody else',
    async (_who, asker, other, may) => {
      const limits = { clusters: 'all', namespaces: 'all' } as const;
      const token = { name: 'hers', role: 'editor', owner: 'ann', limits, createdAt: NOON, expires: NOON };
      await hub.store.pool.query('truncate token');
      await createToken(hub.store, { ...token, hash: Buffer.from('hers') });
      const { id } = await create({ controls: ['host-pid'] }, asker);
      const params = { id: id ?? 0 };

      const approving = handlers().approveException(
        { ...NOTHING, params, body: undefined },
        asking(NOON, other),
      );

      if (may) expect(await approving).toMatchObject({ state: 'active', approvedBy: other.user });
      else await expect(approving).rejects.toMatchObject({ code: 'not-allowed' });
    },
  );

  it('is shown to whoever sees something that it can cover, and to nobody else', async () => {
    const pay = (await create({ namespaces: ['pa*'] })).source;
    const twin = (await create({ clusters: [await unwatched('twin')], namespaces: ['shop'] })).source;
    const all = (await create({ controls: ['host-pid'] })).source;

    expect(await shown({})).toEqual([all, twin, pay]);
    expect(await shown({ limits: { clusters: 'all', namespaces: ['shop'] } })).toEqual([all, twin]);
    expect(await shown({ limits: { clusters: [prod.id], namespaces: ['pay'] } })).toEqual([all, pay]);
  });

  it('that goes beyond the limits of somebody says nothing about the rest', async () => {
    await create({ namespaces: ['sh*', 'pay'] });
    const fingerprints = [await fingerprint('namespace:pay state:open')];
    await create({ clusters: [prod.id], fingerprints });
    await create({ namespaces: ['shop'] });
    const list = async (namespaces: 'all' | string[], q?: string) => {
      const query = decisionRoutes.listExceptions.query.parse({ q });
      const who = asking(NOON, { limits: { clusters: 'all', namespaces } });
      return (await handlers().listExceptions({ ...NOTHING, query, body: undefined }, who)).items;
    };

    expect((await list(['shop'])).map(({ scope, reason }) => [scope, reason])).toEqual([
      [{ namespaces: ['shop'] }, 'because'],
      [{ namespaces: ['shop'] }, 'It covers more than you may see.'],
    ]);
    expect(await list(['shop'], 'because')).toHaveLength(1);
    expect((await list('all')).map(({ reason }) => reason)).toEqual(['because', 'because', 'because']);
  });

  it.each([
    ['within the limits of an editor', { namespaces: ['shop'] }, {}, null],
    ['beyond the limits of an editor', { namespaces: ['sh*', 'pay'] }, {}, /more than you may decide/],
    ['of a viewer', { namespaces: ['shop'] }, { role: 'viewer' }, /Your role/],
  ] as const)('%s says whether they may end it, as the hub then does', async (_what, scope, who, refusal) => {
    const { id } = await create({ ...scope, namespaces: [...scope.namespaces] });
    const shop = asking(NOON, { limits: { clusters: 'all', namespaces: ['shop'] }, ...who });
    const query = decisionRoutes.listExceptions.query.parse({});
    const [item] = (await handlers().listExceptions({ ...NOTHING, query, body: undefined }, shop)).items;
    const ended = handlers().revokeException({ ...NOTHING, params: { id: id ?? 0 }, body: undefined }, shop);

    if (refusal === null) {
      await ended;
      expect(item?.ending).toEqual({ refusal: null });
    } else {
      expect(item?.ending?.refusal).toMatch(refusal);
      await expect(ended).rejects.toMatchObject({
        code: 'not-allowed',
        details: { detail: item?.ending?.refusal },
      });
    }
  });

  it('that was ended is not to be ended again', async () => {
    const { id } = await create({ namespaces: ['shop'] });
    const params = { id: id ?? 0 };
    await handlers().revokeException({ ...NOTHING, params, body: undefined }, asking(NOON));

    const query = decisionRoutes.listExceptions.query.parse({});
    const { items } = await handlers().listExceptions({ ...NOTHING, query, body: undefined }, asking(NOON));
    expect(items.map(({ state, ending }) => [state, ending])).toEqual([['revoked', null]]);
  });

  it('is listed where it can cover, or covers, something of the namespace that is asked for', async () => {
    const wide = await create({ namespaces: ['sh*', 'pay'] });
    const fingerprints = [await fingerprint('namespace:pay state:open')];
    await create({ clusters: [prod.id], fingerprints });
    const shop = await create({ namespaces: ['shop'] });
    const list = async (namespace: string) => {
      const query = decisionRoutes.listExceptions.query.parse({ namespace });
      const answer = await handlers().listExceptions({ ...NOTHING, query, body: undefined }, asking(NOON));
      return answer.items.map(({ id }) => id);
    };

    expect(await list('shop')).toEqual([shop.id, wide.id]);
    expect(await list('pay')).toEqual([wide.id]);
    expect(await list('empty')).toEqual([]);
  });

  it.each([
    { what: 'herself', user: 'ann' },
    { what: 'a token of hers', user: 'token ci' },
  ])('is not approved by $what', async ({ user }) => {
    const { id, createdBy } = await create({ controls: ['host-pid'] }, { user: 'token a', person: 'ann' });
    const params = { id: id ?? 0 };
    const input = { params, query: undefined, body: undefined };

    expect(createdBy).toBe('ann');
    await expect(
      handlers().approveException(input, asking(NOON, { user, person: 'ann' })),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await handlers().approveException(input, asking(NOON, { user: 'bob' }))).toMatchObject({
      state: 'active',
      approvedBy: 'bob',
    });
  });

  it('that was asked for and not approved by its last day is over, and waits for nobody', async () => {
    const body = decisionRoutes.createException.body.parse({
      scope: { controls: ['host-pid'], namespaces: ['later'] },
      reason: 'because',
      until: '2026-11-26',
    });
    const { id, state } = await handlers().createException({ ...NOTHING, body }, asking(NOON));
    const query = decisionRoutes.listExceptions.query.parse({ q: 'waiting:yes' });
    const waitingAt = async (at: Date) =>
      (await handlers().listExceptions({ ...NOTHING, query, body: undefined }, asking(at))).waiting;
    const after = new Date('2026-11-27T00:00:00Z');
    const params = { id: id ?? 0 };

    expect([state, await waitingAt(NOON), await waitingAt(after)]).toEqual(['requested', 1, 0]);
    await expect(
      handlers().approveException(
        { params, query: undefined, body: undefined },
        asking(after, { user: 'bob' }),
      ),
    ).rejects.toMatchObject({ code: 'conflict', details: { detail: 'Its last day is over.' } });
    expect(
      await handlers().getException({ params, query: undefined, body: undefined }, asking(after)),
    ).toMatchObject({ state: 'expired', approval: null });
  });

  it('that was asked for before by a token is not approved by its owner', async () => {
    await issueToken(hub.store, { name: 'old', role: 'admin', days: 1 }, { owner: 'ann', now: NOON });
    const { id } = await create({ controls: ['host-pid'] }, { user: 'token old', person: 'token old' });
    const input = { params: { id: id ?? 0 }, query: undefined, body: undefined };

    await expect(handlers().approveException(input, asking(NOON))).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  it('beyond the limits of somebody is not there for them', async () => {
    const { id } = await create({ namespaces: ['pay'] });
    const params = { id: id ?? 0 };
    const shop = asking(NOON, { limits: { clusters: 'all', namespaces: ['shop'] } });

    await expect(
      handlers().revokeException({ params, query: undefined, body: undefined }, shop),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});
