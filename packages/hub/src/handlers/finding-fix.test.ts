import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const TOKEN = 'control:automount-service-account-token';
const deployment = (namespace: string, name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: idle, containers: [{ name: app, image: 'example.com/app:1' }] }
`;
const account = (namespace: string): string =>
  `{ apiVersion: v1, kind: ServiceAccount, metadata: { name: idle, namespace: ${namespace} } }`;
/** It runs as a user of its own, but for a container that says something else. */
const withUser = (namespace: string, name: string, user: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      automountServiceAccountToken: false
      securityContext: { runAsUser: 1234 }
      containers: [{ name: app, image: 'example.com/app:1', securityContext: { runAsUser: ${user} } }]
`;
const IDLE = [
  account('shop'),
  account('pay'),
  deployment('shop', 'one'),
  deployment('pay', 'two'),
  withUser('shop', 'rooted', '0'),
  withUser('pay', 'other', '1234'),
].join('\n---\n');

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(YAML);
  await prod.show(IDLE);
});

afterAll(() => hub?.stop());

function handlers() {
  const controls = new Map(
    CONTROLS.filter(({ profile }) => profile !== 'opt-in').map((control) => [control.id, control]),
  );
  return findingHandlers({ store: hub.store, controls, answers: new KeptAnswers(hub.store) });
}

async function found(q: string) {
  const asked = { params: undefined, body: undefined, query: { q, limit: 500 } };
  const answer = await handlers().listFindings(asked, asking(NOON));
  return findingRoutes.listFindings.response.parse(answer).items;
}

async function detail(fingerprint: string, who: Partial<Caller> = {}) {
  const asked = { params: { cluster: prod.id, fingerprint }, body: undefined, query: {} };
  const answer = await handlers().getFinding(asked, asking(NOON, who));
  return findingRoutes.getFinding.response.parse(answer);
}

/** What git makes of a text and a patch. */
function applied(text: string, patch: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-patch-'));
  try {
    const [, file = ''] = /^--- a\/(.*)$/m.exec(patch) ?? [];
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: patch, stdio: ['pipe', 'pipe', 'pipe'] });
    return readFileSync(join(folder, file), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a finding with a remedy', () => {
  it('is found by fixable:yes, and has a patch with its grade and why', async () => {
    const items = await found('fixable:yes kind:DaemonSet');
    const fixes = await Promise.all(items.map(async ({ fingerprint }) => (await detail(fingerprint)).fix));

    expect(items.length).toBeGreaterThan(3);
    expect(fixes.filter((fix) => fix !== null).length).toBeGreaterThan(3);
    for (const fix of fixes) if (fix !== null) expect(fix.why).toMatch(/\w/);
  });

  it('is resolved by what git makes of the object and the patch', async () => {
    const [finding] = await found('fixable:yes name:two control:allow-privilege-escalation');
    const fingerprint = finding?.fingerprint ?? '';
    const { fix, yaml } = await detail(fingerprint);

    hub.now = new Date(NOON.getTime() + 60_000);
    await prod.show(applied(yaml?.text ?? '', fix?.patch ?? ''));

    expect((await detail(fingerprint)).state).toBe('resolved');
  });

  it('has the patch also where the control looks at other objects', async () => {
    const [finding] = await found(`${TOKEN} name:one`);

    const { fix } = await detail(finding?.fingerprint ?? '');

    expect(fix?.patch).toContain('+      automountServiceAccountToken: false');
    expect(fix?.grade).toBe('may break');
  });

  it('has no patch after which something else is wrong because of an object of another namespace', async () => {
    const [finding] = await found('control:run-as-user-root name:rooted');
    const ofShop = { limits: { clusters: 'all' as const, namespaces: ['shop'] } };

    expect((await detail(finding?.fingerprint ?? '')).fix).toBeNull();
    // Who does not see that object is told among what the patch was proven.
    expect((await detail(finding?.fingerprint ?? '', ofShop)).fix?.judgedWith).toBe(
      'It was judged among the objects of its namespace, what belongs to no namespace, and of other namespaces that you see the workloads, roles, bindings, Services, Ingresses and grants that controls look at there. What it changes for other objects was not judged.',
    );
  });

  it('names the first of its siblings, and counts all of them', async () => {
    const [finding] = await found(TOKEN);
    const { affected, siblings } = await detail(finding?.fingerprint ?? '');

    expect([affected.length, siblings]).toEqual([1, 1]);
    expect(affected.map(({ fingerprint }) => fingerprint)).not.toContain(finding?.fingerprint);
  });

  it('names no sibling that the caller may not see', async () => {
    const [finding] = await found(`${TOKEN} namespace:shop`);
    const limits = { clusters: 'all' as const, namespaces: ['shop'] };

    const { affected, siblings } = await detail(finding?.fingerprint ?? '', { limits });

    expect([affected, siblings]).toEqual([[], 0]);
  });

  it('counts all other open findings where it is open no more itself', async () => {
    const [finding] = await found(TOKEN);
    const fingerprint = finding?.fingerprint ?? '';
    await hub.store.pool.query(
      `update finding set exception = '{"id":null,"reason":"because","owner":null,"until":null,"origin":"file"}' where fingerprint = $1`,
      [fingerprint],
    );
    await hub.store.pool.query(
      'update counter set open = open - 1, excepted = excepted + 1 where control = $1 and namespace = $2',
      [finding?.control, finding?.resource.namespace],
    );
    const { state, siblings, affected } = await detail(fingerprint);

    expect([state, siblings, affected.length]).toEqual(['excepted', 1, 1]);
  });
});

describe('a finding without a remedy', () => {
  it('has no patch', async () => {
    const [finding] = await found('fixable:no');

    expect((await detail(finding?.fingerprint ?? '')).fix).toBeNull();
  });
});
