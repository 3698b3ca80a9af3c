import { appendFileSync, copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES } from '@bulwark/api';
import { AppError, EVERY_RECORD } from '@bulwark/core';
import { awaitedCluster, listAuditSources, listChanges, scopeOf } from '@bulwark/store';
import type { FastifyReply } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { auditLogHandlers, refusedDeliveries } from '../handlers/audit-log.ts';
import { asking } from '../handlers/callers.testing.ts';
import { clusterHandlers } from '../handlers/clusters.ts';
import { operationHandlers } from '../handlers/operations.ts';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';
import { EventLog } from '../live/event-log.ts';
import { AuditLog } from './audit-log.ts';
import { auditChecks } from './check.ts';
import { configMap, event } from './events.testing.ts';
import { followFiles } from './follow.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let hub: TestHub;
let auditLog: AuditLog;
let webhook: ReturnType<typeof auditLogHandlers>;
let cluster: TestCluster;
let name = '';
let clusters = 0;
const said: string[] = [];

beforeAll(async () => {
  hub = await TestHub.start(NOW);
}, 60_000);
afterAll(() => hub?.stop());
beforeEach(async () => {
  name = `prod-${++clusters}`;
  said.length = 0;
  cluster = await hub.cluster(name, { ConfigMap: 'live' });
  await cluster.show(configMap('first', 'a'));
  auditLog = new AuditLog({
    store: hub.store,
    secrets: false,
    now: () => hub.now,
    say: (text) => said.push(text),
  });
  await auditLog.start();
  webhook = auditLogHandlers(hub.store, auditLog);
});
afterEach(() => auditLog.stop());

async function deliver(body: unknown, more: Partial<Caller['limits']> = {}, id = cluster.id): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  await webhook.deliverAuditLog(
    { params: { id }, query: undefined, body: text },
    asking(NOW, { role: 'audit-log', limits: { clusters: 'all', namespaces: 'all', ...more } }),
  );
}

/** Who is said to have made the last change of the cluster, once somebody is. */
async function lastActor(): Promise<string | null> {
  for (let tries = 0; tries < 400; tries++) {
    const page = await listChanges(hub.store, ALL, { query: EVERY_RECORD, limit: 50, now: NOW });
    const [last] = page.items.filter(({ clusterId }) => clusterId === cluster.id);
    if (last !== undefined && last.actor.user !== null) return last.actor.user;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}

it('a delivery that was too large to be read is a part of the log that could not be read, once', async () => {
  const refused = refusedDeliveries(hub.store, auditLog, () => NOW);
  const caller = asking(NOW, { role: 'audit-log' }).caller;
  const body = { params: { id: String(cluster.id) }, length: '16700000', caller } as const;
  await refused({ ...body, route: 'deliverAuditLog' });
  await refused({ ...body, route: 'deliverAuditLog' });
  await refused({ ...body, route: 'createBuildRecord' });
  await refused({ ...body, route: 'deliverAuditLog', caller: undefined });

  const sources = await listAuditSources(hub.store, ALL);
  const own = sources.find(({ clusterId }) => clusterId === cluster.id);
  expect(own).toMatchObject({ source: 'webhook', malformed: 1 });
  expect(own?.malformedReason).toContain('too large');
});

describe('the audit webhook', () => {
  it('names who made a change that was seen before', async () => {
    await cluster.show(configMap('first', 'b'));

    await deliver({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [event('ann')] });

    expect(await lastActor()).toBe('ann');
    expect(said).toEqual([]);
  });

  it('counts a batch once that arrives twice, at once, at several hubs, or after a restart', async () => {
    const batch = { kind: 'EventList', items: [event('ann'), event('ann', { verb: 'get' }), 'broken'] };
    const other = { kind: 'EventList', items: [event('ben', { verb: 'get' })] };
    await Promise.all([batch, batch, other].map((each) => deliver(each)));
    webhook = auditLogHandlers(hub.store, auditLog);
    for (const each of [batch, other]) await deliver(each);
    const sources = (await listAuditSources(hub.store, ALL)).filter(
      ({ clusterId }) => clusterId === cluster.id,
    );

    expect(sources.map(({ events, malformed }) => [events, malformed])).toEqual([[3, 1]]);
  });

  it('names who made a change that is seen only later', async () => {
    await deliver(event('bob'));

    await cluster.show(configMap('first', 'b'));
    auditLog.onChanges(cluster.id);

    expect(await lastActor()).toBe('bob');
  });

  it('names who made a change of a custom kind, by the plural of its definition', async () => {
    const own = await hub.cluster(`${name}-custom`, {
      'apiextensions.k8s.io/CustomResourceDefinition': 'live',
      'example.com/Shop': 'live',
    });
    cluster = own;
    await own.show(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shoppes.example.com}
spec: {group: example.com, scope: Namespaced, names: {plural: shoppes, kind: Shop}, versions: []}
---
{apiVersion: example.com/v1, kind: Shop, metadata: {name: a, namespace: shop, uid: u-a}, spec: {size: 1}}
`);
    await own.show(
      '{apiVersion: example.com/v1, kind: Shop, metadata: {name: a, namespace: shop, uid: u-a}, spec: {size: 2}}',
    );

    const objectRef = { resource: 'shoppes', apiGroup: 'example.com', namespace: 'shop', name: 'a' };
    await deliver(event('eve', { objectRef }));

    expect(await lastActor()).toBe('eve');
  });

  it('counts what it cannot read, and says so under coverage and health', async () => {
    await deliver({ kind: 'EventList', items: [event('ann'), { kind: 'Event' }, 7] });
    await deliver('{"kind":');

    const { listCoverage, listClusters } = clusterHandlers(hub.store);
    const coverage = await listCoverage(
      { params: undefined, query: { limit: 100, cluster: cluster.id }, body: undefined },
      asking(NOW),
    );
    expect(coverage.items.filter(({ code }) => code.startsWith('audit-log'))).toMatchObject([
      {
        code: 'audit-log-malformed',
        kind: 'note',
        reason: '3 of its parts could not be read; the last one was not JSON.',
      },
    ]);
    const listed = await listClusters({ params: undefined, query: undefined, body: undefined }, asking(NOW));
    expect(listed.items.find(({ id }) => id === cluster.id)?.auditLog).toEqual([
      {
        source: 'webhook',
        since: NOW.toISOString(),
        events: 1,
        lastEvent: '2026-11-26T09:59:59.200Z',
        lagSeconds: 0.8,
        malformed: 3,
        unnamed: 0,
        fault: null,
      },
    ]);
    const checks = await auditChecks(hub.store, NOW);
    expect(checks.find((check) => check.name === `audit log of ${name}`)).toEqual({
      name: `audit log of ${name}`,
      status: 'ok',
      detail: 'webhook: 1 events, the last one 1 s ago, which came 0.8 s late; 3 could not be read.',
    });
  });

  it('is counted for Prometheus, as often as it is asked', async () => {
    await deliver({ kind: 'EventList', items: [event('ann'), event('bob'), 7] });
    const { metrics } = operationHandlers({
      store: hub.store,
      log: new EventLog(() => new Date()),
      callerOf: async () => undefined,
      checks: () => [],
      duties: () => [],
      jobs: () => [],
    });
    let text = '';
    const reply = { type: () => ({ send: (sent: string) => (text = sent) }) } as unknown as FastifyReply;

    for (let asked = 0; asked < 2; asked++)
      await metrics({ params: undefined, query: undefined, body: undefined }, { ...asking(NOW), reply });

    const own = text.split('\n').filter((line) => line.includes(`cluster="${name}",source="webhook"`));
    expect(own.map((line) => line.replace(/\{.*\}/, ''))).toEqual([
      'bulwark_audit_log_events_total 2',
      'bulwark_audit_log_malformed_total 1',
      'bulwark_audit_log_unnamed_total 0',
      `bulwark_audit_log_last_event_seconds ${Date.parse('2026-11-26T09:59:59.200Z') / 1000}`,
    ]);
  });

  it('says under coverage where no audit log is read', async () => {
    const { listCoverage } = clusterHandlers(hub.store);

    const coverage = await listCoverage(
      { params: undefined, query: { limit: 100, cluster: cluster.id }, body: undefined },
      asking(NOW, { role: 'viewer' }),
    );

    expect(coverage.items.map(({ code }) => code)).toContain('audit-log-missing');
  });

  it.each([
    { name: 'of another cluster', limits: { clusters: [] as number[] }, code: 'not-found' },
    { name: 'of a part of a cluster', limits: { namespaces: ['shop'] }, code: 'not-allowed' },
  ])('takes nothing from a token $name', async ({ limits, code }) => {
    const refused = await deliver(event('ann'), limits).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code });
  });

  it('has a role of its own that may do nothing else', () => {
    expect(ROLES['audit-log']).toEqual(['public', 'self', 'deliver']);
    expect(ROLES.ci).not.toContain('deliver');
  });

  it('keeps no event of what is no change of its own, or of no kind that is watched', async () => {
    const pods = { resource: 'pods', namespace: 'shop', name: 'web-x' };
    const items = [
      event('system:serviceaccount:kube-system:replicaset-controller', {
        verb: 'create',
        objectRef: pods,
        responseObject: { metadata: { name: 'web-x', ownerReferences: [{ controller: true }] } },
      }),
      event('system:node:n1', { verb: 'delete', objectRef: pods }),
      event('ann', {
        objectRef: { resource: 'leases', apiGroup: 'coordination.k8s.io', namespace: 'shop', name: 'x' },
      }),
      event('ann', { objectRef: { resource: 'secrets', namespace: 'shop', name: 'x' } }),
      event('ann', { stageTimestamp: '2026-11-20T10:00:00Z' }),
      event('ann', { verb: 'create', objectRef: pods, responseStatus: { code: 201 } }),
    ];

    await deliver({ kind: 'EventList', items });

    const { rows } = await hub.store.pool.query(
      'select kind, name, effect from audit_event where cluster_id = $1',
      [cluster.id],
    );
    expect(rows).toEqual([{ kind: 'Pod', name: 'web-x', effect: 'created' }]);
  });
});

describe('an audit log in a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulwark-audit-'));
  });
  afterEach(async () => {
    // Of a test that failed, too.
    for (const each of following.splice(0)) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const following: { stop(): Promise<void> }[] = [];
  function follow(path: string) {
    const followed = followFiles([{ cluster: name, path }], {
      store: hub.store,
      auditLog,
      now: () => hub.now,
      say: (text) => said.push(text),
    });
    following.push(followed);
    return followed;
  }

  async function eventsOf(
    most: number,
  ): Promise<{ events: number; malformed: number; fault: string | null }> {
    let found = { events: -1, malformed: 0, fault: null };
    for (let tries = 0; tries < 400 && found.events < most; tries++) {
      const { rows } = await hub.store.pool.query<typeof found>(
        'select events, malformed, fault from audit_source where cluster_id = $1',
        [cluster.id],
      );
      found = rows[0] ?? found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return found;
  }

  it('names who made a change, is read on after a restart, and counts nothing twice', async () => {
    const path = join(folder, 'audit.log');
    writeFileSync(path, `${JSON.stringify(event('ann', { verb: 'get' }))}\nbroken\n`);
    const first = follow(path);
    expect(await eventsOf(1)).toMatchObject({ events: 1, malformed: 1 });
    await first.stop();

    appendFileSync(path, `${JSON.stringify(event('ann'))}\n`);
    follow(path);
    await cluster.show(configMap('first', 'b'));
    auditLog.onChanges(cluster.id);

    expect(await lastActor()).toBe('ann');
    expect(await eventsOf(2)).toEqual({ events: 2, malformed: 1, fault: null });
  });

  it('is read in the copy that was made before it was cut off, where nothing of it had been read', async () => {
    const path = join(folder, 'audit.log');
    const [before, between, after] = ['ann', 'bob', 'eve'].map((user) => `${JSON.stringify(event(user))}\n`);
    writeFileSync(path, before ?? '');
    follow(path);
    expect(await eventsOf(1)).toMatchObject({ events: 1 });
    truncateSync(path);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    appendFileSync(path, between ?? '');
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, after ?? '');

    expect(await eventsOf(3)).toEqual({ events: 3, malformed: 0, fault: null });
  });

  it('is read on while another context watches the cluster under its own name, also after a restart', async () => {
    const path = join(folder, 'audit.log');
    writeFileSync(path, `${JSON.stringify(event('ann', { verb: 'get' }))}\n`);
    const first = follow(path);
    await eventsOf(1);
    await hub.store.pool.query('update cluster set name = $2 where id = $1', [cluster.id, `${name}-direct`]);
    appendFileSync(path, `${JSON.stringify(event('ann', { verb: 'get' }))}\n`);
    expect(await eventsOf(2)).toMatchObject({ events: 2 });
    await first.stop();
    // The context that is away has a row until it answers.
    await awaitedCluster(hub.store, { name, server: `https://${name}.away` }, NOW);

    appendFileSync(path, `${JSON.stringify(event('ben'))}\n`);
    follow(path);
    await cluster.show(configMap('first', 'b'));
    auditLog.onChanges(cluster.id);

    expect(await lastActor()).toBe('ben');
    expect(await eventsOf(3)).toEqual({ events: 3, malformed: 0, fault: null });
  });

  it('of a cluster that nobody knows is said once, as a name may be wrong', async () => {
    const path = join(folder, 'audit.log');
    writeFileSync(path, '');
    name = 'elsewhere';
    let moment = NOW.getTime();
    const followed = followFiles([{ cluster: name, path }], {
      store: hub.store,
      auditLog,
      now: () => {
        moment += 40_000;
        return new Date(moment);
      },
      say: (text) => said.push(text),
    });
    following.push(followed);
    await expect.poll(() => said, { timeout: 20_000 }).not.toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1200));

    expect(said).toEqual([`The audit log ${path} is not read: no cluster is known as elsewhere yet.`]);
  });

  it('that cannot be read is said once, noted, and read as soon as it is there', async () => {
    const path = join(folder, 'audit.log');
    follow(path);
    for (let tries = 0; tries < 400 && said.length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));

    expect(said).toEqual([`The audit log ${path} of ${name}: there is no such file`]);
    let status: string | undefined;
    for (let tries = 0; tries < 400 && status !== 'degraded'; tries++) {
      status = (await auditChecks(hub.store, NOW)).find((check) => check.name.endsWith(name))?.status;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(status).toBe('degraded');

    writeFileSync(path, `${JSON.stringify(event('ann'))}\n`);
    expect(await eventsOf(1)).toEqual({ events: 1, malformed: 0, fault: null });
  });
});
