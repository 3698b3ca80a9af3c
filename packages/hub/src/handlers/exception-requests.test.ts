import { decisionRoutes, type ExceptionItem } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS } from '@bulwark/core';
import {
  type Actor,
  attributeChanges,
  createException,
  listFindings,
  scopeOf,
  writeAuditArrival,
} from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { decisionSettings } from '../cluster/decision-settings.ts';
import { asking } from './callers.testing.ts';
import { decisionHandlers } from './decisions.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
import { CONFIGURED, type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const NOTHING = { params: undefined, query: undefined, body: undefined };
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const CONTROL = 'privileged-container';
const ANNOTATION = `bulwark.dev/except.${CONTROL}`;
const MOST_TRIES = 600;

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await record();
  // What was there before the cluster was watched is no change: what comes after it is one, by somebody.
  await prod.show(pod('first', undefined));
});

afterAll(() => hub?.stop());

function settings(cluster: number) {
  return decisionSettings(hub.store, cluster, CONFIGURED, CONTROLS);
}

function record(): Promise<TestCluster> {
  return hub.cluster('prod', { Pod: 'live' }, settings);
}

/** A pod whose container is privileged, with what it says about that. */
function pod(name: string, asks: string | undefined, key = ANNOTATION): string {
  const annotations = asks === undefined ? '' : `  annotations: { '${key}': '${asks}' }\n`;
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
${annotations}spec:
  containers:
    - name: app
      image: registry.example.com/agent:1.0
      securityContext: { privileged: true }
`;
}

function by(user: string): Actor {
  return { user, groups: [], impersonatedBy: null, address: null, userAgent: null, managers: ['kubectl'] };
}

function handlers(approvalFrom: 'high' | undefined = 'high') {
  const controls = new Map(CONTROLS.map((control) => [control.id, control]));
  return decisionHandlers({ store: hub.store, controls, approvalFrom });
}

function findings() {
  return findingHandlers({
    store: hub.store,
    controls: new Map(),
    answers: new KeptAnswers(hub.store),
  });
}

async function list(q: string, who: Parameters<typeof asking>[1] = { user: 'eve' }) {
  const query = decisionRoutes.listExceptions.query.parse({ q });
  return handlers().listExceptions({ ...NOTHING, query }, asking(NOON, who));
}

/** What asks for a pod, once it is listed and fits. */
async function request(name: string, fits: (item: ExceptionItem) => boolean = () => true) {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { items } = await list(`name:${name}`);
    const found = items.find(fits);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing of ${name} fits`);
}

/** Waits until the finding of a pod stands so. */
async function stands(name: string, state: 'open' | 'excepted', reason?: string) {
  const query = queryOf(`control:${CONTROL} name:${name} (state:open OR state:excepted)`, FINDING_FIELDS);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { items } = await listFindings(hub.store, ALL, { query, limit: 2, now: NOON });
    const [found] = items;
    const said = found?.exception ?? found?.requested;
    if (found?.state === state && (reason === undefined || said?.reason === reason)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the finding of ${name} is not ${state}`);
}

function approve({ id }: ExceptionItem, who: Partial<Caller> = { user: 'bob' }) {
  return handlers().approveException({ ...NOTHING, params: { id: id ?? 0 } }, asking(NOON, who));
}

function refuse({ id }: ExceptionItem, user = 'bob') {
  return handlers().revokeException({ ...NOTHING, params: { id: id ?? 0 } }, asking(NOON, { user }));
}

/** What the thread of the cluster does when it is told that exceptions have changed. */
async function judgeAgain(): Promise<void> {
  await prod.decide(await settings(prod.id));
}

describe('what an annotation asks for', () => {
  it('is listed with the object, the annotation, who wrote it, why, until when and what it is about', async () => {
    await prod.show(pod('asks', 'Node agent.; until=2027-01-31; owner=platform'), by('ann'));

    const item = await request('asks');

    expect(item).toMatchObject({
      state: 'requested',
      origin: 'annotation',
      reason: 'Node agent.',
      owner: 'platform',
      until: '2027-01-31',
      createdBy: 'ann',
      createdAt: NOON.toISOString(),
      covers: 1,
      waiting: 1,
      approval: { refusal: null },
      request: {
        cluster: { id: prod.id, name: 'prod' },
        resource: { group: '', kind: 'Pod', namespace: 'shop', name: 'asks' },
        control: CONTROL,
        annotation: ANNOTATION,
      },
    });
    expect(Object.values(item.counts).reduce((sum, count) => sum + count, 0)).toBe(1);
    for (const q of [item.request?.findings, `exception:${item.id}`]) {
      const query = queryOf(q, FINDING_FIELDS);
      const { items } = await listFindings(hub.store, ALL, { query, limit: 9, now: NOON });
      expect([q, items.map(({ control, name }) => [control, name])]).toEqual([q, [[CONTROL, 'asks']]]);
    }
  });

  it.each([
    ['waiting:yes', 1],
    ['waiting:no', 0],
    ['state:requested', 1],
    ['origin:annotation', 1],
    [`annotation:${ANNOTATION.replace('except', '*')}`, 1],
    [`control:${CONTROL}`, 1],
    ['severity:>=high', 1],
    ['severity:low', 0],
    ['namespace:shop kind:Pod', 1],
    ['namespace:pay', 0],
    ['by:ann owner:platform until:<2027-02-01', 1],
    ['"node agent"', 1],
    ['age:>1d', 0],
  ])('is found by %s as other exceptions are', async (q, count) => {
    await request('asks');

    expect((await list(`name:asks ${q}`)).items).toHaveLength(count);
  });

  it('is listed with its cluster alone', async () => {
    await request('asks');
    const inCluster = async (cluster: number) => {
      const query = decisionRoutes.listExceptions.query.parse({ q: 'name:asks', cluster });
      return (await handlers().listExceptions({ ...NOTHING, query }, asking(NOON))).items.length;
    };

    expect([await inCluster(prod.id), await inCluster(prod.id + 1)]).toEqual([1, 0]);
  });

  it('counts among what waits, whatever is asked', async () => {
    await request('asks');
    const { waiting, items } = await list('name:nothing');

    expect(items).toEqual([]);
    expect(waiting).toBe((await list('waiting:yes')).items.length);
    expect(waiting).toBeGreaterThan(0);
  });

  it.each<[string, Parameters<typeof asking>[1], RegExp | null]>([
    ['whoever wrote the annotation', { user: 'ann' }, /You asked for it/],
    ['a token of whoever wrote it', { user: 'token ci', person: 'ann' }, /You asked for it/],
    ['a viewer', { user: 'bob', role: 'viewer' }, /role/],
    ['a second person', { user: 'bob' }, null],
    ['a second person with limits', { user: 'bob', limits: { clusters: 'all', namespaces: ['shop'] } }, null],
  ])('says to %s whether they may approve it', async (_who, who, refusal) => {
    await request('asks');
    const [item] = (await list('name:asks', who)).items;

    if (refusal === null) expect(item?.approval).toEqual({ refusal: null, from: null });
    else expect(item?.approval?.refusal).toMatch(refusal);
  });

  it('says from when on it can be approved, where the audit log may still tell who wrote it', async () => {
    await hub.store.pool.query(
      `insert into audit_source (cluster_id, source, first_seen, last_arrival) values ($1, 'webhook', $2, $2)`,
      [prod.id, NOON],
    );
    await prod.show(pod('awaited', 'Node agent.'));
    await request('awaited');
    const until = new Date(NOON.getTime() + 120_000);
    const approvalAt = async (now: Date) => {
      const query = decisionRoutes.listExceptions.query.parse({ q: 'name:awaited' });
      const { items } = await handlers().listExceptions({ ...NOTHING, query }, asking(now, { user: 'eve' }));
      return items[0]?.approval;
    };

    expect(await approvalAt(NOON)).toEqual({
      refusal: expect.stringContaining(`from ${until.toISOString().slice(11, 19)} UTC on`),
      from: until.toISOString(),
    });
    expect(await approvalAt(until)).toEqual({ refusal: null, from: null });
    await hub.store.pool.query('truncate audit_source');
  });

  it('is not approved by whoever wrote the annotation, nor shown beyond limits', async () => {
    const item = await request('asks');

    await expect(approve(item, { user: 'ann' })).rejects.toMatchObject({ code: 'not-allowed' });
    const pay = { user: 'bob', limits: { clusters: 'all', namespaces: ['pay'] } } as const;
    await expect(approve(item, pay)).rejects.toMatchObject({ code: 'not-found' });
    expect((await list('name:asks', pay)).items).toEqual([]);
    expect((await request('asks')).state).toBe('requested');
  });

  it('is accepted once a second person approves it, and the finding says by whom', async () => {
    await prod.show(pod('approved', 'Node agent.'), by('ann'));
    const item = await request('approved');
    expect(await approve(item)).toMatchObject({
      state: 'active',
      approvedBy: 'bob',
      waiting: 0,
      approval: null,
    });
    // Approved in the moment in which it came it would be accepted from its beginning.
    hub.now = new Date(NOON.getTime() + 60_000);
    await judgeAgain();

    const { exception, fingerprint } = await stands('approved', 'excepted');
    hub.now = NOON;

    expect(exception).toMatchObject({ id: item.id, origin: 'annotation', approvedBy: 'bob' });
    expect(await request('approved')).toMatchObject({ state: 'active', covers: 1, waiting: 0 });
    const { getFinding } = findings();
    const detail = await getFinding(
      { params: { cluster: prod.id, fingerprint }, query: {}, body: undefined },
      asking(NOON),
    );
    expect(detail.timeline).toContainEqual(expect.objectContaining({ what: 'accepted', by: 'bob' }));
    await expect(approve(item, { user: 'eve' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('has its number on the finding before anybody has answered, and its time line says who asked', async () => {
    const { id } = await request('asks');
    const { fingerprint } = await stands('asks', 'open');
    const { getFinding } = findings();

    const detail = await getFinding(
      { params: { cluster: prod.id, fingerprint }, query: {}, body: undefined },
      asking(NOON),
    );

    expect(detail.requested).toMatchObject({ id, annotation: ANNOTATION, refusedBy: null });
    expect(detail.timeline).toContainEqual(
      expect.objectContaining({ what: 'exception asked for', by: 'ann', change: expect.any(Number) }),
    );
  });

  it.each([
    ['another reason', 'Node agent of old.; until=2027-01-31'],
    ['a later end', 'Node agent.; until=2027-12-31'],
    ['no end', 'Node agent.'],
  ])(
    'asks again with %s after it was approved, and holds again as it was approved',
    async (what, changed) => {
      const name = `again-${what.replaceAll(' ', '-')}`;
      const text = 'Node agent.; until=2027-01-31';
      await prod.show(pod(name, text), by('ann'));
      const approved = await request(name);
      await approve(approved);
      await judgeAgain();
      await stands(name, 'excepted');

      await prod.show(pod(name, changed), by('ann'));
      await stands(name, 'open');
      const again = await request(name, ({ state }) => state === 'requested');
      const before = await request(name, ({ state }) => state === 'active');
      await prod.show(pod(name, text), by('ann'));
      await stands(name, 'excepted');

      expect(again.id).not.toBe(approved.id);
      expect(before).toMatchObject({ id: approved.id, covers: 0 });
      expect(before.advice).toContain('Its object no longer asks for it, or nothing is found there.');
      expect((await list(`name:${name} state:requested`)).items).toEqual([]);
    },
  );

  it('holds on when only its owner changes', async () => {
    await prod.show(pod('owned', 'Node agent.; owner=platform'), by('ann'));
    await approve(await request('owned'));
    await judgeAgain();
    await stands('owned', 'excepted');

    await prod.show(pod('owned', 'Node agent.; owner=network'), by('ann'));

    expect((await stands('owned', 'excepted')).exception).toMatchObject({
      owner: 'network',
      approvedBy: 'bob',
    });
    expect((await list('name:owned')).items).toHaveLength(1);
  });

  it('ends with the annotation, and cannot be approved any more', async () => {
    await prod.show(pod('gone', 'Node agent.'), by('ann'));
    const item = await request('gone');
    await prod.show(pod('gone', undefined), by('ann'));
    await stands('gone', 'open');

    expect((await list('name:gone')).items).toEqual([]);
    await expect(approve(item)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of another object, or another control of the same one, is another request', async () => {
    await prod.show(pod('one', 'Node agent.'), by('ann'));
    await prod.show(pod('two', 'Node agent.'), by('ann'));
    await approve(await request('one'));
    await judgeAgain();
    await stands('one', 'excepted');

    expect((await stands('two', 'open')).requested).toMatchObject({ id: null });
  });

  it('that was refused does not ask again, until it is approved after all or says something else', async () => {
    await prod.show(pod('refused', 'Node agent.'), by('ann'));
    const item = await request('refused');
    await refuse(item);
    await judgeAgain();
    const refused = await request('refused', ({ state }) => state === 'revoked');

    expect(refused).toMatchObject({ id: item.id, revokedBy: 'bob', waiting: 0, approval: { refusal: null } });
    expect((await list('name:refused waiting:yes')).items).toEqual([]);
    await prod.show(pod('refused', 'Node agent, really.'), by('ann'));
    expect((await request('refused', ({ state }) => state === 'requested')).id).not.toBe(item.id);
    await prod.show(pod('refused', 'Node agent.'), by('ann'));
    const { requested } = await stands('refused', 'open', 'Node agent.');
    expect(requested).toMatchObject({ id: item.id, refusedBy: 'bob' });
    expect(await approve(item)).toMatchObject({ state: 'active', approvedBy: 'bob', revokedBy: null });
    await judgeAgain();
    await stands('refused', 'excepted');
  });

  it('that was approved can be ended', async () => {
    await prod.show(pod('ended', 'Node agent.'), by('ann'));
    const item = await request('ended');
    await approve(item);
    await judgeAgain();
    await stands('ended', 'excepted');

    await refuse(item, 'eve');
    await judgeAgain();

    await stands('ended', 'open');
    expect(await request('ended')).toMatchObject({ state: 'revoked', revokedBy: 'eve' });
  });

  it('is approved or refused as before after a restart', async () => {
    await prod.show(pod('kept', 'Node agent.'), by('ann'));
    await prod.show(pod('kept-out', 'Node agent.'), by('ann'));
    await prod.show(pod('kept-waiting', 'Node agent.'), by('ann'));
    const waiting = await request('kept-waiting');
    await approve(await request('kept'));
    await refuse(await request('kept-out'));

    prod = await record();
    for (const name of ['kept', 'kept-out', 'kept-waiting']) await prod.show(pod(name, 'Node agent.'));

    expect((await stands('kept', 'excepted')).exception).toMatchObject({ approvedBy: 'bob' });
    await request('kept-out', ({ state }) => state === 'revoked');
    expect(await request('kept-waiting')).toMatchObject({ id: waiting.id, createdBy: 'ann', waiting: 1 });
  });

  it('is asked for again where the audit log names late that who approved it wrote it, and its time line says so', async () => {
    await prod.show(pod('late', 'Node agent.'));
    const item = await request('late');
    await approve(item);
    hub.now = new Date(NOON.getTime() + 60_000);
    await judgeAgain();
    const { fingerprint } = await stands('late', 'excepted');

    const actor = { user: 'bob', groups: [], impersonatedBy: null, address: null, userAgent: null };
    const seen = { received: NOON.getTime(), done: NOON.getTime(), actor, manager: undefined };
    const versions = { uid: undefined, before: undefined, after: undefined };
    const object = { kind: 'Pod', namespace: 'shop', name: 'late' } as const;
    const what = { effect: 'created', isOfStatus: false, mayHaveFailed: false, ...object } as const;
    const rows = [{ id: '0'.repeat(32), auditId: 'a', ...what, ...versions, ...seen }];
    const arrival = {
      source: 'webhook',
      at: NOON,
      rows,
      events: 1,
      unnamed: 0,
      malformed: [],
      last: undefined,
    };
    await writeAuditArrival(hub.store, prod.id, arrival);
    await attributeChanges(hub.store, prod.id, new Date(NOON.getTime() - 3_600_000));
    hub.now = new Date(NOON.getTime() + 120_000);
    await judgeAgain();

    expect((await stands('late', 'open')).requested).toMatchObject({ id: item.id, reason: 'Node agent.' });
    hub.now = NOON;
    const again = await request('late', ({ state }) => state === 'requested');
    expect(again).toMatchObject({ id: item.id, approvedBy: null, waiting: 1 });
    expect(again.advice[0]).toMatch(/^The approval of bob was taken back/);
    const { timeline } = await findings().getFinding(
      { params: { cluster: prod.id, fingerprint }, query: {}, body: undefined },
      asking(NOON),
    );
    const ended = timeline.filter(({ what: kind }) => kind === 'no longer accepted');
    expect(ended).toEqual([
      expect.objectContaining({
        by: null,
        text: expect.stringMatching(/^Node agent\. \(the approval of bob was taken back/),
      }),
    ]);
    await hub.store.pool.query('truncate audit_source, audit_event');
  });

  it('is said to be asked by nobody known where a program alone is, which an administrator may approve', async () => {
    await prod.show(pod('unnamed', 'Node agent.'), { ...by('ann'), user: null });
    const item = await request('unnamed');
    const at = new Date(item.createdAt ?? 0);
    await hub.store.pool.query(
      `insert into audit_source (cluster_id, source, first_seen, last_arrival) values ($1, 'file', $2, $2)`,
      [prod.id, at],
    );
    const later = new Date(at.getTime() + 130_000);
    const listed = async (who: Parameters<typeof asking>[1], now = later) => {
      const query = decisionRoutes.listExceptions.query.parse({ q: 'name:unnamed' });
      const { items } = await handlers().listExceptions({ ...NOTHING, query }, asking(now, who));
      return items[0];
    };

    expect(item.createdBy).toBeNull();
    expect((await listed({ user: 'bob', role: 'editor' }, at))?.approval?.refusal).toMatch(
      /not known yet.* an administrator can approve it from/,
    );
    expect((await listed({ user: 'bob', role: 'editor' }))?.approval?.refusal).toMatch(
      /^Nobody knows who asked/,
    );
    const root = { user: 'root', role: 'admin' } as const;
    const shown = await listed(root);
    expect(shown).toMatchObject({ approval: { refusal: null } });
    expect(shown?.advice[0]).toMatch(/^Nobody knows who asked/);
    const approving = (who: Parameters<typeof asking>[1]) =>
      handlers().approveException({ ...NOTHING, params: { id: item.id ?? 0 } }, asking(later, who));
    await expect(approving({ user: 'bob', role: 'editor' })).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await approving(root)).toMatchObject({ state: 'active', approvedBy: 'root' });
    await hub.store.pool.query('truncate audit_source');
  });

  it('by an annotation for another tool says which', async () => {
    await prod.show(pod('linted', 'because', 'ignore-check.kube-linter.io/privileged-container'), by('ann'));

    expect(await request('linted')).toMatchObject({
      origin: 'tool:kube-linter',
      state: 'requested',
      request: { annotation: 'ignore-check.kube-linter.io/privileged-container' },
    });
  });

  it('keeps no secret that somebody wrote into the reason', async () => {
    const secret = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
    await prod.show(pod('leaks', `Token ${secret}`), by('ann'));

    const item = await request('leaks');

    expect(item.reason).toMatch(/^Token /);
    expect(JSON.stringify(item)).not.toContain(secret);
  });
});

describe('an exception of the hub', () => {
  const MADE = {
    reason: 'because',
    owner: null,
    until: null,
    createdBy: 'ann',
    createdAt: NOON,
    query: null,
  } as const;

  it('that lacks an approval since the rule asks for one waits for it, and says for how much', async () => {
    await prod.show(pod('tightened', undefined));
    const { id } = await createException(hub.store, {
      ...MADE,
      scope: { controls: [CONTROL], names: ['tightened'] },
      state: 'active',
    });
    await judgeAgain();
    await stands('tightened', 'open', 'because');

    const item = await request('tightened');
    expect(item).toMatchObject({ id, state: 'active', covers: 1, waiting: 1, approval: { refusal: null } });
    const [own] = (await list('name:tightened waiting:yes', { user: 'ann' })).items;
    expect(own?.approval?.refusal).toMatch(/second person/);
    expect(await approve(item)).toMatchObject({ state: 'active', waiting: 0, approval: null });
    await judgeAgain();
    await stands('tightened', 'excepted');
  });

  it('that has waited for approval is accepted once it is approved', async () => {
    await prod.show(pod('asked-here', undefined));
    const scope = { controls: [CONTROL], names: ['asked-here'] };
    const body = decisionRoutes.createException.body.parse({ scope, reason: 'because' });
    const made = await handlers().createException({ ...NOTHING, body }, asking(NOON));
    expect(made).toMatchObject({ state: 'requested', covers: 1, waiting: 1 });
    expect(made.approval?.refusal).toMatch(/second person/);
    await judgeAgain();
    await stands('asked-here', 'open', 'because');

    await approve(made);
    await judgeAgain();

    await stands('asked-here', 'excepted');
  });

  it('whose controls are patterns counts what it accepts, which is nothing', async () => {
    await prod.show(pod('patterned', undefined));
    await createException(hub.store, {
      ...MADE,
      scope: { controls: ['privileged-*'], names: ['patterned'] },
      state: 'active',
    });
    await judgeAgain();
    await prod.show(pod('patterned-too', undefined));

    expect(await request('patterned')).toMatchObject({ state: 'active', covers: 0, waiting: 0 });
    await stands('patterned', 'open');
  });

  it('counts findings by labels and images as they are judged', async () => {
    await prod.show(pod('imaged', undefined));
    const scope = { controls: ['image-digest-missing', CONTROL], names: ['imaged'], images: ['*:2.0'] };
    await createException(hub.store, { ...MADE, approvedBy: 'bob', scope, state: 'active' } as never);
    await judgeAgain();
    await prod.show(pod('imaged-too', undefined));

    expect(await request('imaged')).toMatchObject({ covers: 0 });
  });
});
