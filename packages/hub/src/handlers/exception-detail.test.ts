import { decisionRoutes, selectionRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS } from '@bulwark/core';
import { listFindings, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { decisionSettings } from '../cluster/decision-settings.ts';
import { asking } from './callers.testing.ts';
import { decisionHandlers } from './decisions.ts';
import type { ScopeInput } from './exception-scope.ts';
import { queryOf } from './list-request.ts';
import { selectionHandlers } from './selections.ts';
import { CONFIGURED, type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const NOTHING = { params: undefined, query: undefined, body: undefined };
const TITLES: ReadonlyMap<string, string> = new Map(CONTROLS.map(({ id, title }) => [id, title]));
const SHOP = { user: 'eve', limits: { clusters: 'all', namespaces: ['shop'] } } as const;

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const settings = (cluster: number) => decisionSettings(hub.store, cluster, CONFIGURED, CONTROLS);
  prod = await hub.cluster('prod', { Pod: 'live' }, settings);
  await prod.show([pod('shop', 'agent'), pod('shop', 'shell'), pod('pay', 'agent')].join('---\n'));
});

afterAll(() => hub?.stop());

/** A pod that shares the host's processes, with a privileged container. */
function pod(namespace: string, name: string): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  hostPID: true
  containers:
    - name: app
      image: registry.example.com/agent:1.0
      securityContext: { privileged: true }
`;
}

const RULES = () => ({
  store: hub.store,
  controls: new Map(CONTROLS.map((control) => [control.id, control])),
  approvalFrom: 'high' as const,
});

function detail(id: number, who: Partial<Caller> = { user: 'eve' }) {
  return decisionHandlers(RULES()).getException({ ...NOTHING, params: { id } }, asking(NOON, who));
}

/** Asks for everything that a query finds, and has it judged again. */
async function ask(q: string): Promise<number> {
  const { previewSelection, exceptSelection } = selectionHandlers(RULES());
  const preview = selectionRoutes.previewSelection.body.parse({ q });
  const { matches, digest } = await previewSelection({ ...NOTHING, body: preview }, asking(NOON));
  const body = selectionRoutes.exceptSelection.body.parse({ q, matches, digest, reason: 'Node agents.' });
  const { items } = await exceptSelection({ ...NOTHING, body }, asking(NOON, { user: 'ann' }));
  await prod.decide(await decisionSettings(hub.store, prod.id, CONFIGURED, CONTROLS));
  return items[0]?.id ?? 0;
}

/** Makes one for what a scope says, and has everything judged again. */
async function make(scope: ScopeInput): Promise<number> {
  const body = decisionRoutes.createException.body.parse({ scope, reason: 'because' });
  const { id } = await decisionHandlers(RULES()).createException({ ...NOTHING, body }, asking(NOON));
  await prod.decide(await decisionSettings(hub.store, prod.id, CONFIGURED, CONTROLS));
  return id ?? 0;
}

const MOST_TRIES = 600;

/** An exception, once its findings are judged by it. */
async function judged(id: number, who?: Partial<Caller>) {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if ((await detail(id)).covers > 0) return detail(id, who);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing is judged by exception ${id}`);
}

function fingerprintsOf(findings: readonly { readonly fingerprint: string }[]): readonly string[] {
  return findings.map(({ fingerprint }) => fingerprint).sort();
}

/** The fingerprints of what a query of findings finds. */
async function foundBy(q: string): Promise<readonly string[]> {
  const request = { query: queryOf(q, FINDING_FIELDS), limit: 500, now: NOON };
  const all = scopeOf({ clusters: 'all', namespaces: 'all' });
  return fingerprintsOf((await listFindings(hub.store, all, request)).items);
}

function refuse(id: number, reason?: string) {
  const body = decisionRoutes.refuseException.body.parse({ reason });
  return decisionHandlers(RULES()).refuseException(
    { ...NOTHING, params: { id }, body },
    asking(NOON, { user: 'bob' }),
  );
}

describe('an exception that covers nothing', () => {
  it('says for a minute that nothing is judged by it yet, and then that it covers nothing', async () => {
    const scope = { controls: ['host-pid'], names: ['nothing-of-that-name'] };
    const body = decisionRoutes.createException.body.parse({ scope, reason: 'because' });
    const made = await decisionHandlers(RULES()).createException({ ...NOTHING, body }, asking(NOON));
    const params = { id: made.id ?? 0 };
    const after = async (seconds: number) => {
      const now = new Date(NOON.getTime() + seconds * 1000);
      const { getException } = decisionHandlers(RULES());
      const { covers, isCounted, advice } = await getException({ ...NOTHING, params }, asking(now));
      return { covers, isCounted, advice };
    };

    const nothing = ['It has no end.', 'It covers nothing.'];
    expect(made).toMatchObject({ covers: 0, isCounted: true, advice: nothing });
    expect(await after(59)).toEqual({ covers: 0, isCounted: false, advice: ['It has no end.'] });
    expect(await after(60)).toEqual({ covers: 0, isCounted: true, advice: nothing });
  });
});

describe('who decides about an exception', () => {
  it('is told each finding that it covers, the worst first, with title, object, and whether it is hidden', async () => {
    const q = 'control:privileged-container,host-pid namespace:shop';
    const id = await ask(q);

    const { findings, about, query, covers, waiting, advice } = await judged(id);

    expect(await foundBy(`exception:${id} (state:open OR state:excepted)`)).toEqual(fingerprintsOf(findings));
    expect({ query, covers, waiting, advice }).toEqual({
      query: q,
      covers: 4,
      waiting: 4,
      advice: ['It has no end.'],
    });
    expect(findings.map(({ severity, control, resource }) => [severity, control, resource.name])).toEqual([
      ['critical', 'privileged-container', 'agent'],
      ['critical', 'privileged-container', 'shell'],
      ['high', 'host-pid', 'agent'],
      ['high', 'host-pid', 'shell'],
    ]);
    expect(findings[0]).toMatchObject({
      title: TITLES.get('privileged-container'),
      cluster: { id: prod.id, name: 'prod' },
      resource: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' },
      container: 'app',
      isAccepted: false,
    });
    expect(about).toEqual({
      controls: ['privileged-container', 'host-pid'].map((control) => ({
        id: control,
        title: TITLES.get(control),
      })),
      controlCount: 2,
      objects: 2,
      worst: { cluster: findings[0]?.cluster, resource: findings[0]?.resource },
    });
  });

  it('is told of what is hidden already', async () => {
    const id = await ask('control:memory-limit-missing namespace:shop');

    const { state, findings, waiting } = await judged(id);

    expect(await foundBy(`exception:${id} state:excepted`)).toEqual(fingerprintsOf(findings));
    expect(await foundBy(`exception:${id}`)).toEqual([]);
    expect([state, waiting, findings.map(({ isAccepted }) => isAccepted)]).toEqual([
      'active',
      0,
      [true, true],
    ]);
  });

  it.each([
    ['shop', 'a query', () => ask('control:image-not-pinned-digest')],
    ['elsewhere', 'a control', () => make({ controls: ['cpu-limit-missing'] })],
  ])(
    'is told in the list of the namespace %s of all that one for %s covers',
    async (namespace, _what, made) => {
      const id = await made();
      const { findings, ...item } = await judged(id);

      const query = decisionRoutes.listExceptions.query.parse({ namespace });
      const { items } = await decisionHandlers(RULES()).listExceptions(
        { ...NOTHING, query },
        asking(NOON, { user: 'eve' }),
      );

      expect(new Set(findings.map(({ resource }) => resource.namespace))).toEqual(new Set(['shop', 'pay']));
      expect(items.find((each) => each.id === id)).toEqual(item);
    },
  );

  it('is told of no finding beyond their limits', async () => {
    const id = await ask('control:privileged-with-host-access name:agent');

    const { findings, query, about } = await judged(id, SHOP);

    expect(findings.map(({ resource }) => resource.namespace)).toEqual(['shop']);
    expect([query, about.objects, about.worst?.resource.namespace]).toEqual([null, 1, 'shop']);
  });

  it('is told the controls that are named where nothing is found', async () => {
    const id = await make({ controls: ['host-network'], namespaces: ['shop'] });

    const { about, findings } = await detail(id);

    expect(findings).toEqual([]);
    expect(about).toEqual({
      controls: [{ id: 'host-network', title: TITLES.get('host-network') }],
      controlCount: 1,
      objects: 0,
      worst: null,
    });
  });

  it.each([
    ['there is none', async () => 999_999, { user: 'eve' }],
    ['it is of others', () => ask('namespace:pay control:host-pid'), SHOP],
  ])('is told of nothing where %s', async (_why, made, who) => {
    await expect(detail(await made(), who)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('who refuses a request', () => {
  it('tells nobody why who may not see all that it was about', async () => {
    const id = await ask('control:privileged-with-host-access name:agent');
    await judged(id);
    await refuse(id, 'Nothing of pay may run so.');
    const asked = { ...NOTHING, query: decisionRoutes.listExceptions.query.parse({}) };
    const listed = async (who: Partial<Caller>) =>
      (await decisionHandlers(RULES()).listExceptions(asked, asking(NOON, who))).items.find(
        (item) => item.id === id,
      );

    expect(await detail(id, SHOP)).toMatchObject({ state: 'revoked', revokedBecause: null });
    expect(await listed(SHOP)).toMatchObject({ state: 'revoked', revokedBecause: null });
    expect(await listed({ user: 'eve' })).toMatchObject({ revokedBecause: 'Nothing of pay may run so.' });
  });

  it('may say why, which is kept with it until it is asked for otherwise', async () => {
    const id = await ask('control:host-pid name:shell');

    const refused = await refuse(id, '  Run it as a job instead. ');

    expect(refused).toMatchObject({
      state: 'revoked',
      revokedBy: 'bob',
      revokedAt: NOON.toISOString(),
      revokedBecause: 'Run it as a job instead.',
    });
    expect(await detail(id, { user: 'ann' })).toMatchObject({ revokedBecause: 'Run it as a job instead.' });
  });

  it('need not say why', async () => {
    const id = await ask('control:host-pid name:shell');

    expect(await refuse(id)).toMatchObject({ state: 'revoked', revokedBecause: null });
  });

  it('refuses it once, and nothing that holds', async () => {
    const id = await ask('control:host-pid name:shell');
    await refuse(id);

    await expect(refuse(id)).rejects.toMatchObject({ code: 'conflict' });
    const active = await ask('control:run-as-non-root name:shell');
    await expect(refuse(active)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('keeps no secret that somebody wrote into the reason', async () => {
    const id = await ask('control:host-pid name:shell');
    const secret = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;

    const { revokedBecause } = await refuse(id, `Token ${secret}`);

    expect(revokedBecause).toMatch(/^Token /);
    expect(revokedBecause).not.toContain(secret);
  });
});
