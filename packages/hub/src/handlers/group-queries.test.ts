import { GROUPINGS } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const OWNERS = ['none', 'Platform Team: (EU) "x"', 'a|b', undefined];

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  for (const [index, owner] of OWNERS.entries()) {
    const annotations = owner === undefined ? {} : { owner };
    const metadata = { name: `p-${index}`, namespace: `n-${index}`, uid: `p-${index}`, annotations };
    await prod.show(
      `{apiVersion: v1, kind: Pod, metadata: ${JSON.stringify(metadata)}, spec: {containers: [{name: app, image: "a:1"}]}}`,
    );
  }
  const staging = await hub.cluster('staging', { Pod: 'live' });
  await staging.show(
    `{apiVersion: v1, kind: Pod, metadata: {name: p-0, namespace: n-0, uid: p-0}, spec: {containers: [{name: app, image: "a:1"}]}}`,
  );
  await prod.show(
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "all|of it", uid: r}, rules: [
      {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}`,
  );
}, 120_000);

afterAll(() => hub?.stop());

it.each(GROUPINGS)(
  'the query of a group by %s finds exactly what is in it, whatever its name holds, in whatever cluster',
  async (by) => {
    const handlers = findingHandlers({
      store: hub.store,
      controls: new Map(CONTROLS.map((each) => [each.id, each])),
      answers: new KeptAnswers(hub.store),
    });
    const common = { params: undefined, body: undefined };
    const { items } = await handlers.groupFindings({ ...common, query: { by, limit: 100 } }, asking(NOON));
    const totals = await Promise.all(
      items.map(async ({ query: q }) => {
        const found = await handlers.listFindings({ ...common, query: { q, limit: 1 } }, asking(NOON));
        return found.total;
      }),
    );

    expect(new Set(items.map(({ title }) => title)).size).toBe(items.length);
    expect(totals.length).toBeGreaterThan(3);
    expect(totals).toEqual(items.map(({ findings }) => findings));
  },
);
