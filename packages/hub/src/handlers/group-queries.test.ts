import { findingRoutes, GROUPINGS, LONGEST_QUERY } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { listFindings, scopeOf, triage } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const DAY_BEFORE = new Date('2026-11-25T12:00:00Z');
const NOON = new Date('2026-11-26T12:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const OWNERS = ['none', 'Platform Team: (EU) "x"', 'a|b', undefined, 'platform team: (eu) "X"'];
const ACCEPTED = { 'bulwark.dev/except.run-as-non-root': 'the agent of the node' };

let hub: TestHub;
let prod: TestCluster;

function pod(name: string, namespace: string, annotations: Readonly<Record<string, string>> = {}): string {
  const metadata = { name, namespace, uid: name, annotations };
  const container = { name: 'app', image: 'a:1', securityContext: { privileged: true } };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container] } });
}

beforeAll(async () => {
  hub = await TestHub.start(DAY_BEFORE);
  prod = await hub.cluster('prod', { Pod: 'live' });
  for (const [index, owner] of OWNERS.entries())
    await prod.show(pod(`p-${index}`, `n-${index}`, owner === undefined ? {} : { owner }));
  await prod.show(pod('gone', 'n-1'));
  await prod.show(pod('agent', 'n-2', { ...ACCEPTED, owner: 'a|b' }));
  const staging = await hub.cluster('staging', { Pod: 'live' });
  await staging.show(pod('p-0', 'n-0'));
  await prod.show(
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "all|of it", uid: r}, rules: [
      {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}`,
  );
  // Names of access rights may differ in capitals alone.
  for (const name of ['Admins', 'admins'])
    await prod.show(
      `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ${name}, uid: ${name}}, rules: [
        {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}`,
    );
  // Two kinds of one name, as Knative makes a Service for each of its own.
  await prod.show(
    `{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web, namespace: n-1, uid: k}, spec: {template: {spec:
      {containers: [{name: app, image: "a:1", securityContext: {privileged: true}}]}}}}`,
  );
  await prod.show(
    `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: n-1, uid: s}, spec: {externalIPs: ["203.0.113.4"],
      ports: [{port: 80}]}}`,
  );
  hub.now = NOON;
  await prod.remove('Pod', 'n-1', 'gone');
  await prod.show(pod('late', 'n-1', { owner: 'none' }));
  const query = {
    op: 'field',
    field: 'name',
    compare: '=',
    values: [{ type: 'text', parts: ['p-1'] }],
  } as const;
  const { items } = await listFindings(hub.store, ALL, { query, limit: 2, now: NOON });
  const keys = items.map(({ clusterId, fingerprint }) => ({ cluster: clusterId, fingerprint }));
  await triage(hub.store, keys, { assignee: 'ann', author: 'ann', at: NOON });
}, 120_000);

afterAll(() => hub?.stop());

const handlers = () =>
  findingHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });
const NOTHING = { params: undefined, body: undefined };

interface Asked {
  readonly q?: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly cluster?: number;
  readonly namespace?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

async function groups(by: (typeof GROUPINGS)[number], asked: Asked, who: Partial<Caller> = {}) {
  const query = findingRoutes.groupFindings.query.parse({ by, limit: 500, ...asked });
  const answer = await handlers().groupFindings({ ...NOTHING, query }, asking(NOON, who));
  return findingRoutes.groupFindings.response.parse(answer);
}

async function totalOf(asked: Asked, who: Partial<Caller> = {}) {
  const query = findingRoutes.listFindings.query.parse({ ...asked, limit: 1 });
  return (await handlers().listFindings({ ...NOTHING, query }, asking(NOON, who))).total;
}

const QUERIES: readonly Asked[] = [
  { q: '' },
  { q: 'severity:>=high' },
  { q: 'state:excepted' },
  { q: 'state:resolved' },
  { q: 'state:open,excepted,resolved' },
  { q: '-state:open' },
  { q: 'severity:critical OR namespace:n-0' },
  { q: 'state:excepted OR severity:>=high' },
  { q: '-control:image-* -owner:none' },
  { q: '-(severity:low namespace:n-1)' },
  { q: 'privileged' },
  { q: 'privileged OR "rights"' },
  { q: 'assignee:ann' },
  { q: 'fixable:yes age:<2d' },
  { q: 'control:privileged-container namespace:n-1 owner:none' },
  { q: 'severity:>=medium', asOf: '2026-11-25T18:00:00Z' },
  { q: 'name:gone', asOf: '2026-11-25T18:00:00Z' },
  { q: 'state:excepted', asOf: '2026-11-25T18:00:00Z' },
  { q: 'severity:>=low', since: '2026-11-26T00:00:00Z' },
  { q: '-severity:info', cluster: 1 },
  { q: '-severity:info', namespace: 'n-1' },
];

describe.each(GROUPINGS)('the query of a group by %s', (by) => {
  it.each(QUERIES.map((asked) => [Object.values(asked).join(', '), asked] as const))(
    'finds what was counted in it of [%s]',
    async (_what, asked) => {
      const { items, total } = await groups(by, asked);
      const totals = await Promise.all(items.map(({ query }) => totalOf({ ...asked, q: query ?? 'none' })));

      expect(totals).toEqual(items.map(({ findings }) => findings));
      expect(items.reduce((sum, { findings }) => sum + findings, 0)).toBe(await totalOf(asked));
      expect(new Set(items.map(({ title }) => title)).size).toBe(items.length);
      expect(items.length).toBe(total);
      expect(items.length).toBeGreaterThan(0);
    },
  );

  it('finds it for whoever sees less, too', async () => {
    const who = { limits: { clusters: 'all' as const, namespaces: ['n-1', 'n-2'] } };
    const { items } = await groups(by, { q: 'severity:>=low' }, who);
    const totals = await Promise.all(items.map(({ query }) => totalOf({ q: query ?? 'none' }, who)));

    expect(totals).toEqual(items.map(({ findings }) => findings));
    expect(items.length).toBeGreaterThan(0);
  });

  it('is none where it would be longer than what is taken', async () => {
    const names = Array.from({ length: 240 }, (_each, index) => `longer-${index}`);
    const q = `-name:${names.join(',')}`.slice(0, LONGEST_QUERY);
    const { items } = await groups(by, { q });

    expect(q).toHaveLength(LONGEST_QUERY);
    expect(items.length).toBeGreaterThan(1);
    expect(items.map(({ query }) => query)).toEqual(items.map(() => null));
  });

  it('comes by pages that have every group once, in the order of all of them', async () => {
    const { items: all } = await groups(by, {});
    const paged: typeof all = [];
    const totals: (number | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await groups(by, { limit: 2, ...(cursor !== undefined && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.items);
      totals.push(page.total);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);

    expect(paged).toEqual(all);
    expect(totals[0]).toBe(all.length);
    expect(totals.slice(1).every((total) => total === null)).toBe(true);
  });
});

describe('groups', () => {
  it('are narrowed without saying twice what the query says already', async () => {
    const { items } = await groups('workload', { q: 'namespace:n-1 severity:critical', cluster: prod.id });

    expect(items.map(({ query }) => query)).toContain('namespace:n-1 severity:critical kind:Pod name:p-1');
  });

  it('of one owner in two spellings are one group', async () => {
    const { items } = await groups('owner', { cluster: prod.id });

    expect(items.map(({ title }) => title)).toContain('Platform Team: (EU) "x", platform team: (eu) "X"');
  });

  it.each(['x', Buffer.from('[2,"groups by owner",["4","1","a"],0]').toString('base64url')])(
    'refuse a cursor that is not theirs: %s',
    async (cursor) => {
      await expect(groups('control', { cursor })).rejects.toMatchObject({ code: 'bad-cursor' });
    },
  );

  it('of objects whose names differ in capitals alone are one group, with a name as it is written', async () => {
    const { items } = await groups('workload', { q: 'kind:ClusterRole name:admins', cluster: prod.id });

    expect(items.map(({ title, objects }) => [title, objects])).toEqual([['ClusterRole Admins', 2]]);
  });

  it.each(['prod', 'PROD'])(
    'have no query where another cluster is called %s, and have one where it is chosen',
    async (name) => {
      const { rows } = await hub.store.pool.query<{ id: number }>(
        `insert into cluster (uid, ca_hash, name, server, version, first_seen) values ('copy', 'copy', $1, '', '', now())
       returning id`,
        [name],
      );
      try {
        const { items } = await groups('namespace', {});
        const named = (await groups('namespace', { cluster: prod.id })).items;

        expect(
          new Set(items.map(({ title, query }) => [title.endsWith('in prod'), query === null].join())),
        ).toEqual(new Set(['true,true', 'false,false']));
        expect(named.every(({ query }) => query !== null)).toBe(true);
      } finally {
        await hub.store.pool.query('delete from cluster where id = $1', [rows[0]?.id]);
      }
    },
  );
});
