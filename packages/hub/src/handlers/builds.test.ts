import {
  type BuildRecordBody,
  type BuildRecordItem,
  buildRecordBody,
  ROUTES,
  workloadBuild,
} from '@bulwark/api';
import type { JsonObject } from '@bulwark/core';
import { scopeOf } from '@bulwark/store';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Limits } from '../access/limits.ts';
import type { RequestContext } from '../http/handler.ts';
import { buildHandlers } from './builds.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const ALL: Limits = { clusters: 'all', namespaces: 'all' };
const DIGEST = `sha256:${'a'.repeat(64)}`;

function manifest(name: string, more: { pod?: string; env?: string; namespace?: string } = {}): string {
  const { pod = '', env = 'MODE', namespace } = more;
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      ${pod}
      containers: [{ name: app, image: "example.com/${name}@${DIGEST}", env: [{ name: ${env}, value: hunter2-hunter3 }] }]
`;
}

/** Of parts, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3d'].join('_');
const COUNTS = { critical: 0, high: 1, medium: 2, low: 0, info: 0 };

function body(manifests: readonly string[], more: Partial<BuildRecordBody> = {}): BuildRecordBody {
  return {
    repository: 'github.com/acme/shop',
    commit: 'c0ffee'.padEnd(40, '0'),
    ref: 'main',
    run: 'https://ci.example/runs/1',
    author: 'Ann',
    system: 'github-actions',
    verdict: 'failed',
    failOn: 'high',
    controls: 7,
    findings: COUNTS,
    at: NOON.toISOString(),
    manifests: manifests.map((text) => load(text) as Record<string, unknown>),
    images: [],
    ...more,
  };
}

let hub: TestHub;
let cluster: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  cluster = await hub.cluster('prod', { 'apps/Deployment': 'live' });
});
afterAll(() => hub?.stop());

function context(limits: Limits = ALL): RequestContext {
  return {
    caller: { user: 'token ci', limits, scope: scopeOf(limits) },
    now: hub.now,
  } as unknown as RequestContext;
}

async function post(sent: BuildRecordBody, limits = ALL) {
  const { createBuildRecord } = buildHandlers(hub.store);
  const answer = await createBuildRecord(
    { params: undefined, query: undefined, body: buildRecordBody.parse(sent) },
    context(limits),
  );
  return ROUTES.createBuildRecord.response.parse(answer);
}

async function buildOf(name: string, namespace = 'shop', limits = ALL) {
  const { getWorkloadBuild } = buildHandlers(hub.store);
  const params = { cluster: cluster.id, kind: 'Deployment.apps', namespace, name };
  return workloadBuild.parse(await getWorkloadBuild({ params, query: {}, body: undefined }, context(limits)));
}

describe('a workload', () => {
  it('that no build has named was never seen in one, and neither was its image', async () => {
    await cluster.show(manifest('nobodys', { namespace: 'shop' }));

    expect(await buildOf('nobodys')).toEqual({
      state: 'never',
      record: null,
      differences: [],
      others: [],
      images: [{ digest: DIGEST, record: null }],
    });
  });

  it('that is what was judged says who built it, from what, and the verdict', async () => {
    await post(
      body([manifest('web')], { images: [{ name: 'example.com/web', digest: DIGEST, made: true }] }),
    );
    await cluster.show(manifest('web', { namespace: 'shop' }));

    const { state, record, images } = await buildOf('web');

    expect([state, record]).toEqual([
      'same',
      expect.objectContaining({
        repository: 'github.com/acme/shop',
        author: 'Ann',
        run: 'https://ci.example/runs/1',
        verdict: 'failed',
        findings: COUNTS,
        controls: 7,
      }),
    ]);
    expect(images.map((image) => image.record?.author)).toEqual(['Ann']);
  });

  it('that somebody has changed says where, until a build has judged that', async () => {
    await post(body([manifest('shop')]));
    await cluster.show(manifest('shop', { namespace: 'shop', pod: 'hostPID: true' }));

    const changed = await buildOf('shop');
    await post(body([manifest('shop', { pod: 'hostPID: true' })], { commit: 'b'.repeat(40) }));

    expect([changed.state, changed.differences]).toEqual([
      'changed',
      [{ path: 'spec.template.spec.hostPID', change: 'added' }],
    ]);
    expect(await buildOf('shop')).toMatchObject({ state: 'same', record: { commit: 'b'.repeat(40) } });
  });

  it('that runs an older version is what that version was', async () => {
    await cluster.show(manifest('old', { namespace: 'shop' }));
    await post(body([manifest('old')]));
    await post(body([manifest('old', { pod: 'hostPID: true' })], { commit: 'd'.repeat(40) }));

    expect(await buildOf('old')).toMatchObject({ state: 'same', record: { commit: body([]).commit } });
  });

  it('out of scope is not there', async () => {
    await expect(buildOf('web', 'shop', { clusters: 'all', namespaces: ['pay'] })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('what is posted', () => {
  it('is kept without what looks like a secret, whoever has sent it', async () => {
    await post(body([manifest('secret', { env: 'DB_PASSWORD' })]));

    const { rows } = await hub.store.pool.query<{ text: string }>(
      "select content::text as text from build_manifest where content #>> '{metadata,name}' = 'secret'",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).toContain('[redacted]');
    expect(rows[0]?.text).not.toContain('hunter2');
  });

  it.each<[string, Partial<BuildRecordBody>, Partial<BuildRecordItem>]>([
    ['repository', { repository: `git.example/${TOKEN}/x` }, { repository: 'git.example/[redacted]/x' }],
    ['ref', { ref: `refs/heads/${TOKEN}` }, { ref: 'refs/heads/[redacted]' }],
    ['author', { author: `Ann ${TOKEN}` }, { author: 'Ann [redacted]' }],
    [
      "run's query",
      { run: `https://ci.example/1?token=${TOKEN}` },
      { run: 'https://ci.example/1?token=[redacted]' },
    ],
    ["run's user", { run: `https://u:${TOKEN}@ci.example/2` }, { run: 'https://ci.example/2' }],
    ["run's user alone", { run: 'https://hunter2@ci.example/2' }, { run: 'https://ci.example/2' }],
    ["run's host", { run: `https://${TOKEN}.ci.example/2` }, { run: null }],
    ['image', { images: [{ name: `example.com/${TOKEN}/web`, digest: DIGEST, made: true }] }, {}],
  ])('is kept without a secret in its %s', async (what, more, shown) => {
    const { id } = await post(
      body([], { ...more, commit: Buffer.from(`${what} of it`).toString('hex').slice(0, 64) }),
    );

    const { getBuildRecord } = buildHandlers(hub.store);
    const one = ROUTES.getBuildRecord.response.parse(
      await getBuildRecord({ params: { id }, query: undefined, body: undefined }, context()),
    );
    const { rows } = await hub.store.pool.query<{ text: string }>(
      `select coalesce(string_agg(r::text, ' '), '') || coalesce((select string_agg(i::text, ' ') from build_image i), '') as text
       from build_record r`,
    );
    expect(one).toMatchObject(shown);
    expect(rows[0]?.text).not.toContain('hunter2');
    expect(rows[0]?.text).not.toContain(TOKEN);
    expect(JSON.stringify(one)).not.toContain(TOKEN);
  });

  it('by a token with limits may name no other namespace, and says nothing beyond them', async () => {
    const limits: Limits = { clusters: 'all', namespaces: ['pay'] };
    const manifests = ['shop', 'else'].map((namespace) => manifest('theirs', { namespace }));
    await cluster.show(manifest('theirs', { namespace: 'shop' }));

    await expect(post(body(manifests), limits)).rejects.toMatchObject({
      code: 'not-allowed',
      details: { detail: expect.stringContaining('apps/Deployment else/theirs') as string },
    });
    await post(body([manifest('theirs')]), limits);
    expect((await buildOf('theirs')).state).toBe('never');
  });

  it('has to be objects with names; each that is none is said', async () => {
    const wrong = body([manifest('a')], { manifests: [{ kind: 'Pod' }, { a: 1 }] as JsonObject[] });

    await expect(post(wrong)).rejects.toMatchObject({
      code: 'bad-request',
      details: { errors: [{ path: 'manifests.0' }, { path: 'manifests.1' }] },
    });
  });

  it.each<[string, Partial<BuildRecordBody>]>([
    ['a password in the repository', { repository: 'https://ann:secret@github.com/acme/shop' }],
    ['a script for an address', { run: 'javascript:alert(1)' }],
    ['no commit', { commit: 'main' }],
    ['lines in a name', { author: 'Ann\nBob' }],
    ['a digest that is none', { images: [{ name: 'a', digest: 'latest', made: true }] }],
  ])('is refused with %s', (_what, more) => {
    expect(buildRecordBody.safeParse(body([], more)).success).toBe(false);
  });

  it('is refused where it is nested without end', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as Record<string, unknown>;

    expect(buildRecordBody.safeParse({ ...body([]), manifests: [deep] }).error?.issues[0]?.message).toBe(
      'is nested too deep',
    );
  });
});
