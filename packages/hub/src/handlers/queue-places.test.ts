import { CONTROLS } from '@bulwark/controls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queueHandlers } from './queue.ts';
import { TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');

let hub: TestHub;
let staging: number;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  for (const name of ['prod', 'staging']) {
    const cluster = await hub.cluster(name, { Pod: 'live' });
    await cluster.show(podOf('web', 'true'));
    if (name === 'staging') {
      await cluster.show(podOf('probe', 'false', 'hostPID: true'));
      staging = cluster.id;
    }
  }
}, 120_000);

afterAll(() => hub?.stop());

function podOf(name: string, privileged: string, more = 'hostPID: false'): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, uid: ${name}}, spec: {${more}, containers: [
    {name: app, image: "example.com/app:1", securityContext: {privileged: ${privileged}}}]}}`;
}

async function itemOf(control: string, cluster?: number) {
  const handlers = queueHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });
  const query = { q: `control:${control}`, limit: 100, cluster };
  const { items } = await handlers.getQueue({ params: undefined, query, body: undefined }, asking(NOON));
  return items.find((item) => item.control === control);
}

describe('an item of the queue', () => {
  it('says in which clusters it is found, and in which the worst workload is', async () => {
    const item = await itemOf('privileged-container');

    expect(item?.clusters.map(({ name }) => name).sort()).toEqual(['prod', 'staging']);
    expect(item?.reach).toBe('2 findings in 2 objects, 2 of nobody, in prod and staging.');
    expect(item?.riskiest?.name).toMatch(/^Pod shop\/web in (prod|staging)$/);
    expect(item?.why).toMatch(/^Pod shop\/web in (prod|staging) can take its node/);
  });

  it('says which cluster it is found in where it is one of several', async () => {
    expect((await itemOf('host-pid'))?.reach).toBe('1 finding in 1 object, 1 of nobody, in staging.');
  });

  it('does not name the only cluster that is looked at', async () => {
    const item = await itemOf('privileged-container', staging);

    expect(item?.reach).toBe('1 finding in 1 object, 1 of nobody.');
    expect(item?.riskiest?.name).toBe('Pod shop/web');
  });
});
