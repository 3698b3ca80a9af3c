import { FINDING_FIELDS, hash128, parseQuery } from '@bulwark/core';
import { listFindings, scopeOf, triage } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, finding, NOW, TestSender, workload } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

const titles = () => sender.receiver.got.map(({ title, owners }) => `${title} | ${owners.join()}`).sort();

const IN_NONE = { kind: 'rbac.authorization.k8s.io/ClusterRole', namespace: '', name: 'root' };
const SPACE = { kind: 'Namespace', apiVersion: 'v1', namespace: '' };

describe('what is told', () => {
  it('is one message for each change and owner, without a change for each control and owner', async () => {
    await sender.route(await sender.webhook());
    const b = { name: 'b', control: 'host-network' } as const;
    await sender.batch(
      [
        finding('1'),
        finding('2', { control: 'host-path' }),
        finding('3', b),
        finding('4', { ...b, team: 'payments', environment: 'production' }),
        finding('5', { ...b, team: undefined }),
      ],
      { resources: [workload('api')] },
    );
    sender.start();
    await eventually('all is sent', () => sender.isQuiet());

    expect(titles()).toEqual([
      'Deployment shop/api was created: 2 findings opened | storefront',
      'host-network: 1 finding opened | ',
      'host-network: 1 finding opened | payments',
      'host-network: 1 finding opened | storefront',
    ]);
    expect(sender.receiver.got.find(({ owners }) => owners[0] === 'payments')?.items).toEqual([
      {
        severity: 'high',
        control: 'host-network',
        object: 'Deployment shop/b',
        action: 'Remove it.',
        environment: 'production',
        text: 'Deployment shop/b: message 4',
        state: 'opened',
        link: `https://bulwark.example.com/findings?cluster=${sender.cluster}&open=${sender.cluster}.${hash128('4')}`,
      },
    ]);
  });

  it('says who changed what and when, why it matters and what to do, and links to these findings and the change', async () => {
    await sender.route(await sender.webhook());
    const reason = { factor: 'node', points: 20, text: 'can take its node', objects: [] } as const;
    const risk = { kind: 'apps/Deployment', namespace: 'shop', name: 'api', digest: hash128('r') };
    const found = finding('2', { control: 'host-path', severity: 'critical', environment: 'production' });
    await sender.batch([finding('1'), found], {
      resources: [workload('api')],
      risks: [{ ...risk, points: 20, reach: 'internet', reasons: [reason] }],
    });
    sender.start();
    await eventually('all is sent', () => sender.isQuiet());

    const [message] = sender.receiver.got;
    const [at] = (await sender.store.pool.query<{ id: number }>('select id from change')).rows;
    expect(message).toMatchObject({
      title: 'Deployment shop/api was created: 2 findings opened',
      environments: ['production', null],
      action: 'Remove it.',
      change: {
        object: 'Deployment shop/api',
        verb: 'created',
        by: 'ann',
        at: NOW.toISOString(),
        link: `https://bulwark.example.com/changes?cluster=${sender.cluster}&open=${sender.cluster}%2F${at?.id}`,
      },
      rank: {
        control: 'host-path',
        points: 85,
        why: 'Deployment shop/api can take its node.',
        lines: expect.arrayContaining([
          { label: 'critical control', points: 60 },
          { label: 'Deployment shop/api: can take its node', points: 20 },
        ]),
      },
      items: [{ control: 'host-path', severity: 'critical' }, { control: 'privileged-container' }],
    });
    const query = new URL(message?.link ?? '').searchParams.get('q');
    const prefixes = [hash128('2'), hash128('1')].map((each) => `${each.slice(0, 16)}*`);
    expect(query).toBe(`fingerprint:${prefixes.join(',')} state:open,excepted,resolved`);
  });

  it.each([
    { what: 'severity', more: { severity: 4 }, told: ['critical', 'unowned cluster'] },
    { what: 'owner', more: { owners: ['store*'] }, told: ['critical', 'high'] },
    {
      what: 'any owner',
      more: { owners: ['*'] },
      told: ['cluster', 'critical', 'high', 'namespace', 'payments'],
    },
    { what: 'the lack of one', more: { owners: [''] }, told: ['unowned', 'unowned cluster'] },
    {
      what: 'an owner, and the lack of one',
      more: { owners: ['*', ''], severity: 4 },
      told: ['critical', 'unowned cluster'],
    },
    {
      what: 'any namespace',
      more: { namespaces: ['*'] },
      told: ['critical', 'high', 'namespace', 'payments', 'unowned'],
    },
    { what: 'namespace', more: { namespaces: ['pay_%', 'pay*s'] }, told: ['payments'] },
    { what: 'namespace, the object itself too', more: { namespaces: ['search'] }, told: ['namespace'] },
  ])('is chosen by $what', async ({ more, told }) => {
    await sender.route(await sender.webhook(), more);
    await sender.batch([
      finding('critical', { severity: 'critical' }),
      finding('high'),
      finding('medium', { severity: 'medium' }),
      finding('unowned', { team: undefined }),
      finding('payments', { namespace: 'payments', team: 'payments' }),
      finding('namespace', { ...SPACE, name: 'search', team: 'search' }),
      finding('cluster', { ...IN_NONE, team: 'platform' }),
      finding('unowned cluster', { ...IN_NONE, severity: 'critical', team: undefined }),
    ]);
    sender.start();
    await eventually('all is sent', () => sender.isQuiet());

    const texts = sender.receiver.got.flatMap(({ items }) =>
      items.map(({ text }) => text.replace(/^.*message /, '')),
    );
    expect(texts.sort()).toEqual(told);
  });

  it('is what is resolved, what an exception no longer covers, and what got worse, but no acceptance', async () => {
    const channel = await sender.webhook();
    await sender.batch([finding('1'), finding('2', { severity: 'medium' }), finding('3')]);
    await sender.route(channel, { digestMinutes: 1 });
    const exception = { id: 1, reason: 'r', owner: null, until: null, origin: 'hub' };
    await sender.batch([finding('3', { exception })]);
    await sender.batch([finding('2', { severity: 'critical' }), finding('3')], { resolved: [hash128('1')] });
    sender.pass(2);
    const dispatcher = sender.start();
    await eventually('it is gathered', async () => (await sender.deliveries()).length === 1);
    expect(sender.receiver.got).toEqual([]);
    sender.pass(2);
    dispatcher.wake();
    await eventually('all is sent', () => sender.isQuiet());

    expect(titles()).toEqual(['prod: 1 finding opened, 1 no longer accepted, 1 resolved | storefront']);
    expect(sender.receiver.got[0]?.items.map(({ state, text }) => `${state} ${text}`)).toEqual([
      'opened Deployment shop/api: message 2',
      'opened Deployment shop/api: message 3 It was first seen 2026-11-26 10:00:00 UTC and was accepted before.',
      'resolved Deployment shop/api: message 1',
    ]);
  });

  it('has no item for what another finding of it says better, which its link shows as well', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1'), finding('2', { control: 'privilege-escalation' })], {
      resources: [workload('api')],
    });
    sender.start();
    await eventually('all is sent', () => sender.isQuiet());

    const [message] = sender.receiver.got;
    expect(message).toMatchObject({
      title: 'Deployment shop/api was created: 1 finding opened',
      items: [{ control: 'privileged-container' }],
      omitted: 0,
      told: 1,
    });
    expect(new URL(message?.link ?? '').searchParams.get('q')?.match(/[0-9a-f]{16}\*/g)).toHaveLength(2);
  });

  it('is nothing where it was undone before anybody was told', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    await sender.batch([], { resolved: [hash128('1')] });
    sender.start();
    await eventually('nothing is left', () => sender.isQuiet());

    expect(sender.receiver.got).toEqual([]);
    expect(await sender.deliveries()).toEqual([]);
  });

  it('is what was deferred before, when that ends, and says so', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    const key = { cluster: sender.cluster, fingerprint: hash128('1') };
    const deferredUntil = new Date('2026-11-27T08:00:00Z');
    await triage(sender.store, [key], { deferredUntil, author: 'ann', at: NOW });
    const dispatcher = sender.start();
    await eventually('it is put off', () => sender.isQuiet());
    expect(await sender.deliveries()).toEqual([]);
    sender.pass(24 * 60);
    dispatcher.wake();
    await eventually('it is sent', () => sender.receiver.got.length === 1);

    expect(sender.receiver.got[0]).toMatchObject({
      title: 'privileged-container: 1 no longer deferred',
      items: [
        {
          state: 'opened',
          text: 'Deployment shop/api: message 1 It was deferred until 2026-11-27 08:00:00 UTC.',
        },
      ],
    });
  });

  it.each([
    { what: 'a cluster that is new', isFirst: true, title: 'prod is watched now: 6000 findings opened' },
    { what: 'more than a person can read', isFirst: false, title: 'prod: 6000 findings opened' },
  ])('is one message for $what', async ({ isFirst, title }) => {
    await sender.route(await sender.webhook());
    await sender.batch(
      Array.from({ length: 6000 }, (_each, index) =>
        finding(`n${index}`, { control: `control-${index % 100}` }),
      ),
      { isFirst },
    );
    sender.start();
    await eventually('all is sent', async () => sender.receiver.got.length > 0 && (await sender.isQuiet()));

    expect(
      sender.receiver.got.map((message) => [message.title, message.items.length, message.omitted]),
    ).toEqual([[title, 20, 5980]]);
  });

  it('is not even kept where nobody asks', async () => {
    await sender.batch([finding('1')]);
    await sender.route(await sender.webhook(), { severity: 4 });
    await sender.batch([finding('2')]);

    expect((await sender.store.pool.query('select from notice')).rowCount).toBe(0);
  });
});

describe('a digest', () => {
  it('is one message, about all of its time, over restarts', async () => {
    await sender.route(await sender.webhook(), { digestMinutes: 60 });
    for (const name of ['a', 'b', 'c']) {
      await sender.batch([finding(name)]);
      const dispatcher = sender.start({ graceMs: 0 });
      await eventually('it is gathered', async () => {
        const { rowCount } = await sender.store.pool.query('select from notice');
        return rowCount === 0;
      });
      await dispatcher.stop();
      sender.pass(10);
    }
    expect(sender.receiver.got).toEqual([]);
    sender.pass(31);
    sender.start({ graceMs: 0 });
    await eventually('it is sent', () => sender.isQuiet());

    expect(sender.receiver.got.map(({ title }) => title)).toEqual(['prod: 3 findings opened']);
  });
});

describe('the link of a message about many findings', () => {
  it('finds these, also what is mended since, and no others of the same control and owner', async () => {
    await sender.route(await sender.webhook(), { namespaces: ['shop'] });
    const named = (length: number, name: string, more = {}) =>
      Array.from({ length }, (_each, index) =>
        finding(`${name}-${index}`, { name: `${name}-${index}`, ...more }),
      );
    const told = named(70, 'told');
    await sender.batch([...told, ...named(5, 'other', { namespace: 'x' })]);
    sender.start({ graceMs: 0 });
    await eventually('it is sent', () => sender.isQuiet());
    // It is read when some of it is mended; what came before in this file was later than this.
    sender.pass(60);
    await sender.batch([], { resolved: told.slice(0, 9).map(({ fingerprint }) => fingerprint) });

    const query = new URL(sender.receiver.got[0]?.link ?? '').searchParams.get('q') ?? '';
    const parsed = parseQuery(query, FINDING_FIELDS);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const all = scopeOf({ clusters: 'all', namespaces: 'all' });
    const { items } = await listFindings(sender.store, all, {
      query: parsed.value,
      limit: 500,
      now: sender.now,
    });
    expect(query).toBe(`notification:${sender.receiver.got[0]?.id} state:open,excepted,resolved`);
    expect(items.map(({ name }) => name).sort()).toEqual(told.map(({ name }) => name).sort());
  });
});
