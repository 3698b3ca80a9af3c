import { catalogueRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { catalogueHandlers } from './catalogue.ts';
import { TestHub } from './test-cluster.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
/** Nothing lies in it. */
const QUIET = '{apiVersion: v1, kind: Namespace, metadata: {name: quiet, uid: quiet}}';
const READER = `{apiVersion: apps/v1, kind: Deployment, metadata: {name: reader, namespace: pay, uid: reader}, spec: {template: {spec: {
  containers: [{name: app, image: "example.com/app:1", envFrom: [{secretRef: {name: till}}]}]}}}}`;
const RUNNING = CONTROLS.filter(({ profile }) => profile === 'default').map(({ id }) => id);

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOW);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show([...['pay', 'shop'].map(podIn), QUIET, READER].join('\n---\n'));
  const test = await hub.cluster('test', { Pod: 'live' });
  await test.show(['trial', 'none'].map(podIn).join('\n---\n'));
}, 120_000);

afterAll(() => hub?.stop());

function podIn(namespace: string): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ${namespace}, uid: ${namespace}}, spec: {containers: [
    {name: app, image: "example.com/app:1", securityContext: {privileged: true}}]}}`;
}

function handlers() {
  return catalogueHandlers({ store: hub.store, all: CONTROLS, running: new Set(RUNNING) });
}

async function controls(asked: Readonly<Record<string, string>>) {
  const query = catalogueRoutes.listControls.query.parse(asked);
  const answer = await handlers().listControls({ params: undefined, query, body: undefined }, asking(NOW));
  return catalogueRoutes.listControls.response.parse(answer).items;
}

describe('the list of controls', () => {
  it.each([
    ['id:privileged-container', ['privileged-container']],
    // What another tool calls it.
    [`id:${CONTROLS.find(({ aliases }) => aliases.length > 0)?.aliases[0]}`, undefined],
    ['findings:>0 id:privileged*', ['privileged-container']],
    ['runs:no id:privileged-container', []],
  ])('is found by %s', async (q, ids) => {
    const found = await controls({ q });

    if (ids === undefined) expect(found.length).toBeGreaterThan(0);
    else expect(found.map(({ id }) => id)).toEqual(ids);
  });

  it('is found by words of its title, in whatever case', async () => {
    const all = await controls({});
    const found = await controls({ q: 'Privileged CONTAINER' });

    expect(all).toHaveLength(CONTROLS.length);
    expect(found.map(({ id }) => id)).toContain('privileged-container');
    expect(found.length).toBeLessThan(all.length);
  });

  it('says where a query goes wrong', async () => {
    await expect(controls({ q: 'severty:high' })).rejects.toMatchObject({
      code: 'bad-query',
      details: { errors: [{ path: 'q', position: 0, nearest: 'severity' }] },
    });
  });

  it('counts what is open in a namespace where one is asked for', async () => {
    const q = 'id:privileged-container';
    const open = async (more: Readonly<Record<string, string>>) =>
      (await controls({ q, ...more }))[0]?.findings;

    expect(await open({})).toBe(4);
    expect(await open({ namespace: 'shop' })).toBe(1);
    expect(await open({ namespace: 'nowhere' })).toBe(0);
  });
});

describe('the completion of values', () => {
  it('offers those of the cluster that is looked at', async () => {
    const clusters = (await hub.store.pool.query<{ id: number }>('select id from cluster order by id')).rows;
    const offered = async (cluster?: number) => {
      const query = catalogueRoutes.complete.query.parse({
        list: 'findings',
        q: 'namespace:',
        ...(cluster !== undefined && { cluster }),
      });
      const answer = await handlers().complete({ params: undefined, query, body: undefined }, asking(NOW));
      return answer.items.map(({ text }) => text);
    };

    expect(await offered()).toEqual(['"none"', 'pay', 'quiet', 'shop', 'trial', 'none']);
    expect(await offered(clusters[1]?.id)).toEqual(['"none"', 'trial', 'none']);
  });

  it('says what each is called, beside what asks for it', async () => {
    const query = catalogueRoutes.complete.query.parse({ list: 'findings', q: 'namespace:n' });
    const answer = await handlers().complete({ params: undefined, query, body: undefined }, asking(NOW));

    expect(catalogueRoutes.complete.response.parse(answer).items).toEqual([
      { text: '"none"', label: 'none', detail: '' },
      { text: 'none', label: 'none', detail: 'no value' },
    ]);
  });

  it('offers those of the namespace that is looked at', async () => {
    const offered = async (list: string, q: string, namespace: string) => {
      const query = catalogueRoutes.complete.query.parse({ list, q, namespace });
      const answer = await handlers().complete({ params: undefined, query, body: undefined }, asking(NOW));
      return answer.items.map(({ text }) => text);
    };

    expect(await offered('workloads', 'name:', 'pay')).toEqual(['p', 'reader']);
    expect(await offered('workloads', 'name:', 'shop')).toEqual(['p']);
    expect(await offered('secrets', 'name:', 'pay')).toEqual(['till']);
    expect(await offered('secrets', 'name:', 'shop')).toEqual([]);
  });

  it.each<[list: string, q: string, expected: string[]]>([
    ['findings', 'framework:pss-b', ['pss-baseline']],
    ['controls', 'id:privileged-container-', ['privileged-container-port']],
    ['controls', 'framework:pss-baseline/', expect.arrayContaining(['pss-baseline/privileged-containers'])],
    ['secrets', 'used-by:dep', ['"Deployment reader"']],
    ['namespaces', 'name:', ['quiet']],
  ])('of %s offers for %s what is in that list', async (list, q, expected) => {
    const query = catalogueRoutes.complete.query.parse({ list, q });
    const answer = await handlers().complete({ params: undefined, query, body: undefined }, asking(NOW));

    expect(answer.items.map(({ text }) => text)).toEqual(expected);
  });
});
