import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FrameworkReport, frameworkReport } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../access/caller.ts';
import { asking } from '../callers.testing.ts';
import { frameworkHandlers } from '../frameworks.ts';
import { type TestCluster, TestHub } from '../test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const TWO = new Date('2026-11-26T14:00:00Z');
const HOSTILE = '<img src=x onerror=alert(1)>"\'&';
/** More than one page of findings. */
const MANY = 505;
const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ4EKzlA';

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live', 'rbac.authorization.k8s.io/ClusterRole': 'denied' });
  const other = await hub.cluster('other', { Pod: 'live' });
  await prod.show(pod('shop', 'web', '{privileged: true}', { owner: HOSTILE }));
  await other.show(pod('shop', 'far-away', '{privileged: true}'));
  hub.now = ONE;
  const said = {
    'bulwark.dev/except.host-port': `agents on the node ask it there ${TOKEN}; until=2027-03-01; owner=ops`,
    'bulwark.dev/except.privileged-container': 'it drives the disks',
  };
  await prod.show(pod('pay', 'driver', '{privileged: true}', said, '[{containerPort: 80, hostPort: 8080}]'));
}, 120_000);

afterAll(() => hub?.stop());

function pod(namespace: string, name: string, context: string, annotations = {}, ports = '[]'): string {
  const metadata = { name, namespace, uid: name, annotations };
  return `{apiVersion: v1, kind: Pod, metadata: ${JSON.stringify(metadata)}, spec: {containers: [
    {name: app, image: "example.com/app:1", ports: ${ports}, securityContext: ${context}}]}}`;
}

interface Asked {
  readonly asOf?: Date;
  readonly now?: Date;
  readonly cluster?: number;
  readonly who?: Partial<Caller>;
  readonly id?: string;
}

/** What a browser gets when it asks for a report. */
async function download(format: 'html' | 'json', asked: Asked = {}) {
  const { asOf, now = TWO, cluster, who, id = 'pss-baseline' } = asked;
  const query = { format, cluster, asOf: asOf?.toISOString() };
  const handlers = frameworkHandlers(hub.store, CONTROLS);
  const failures: unknown[] = [];
  const server = createServer(({ headers }, raw) => {
    const reply = { hijack: () => reply, getHeaders: () => ({}), raw } as unknown as FastifyReply;
    const request = { method: 'GET', headers } as FastifyRequest;
    const context = { ...asking(now, who), request, reply };
    Promise.resolve(handlers.exportFramework({ params: { id }, query, body: undefined }, context)).catch(
      (cause: unknown) => {
        failures.push(cause);
        raw.destroy();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch((cause: unknown) => {
      throw failures[0] ?? cause;
    });
    return { text: await answer.text(), headers: answer.headers };
  } finally {
    server.close();
  }
}

async function report(asked: Asked = {}): Promise<FrameworkReport> {
  return frameworkReport.parse(JSON.parse((await download('json', asked)).text));
}

describe('the report of a framework', () => {
  it('says when, as of when, for whom and about which clusters it was made', async () => {
    const { text, headers } = await download('json', { cluster: prod.id, asOf: NOON });
    const made = frameworkReport.parse(JSON.parse(text));

    expect(headers.get('content-disposition')).toBe('attachment; filename="pss-baseline-2026-11-26.json"');
    expect([made.madeAt, made.asOf, made.madeBy]).toEqual([TWO.toISOString(), NOON.toISOString(), 'ann']);
    expect(made.clusters).toMatchObject([{ name: 'prod', uid: 'prod', version: 'v1.34.0' }]);
    expect(made.limits).toEqual({ clusters: [prod.id], namespaces: 'all' });
  });

  it('has every lost part of the coverage, as of when it is made', async () => {
    const { coverage } = await report({ cluster: prod.id });

    expect(coverage.percent).toBe(50);
    expect(coverage.asOf).toBe(TWO.toISOString());
    expect(coverage.entries).toContainEqual(
      expect.objectContaining({ kind: 'lost', subject: 'rbac.authorization.k8s.io/ClusterRole' }),
    );
  });

  it('gives each requirement its verdict, why, by which controls, and the counts of teams', async () => {
    const made = await report({ cluster: prod.id });
    const of = (id: string) => made.requirements.find((each) => each.id === id);

    expect(of('privileged-containers')).toMatchObject({
      verdict: 'fail',
      reason: '2 findings of privileged-container are open.',
      open: 2,
      excepted: 0,
      controls: [{ id: 'privileged-container', runs: true, open: 2, excepted: 0 }],
      teams: [
        { owner: null, open: 1, excepted: 0 },
        { owner: HOSTILE, open: 1, excepted: 0 },
      ],
    });
    expect(of('host-ports')).toMatchObject({
      verdict: 'excepted',
      reason: 'All that was found is accepted by exceptions: 1 finding of host-port.',
    });
    expect(of('seccomp')).toMatchObject({
      verdict: 'pass',
      reason: 'seccomp-unconfined judged what is there and found nothing.',
    });
    expect(made.requirements.every(({ reason }) => reason !== '')).toBe(true);
  });

  it('has every object that fails, since when, and what accepts it, without secrets', async () => {
    const { findings, total } = await report({ cluster: prod.id });

    expect(total).toBe(3);
    expect(
      findings.map(({ resource, state, owner, firstSeen }) => [resource.name, state, owner, firstSeen]),
    ).toEqual(
      expect.arrayContaining([
        ['web', 'open', HOSTILE, NOON.toISOString()],
        ['driver', 'open', null, ONE.toISOString()],
        ['driver', 'excepted', null, ONE.toISOString()],
      ]),
    );
    expect(findings.find(({ state }) => state === 'excepted')).toMatchObject({
      requirements: ['host-ports'],
      exception: { reason: 'agents on the node ask it there [redacted]', owner: 'ops', until: '2027-03-01' },
    });
    expect(findings.find(({ requested }) => requested !== null)).toMatchObject({
      requirements: ['privileged-containers'],
      requested: { reason: 'it drives the disks', until: null, approvedBy: null },
    });
    expect(JSON.stringify(findings)).not.toContain(TOKEN);
  });

  it('is of the moment that is asked for, in verdicts and findings alike', async () => {
    const { findings, requirements } = await report({ cluster: prod.id, asOf: NOON });

    expect(findings.map(({ resource }) => resource.name)).toEqual(['web']);
    expect(requirements.find(({ id }) => id === 'privileged-containers')).toMatchObject({
      open: 1,
      excepted: 0,
    });
  });

  it('holds nothing beyond the limits of who asks, and says what they are', async () => {
    const limits = { clusters: [prod.id], namespaces: ['pay'] };
    const { text } = await download('html', { who: { limits } });
    const made = await report({ who: { limits } });

    expect(made.findings.map(({ resource }) => resource.name)).toEqual(['driver', 'driver']);
    expect(made.limits).toEqual(limits);
    expect(text).toContain('It is about the namespaces pay of the clusters below alone');
    expect(text).not.toMatch(/shop|far-away/);
  });

  it('is a page that loads nothing, in which hostile names are text', async () => {
    const { text, headers } = await download('html');

    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('&#60;img src=x onerror=alert(1)&#62;');
    expect(text).not.toMatch(/<img|<script|<link|src="|url\(/);
    expect(text).toContain("default-src 'none'".replaceAll("'", '&#39;'));
    for (const said of [
      'it drives the disks',
      'approved by nobody',
      'until 2027-03-01',
      'As of 2026-11-26 14:00 UTC',
    ])
      expect(text).toContain(said);
    expect(text.trimEnd().endsWith('</html>')).toBe(true);
    expect(text.match(/<\/?main>/g)).toEqual(['<main>', '</main>']);
    expect(text).not.toContain(TOKEN);
  });

  it('is refused for a framework that there is not', async () => {
    await expect(download('json', { id: 'pss' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('has all findings, over however many pages they come', async () => {
    const container = (index: number) =>
      `{name: c${index}, image: "example.com/app:1", securityContext: {privileged: true}}`;
    const names = Array.from({ length: MANY }, (_, index) => container(index)).join(', ');
    hub.now = TWO;
    await prod.show(
      `{apiVersion: v1, kind: Pod, metadata: {name: big, namespace: shop, uid: big}, spec: {containers: [${names}]}}`,
    );
    const { findings, total } = await report({ now: new Date(TWO.getTime() + 1000), cluster: prod.id });
    const big = findings.filter(({ resource }) => resource.name === 'big');

    expect(total).toBe(findings.length);
    expect(new Set(big.map(({ container: name }) => name)).size).toBe(MANY);
  });
});
