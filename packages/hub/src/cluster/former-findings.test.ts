import { CONTROLS } from '@bulwark/controls';
import { hash128, type JsonObject, toResource, withoutHeartbeats } from '@bulwark/core';
import {
  addComment,
  createException,
  type FormerFinding,
  findFinding,
  planDeliveries,
  scopeOf,
  triage,
} from '@bulwark/store';
import { namesMadeAlike } from '@bulwark/testkit';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONFIGURED, type TestCluster, TestHub } from '../handlers/test-cluster.ts';
import { decisionSettings } from './decision-settings.ts';
import { formerFindingOf } from './finding-row.ts';
import { Posture } from './posture.ts';
import { tellEverything } from './watched.testing.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const KINDS = { 'apps/Deployment': 'live', 'rbac.authorization.k8s.io/Role': 'live', Pod: 'live' } as const;
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

/** What has fingerprints, and what else is kept of findings. */
const NAMED = [
  'finding_past',
  'triage',
  'triage_event',
  'comment',
  'notice',
  'told_finding',
  'held_finding',
  'delivery_item',
];
const KEPT = ['finding', 'workload_risk', 'change', 'exception', 'delivery'];

let hub: TestHub;

let tests = 0;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  await tellEverything(hub);
}, 60_000);

beforeEach(async () => {
  await hub.store.pool.query(`truncate ${[...NAMED, ...KEPT].join(', ')}, resource`);
  hub.now = NOON;
  tests++;
});

afterAll(() => hub?.stop());

const { approvalFrom: _nobody, ...DECIDING } = CONFIGURED;
const settingsOf = (cluster: number) => decisionSettings(hub.store, cluster, DECIDING, CONTROLS);
const start = () => hub.cluster(`prod-${tests}`, KINDS, settingsOf);

function deployment(name: string, privileged: readonly string[] = []): JsonObject {
  const containers = ['app', ...privileged].map((each) => ({
    name: each,
    image: 'example.com/app:1',
    ...(each !== 'app' && { securityContext: { privileged: true } }),
  }));
  const template = { spec: { hostPID: true, containers } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', uid: name },
    spec: { template },
  };
}

/** With findings in items of lists that have no names. */
const ROLE: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'reader', namespace: 'shop', uid: 'r' },
  rules: [
    { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { apiGroups: [''], resources: ['secrets'], verbs: ['list'] },
  ],
};

const show = (cluster: TestCluster, objects: readonly JsonObject[]) =>
  cluster.show(objects.map((each) => dump(each)).join('---\n'));

/** What is found in objects, with what it was called before. */
async function foundIn(cluster: number, objects: readonly JsonObject[]) {
  const posture = new Posture({
    controls: CONTROLS.filter(({ profile }) => profile !== 'opt-in'),
    kubernetes: { minor: 34, text: '1.34' },
    decisions: await settingsOf(cluster),
    contentOf: ({ object }) => JSON.stringify(object),
    today: () => NOON.toISOString().slice(0, 10),
  });
  const origin = { kind: 'cluster', cluster: 'prod', resourceVersion: '' } as const;
  posture.see({ upsert: objects.map((object) => toResource(withoutHeartbeats(object), origin)) });
  return posture.settle().upserted.map(formerFindingOf);
}

/** Stores findings as the version before did, and brings that up to date as its upgrade does. */
async function asBefore(found: readonly FormerFinding[]): Promise<void> {
  const { pool } = hub.store;
  const pairs = JSON.stringify(found);
  const from = `json_to_recordset($1) p(fingerprint uuid, former uuid, digest uuid, "formerDigest" uuid)`;
  const { rowCount } = await pool.query(
    `update finding t set fingerprint = p.former, digest = p."formerDigest" from ${from}
     where (t.fingerprint, t.digest) = (p.fingerprint, p.digest)`,
    [pairs],
  );
  for (const table of NAMED)
    await pool.query(
      `update ${table} t set fingerprint = p.former from ${from} where t.fingerprint = p.fingerprint`,
      [pairs],
    );
  for (const { fingerprint, former } of found)
    await pool.query(`update exception set scope = replace(scope::text, $1, $2)::jsonb`, [
      fingerprint,
      former,
    ]);
  const risks = await pool.query<{ name: string; risk: JsonObject }>(
    `select name, json_build_object('points', points, 'reach', reach, 'reasons', reasons) as risk from workload_risk`,
  );
  for (const { name, risk } of risks.rows)
    await pool.query('update workload_risk set digest = $2 where name = $1', [
      name,
      hash128(JSON.stringify(risk)),
    ]);
  await pool.query(
    `truncate former_fingerprint;
     insert into former_fingerprint (cluster_id, former)
     select cluster_id, fingerprint from finding union select cluster_id, fingerprint from finding_past`,
  );
  expect(rowCount).toBeGreaterThan(0);
}

/** Everything that is kept of findings. */
async function kept(): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const table of [...NAMED, ...KEPT]) {
    const { rows } = await hub.store.pool.query(
      `select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`,
    );
    all[table] = rows.map(({ row }) => row);
  }
  return all;
}

/** The findings of a control, each with its first sight and whether it is accepted. */
async function findings(cluster: TestCluster, control: string): Promise<readonly string[]> {
  const rows = await cluster.rows<{ said: string }>(
    `select concat_ws(' ', name, to_char(first_seen at time zone 'utc', 'HH24:MI'), case when exception is null then 'open' else 'accepted' end) as said
     from finding where cluster_id = $1 and control = '${control}' order by 1`,
  );
  return rows.map(({ said }) => said);
}

/** Accepts a finding by its fingerprint. */
async function accept(
  cluster: TestCluster,
  finding: FormerFinding | undefined,
  scope: JsonObject = {},
): Promise<void> {
  await createException(hub.store, {
    scope: { fingerprints: [finding?.fingerprint ?? ''], ...scope },
    ...{
      reason: 'It is small.',
      owner: null,
      until: null,
      state: 'active',
      createdBy: 'ann',
      createdAt: NOON,
      query: null,
    },
  });
  await cluster.decide(await settingsOf(cluster.id));
  await cluster.flush();
}

/** Has objects seen by the version before, one finding of which is accepted by its fingerprint. */
async function seenBefore(objects: readonly JsonObject[], isAccepted: (finding: FormerFinding) => boolean) {
  const cluster = await start();
  await show(cluster, objects);
  const accepted = (await foundIn(cluster.id, objects)).find(isAccepted);
  await accept(cluster, accepted);
  await asBefore(await foundIn(cluster.id, objects));
  await hub.store.pool.query('truncate notice');
  hub.now = later(25);
  return { cluster, accepted };
}

/** Starts the version of now, which sees objects. */
async function seenNow(objects: readonly JsonObject[]): Promise<TestCluster> {
  const cluster = await start();
  await show(cluster, objects);
  await cluster.flush();
  return cluster;
}

/** The names of what is told, and whether that it ended. */
async function notices(): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ said: string }>(
    `select concat_ws(' ', name, control, case when is_resolved then 'ended' end) as said from notice order by 1`,
  );
  return rows.map(({ said }) => said);
}

const later = (hours: number) => new Date(NOON.getTime() + hours * 3_600_000);

describe('what is stored under fingerprints of version 1', () => {
  it('goes over to the same findings at the first judgement after the upgrade, and nothing else changes', async () => {
    const { store } = hub;
    const objects = [deployment('web'), deployment('cart'), ROLE];
    const before = await start();
    await show(before, [...objects, deployment('gone')]);
    const found = await foundIn(before.id, objects);
    expect(found.some(({ path }) => /\[\d\]/.test(path))).toBe(true);
    const [web] = found.filter(({ control, name }) => control === 'host-pid' && name === 'web');
    const [cart] = found.filter(({ control, name }) => control === 'host-pid' && name === 'cart');
    const key = { cluster: before.id, fingerprint: web?.fingerprint ?? '' };
    await triage(store, [key], { assignee: 'ann', author: 'bob', at: NOON });
    await addComment(store, key, { author: 'bob', at: NOON, text: 'Asked.' });
    hub.now = later(1);
    await accept(before, cart, { clusters: [before.id] });
    await planDeliveries(store, { now: hub.now, settled: hub.now, knows: () => false });
    await before.remove('apps/Deployment', 'shop', 'gone');
    await before.flush();
    await store.pool.query(
      'insert into told_finding (delivery_id, fingerprint) select min(id), $1 from delivery',
      [web?.fingerprint],
    );
    await store.pool.query(
      'insert into held_finding (route_id, cluster_id, fingerprint, was_accepted) select min(id), $1, $2, false from route',
      [before.id, web?.fingerprint],
    );
    const stored = await kept();
    for (const table of NAMED) expect(stored[table], table).not.toEqual([]);
    await asBefore([...(await foundIn(before.id, objects)), ...found]);
    expect(await kept()).not.toEqual(stored);

    hub.now = later(25);
    const after = await start();
    await show(after, objects);
    await after.flush();

    expect(await kept()).toEqual(stored);
    expect(await findings(after, 'host-pid')).toEqual(['cart 12:00 accepted', 'web 12:00 open']);
    const led = await findFinding(store, ALL, { cluster: after.id, fingerprint: web?.former ?? '' });
    expect([led?.fingerprint, led?.assignee]).toEqual([web?.fingerprint, 'ann']);
  });

  it.each([
    ['it', (path: string) => path],
    // As where it was mended by a rollout: the old pods are the last that have it.
    ['a pod of it', (path: string) => `replace(${path}, 'spec.template.', '')`],
  ])('is the history of one that comes back later, where %s showed it last', async (_by, shown) => {
    const before = await start();
    const both = [deployment('web'), deployment('cart')];
    await show(before, both);
    const found = await foundIn(before.id, both);
    hub.now = later(1);
    await before.remove('apps/Deployment', 'shop', 'web');
    await before.flush();
    await hub.store.pool.query(`update finding_past set path = ${shown('path')}`);
    await asBefore(found);

    hub.now = later(25);
    const after = await seenNow([deployment('cart')]);
    expect(await findings(after, 'host-pid')).toEqual(['cart 12:00 open']);
    await show(after, [deployment('web')]);
    await after.flush();

    expect(await findings(after, 'host-pid')).toEqual(['cart 12:00 open', 'web 12:00 open']);
  });

  it('counts for exceptions of other clusters, which name a finding both ways', async () => {
    const { accepted } = await seenBefore([deployment('web')], ({ control }) => control === 'host-pid');

    const after = await seenNow([deployment('web')]);

    const { rows } = await hub.store.pool.query(`select scope->'fingerprints' as named from exception`);
    expect(rows.map(({ named }) => new Set(named))).toEqual([
      new Set([accepted?.former, accepted?.fingerprint]),
    ]);
    expect(await findings(after, 'host-pid')).toEqual(['web 12:00 accepted']);
    expect(await notices()).toEqual([]);
  });
});

describe('of findings that were made to have one fingerprint of version 1', () => {
  const [ONE, OTHER] = namesMadeAlike('1|host-pid|apps/Deployment|shop|');
  const isHostPid = ({ control }: FormerFinding): boolean => control === 'host-pid';

  it('only that of the object which is stored is accepted as it was, and the other is told', async () => {
    await seenBefore([deployment(ONE)], isHostPid);

    const after = await seenNow([deployment(OTHER), deployment(ONE)]);

    expect(await findings(after, 'host-pid')).toEqual([`${ONE} 12:00 accepted`, `${OTHER} 13:00 open`]);
    expect((await notices()).filter((told) => told.includes('host-pid'))).toEqual([`${OTHER} host-pid`]);
  });

  it('the other is not accepted either where the one is gone', async () => {
    const { cluster } = await seenBefore([deployment(ONE)], isHostPid);

    const after = await seenNow([deployment(OTHER)]);

    expect([after.id, await findings(after, 'host-pid')]).toEqual([cluster.id, [`${OTHER} 13:00 open`]]);
    expect((await notices()).filter((told) => told.includes('host-pid'))).toEqual([
      `${ONE} host-pid ended`,
      `${OTHER} host-pid`,
    ]);
  });

  it('only that of the container which is stored is accepted as it was', async () => {
    const [one, other] = namesMadeAlike('1|privileged-container|apps/Deployment|shop|web|');
    await seenBefore([deployment('web', [one])], ({ control }) => control === 'privileged-container');

    const after = await seenNow([deployment('web', [other, one])]);

    const said = await after.rows(
      `select container, exception is not null as accepted from finding where cluster_id = $1 and control = 'privileged-container' order by 1`,
    );
    expect(said).toEqual([
      { container: one, accepted: true },
      { container: other, accepted: false },
    ]);
  });
});
