import { hash128 } from '@bulwark/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { triage } from '../write/decisions.ts';
import type { FindingRow, StoredDecision } from '../write/rows.ts';
import { createChannel } from './channels.ts';
import { claimDelivery, finishAttempt } from './deliveries.ts';
import type { Gathered, Redundancy } from './gathered.ts';
import { planDeliveries } from './plan.ts';
import { createRoute } from './routes.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const at = (minutes: number): Date => new Date(START + minutes * 60_000);
const DIGEST_MINUTES = 30;
const ACCEPTED: StoredDecision = { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' };

const REDUNDANCIES: readonly Redundancy[] = [
  { by: 'privileged', told: 'escalation', where: 'part' },
  { by: 'node-access', told: 'privileged', where: 'place' },
  { by: 'takeover', told: 'admin-binding', where: 'cause' },
];

let server: TestServer;
let store: Store;
let cluster: number;

beforeAll(async () => {
  server = await startTestServer();
  store = await openStore({ url: await server.database('gathered'), now: at(0) });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, at(0));
}, 120_000);

beforeEach(async () => {
  await store.pool.query('truncate channel, route, notice, delivery, finding, finding_past, triage cascade');
  await store.pool.query('update cluster set written_at = null');
});

afterAll(async () => {
  await store?.close();
  await server?.stop();
});

async function route({ tellsResolved }: { readonly tellsResolved: boolean }): Promise<void> {
  const channel = await createChannel(store, {
    name: 'hook',
    type: 'webhook',
    settings: {},
    secrets: Buffer.from(''),
    createdAt: at(0),
    createdBy: 'ann',
  });
  const digest = { channelId: channel.id, severity: 0, owners: null, namespaces: null, tellsResolved };
  await createRoute(
    store,
    { ...digest, digestMinutes: DIGEST_MINUTES, about: 'findings', awayMinutes: 5, toContact: false },
    at(0),
  );
}

function finding(control: string, more: Partial<FindingRow> = {}): FindingRow {
  const row = {
    control,
    severity: 'high' as const,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name: 'web',
    container: 'app',
    path: 'spec.template.spec.containers[app].securityContext',
    message: 'It is wrong.',
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: 'storefront',
    environment: undefined,
    criticality: undefined,
    ...more,
  };
  const place = [control, row.name, row.container ?? '', row.path];
  return { ...row, fingerprint: hash128(place.join('|')), digest: hash128(JSON.stringify(row)) };
}

async function write(minute: number, findings: readonly FindingRow[], gone: readonly FindingRow[] = []) {
  const resolved = gone.map(({ fingerprint }) => fingerprint);
  await applyBatch(store, cluster, { at: at(minute), resources: [], removed: [], findings, resolved });
  await planDeliveries(store, at(minute), at(minute));
}

/** The next message that is due; undefined where there is none. */
async function message(minute: number): Promise<Gathered | undefined> {
  let made: Gathered | undefined;
  const claim = await claimDelivery(store, { now: at(minute), leaseEnds: at(minute + 3) }, [], {
    compose: (gathered) => {
      made = gathered;
      return { id: gathered.messageId };
    },
    redundancies: REDUNDANCIES,
  });
  const sent = { state: 'sent', answer: '', now: at(minute), due: at(minute) } as const;
  if (claim !== undefined) await finishAttempt(store, claim, sent);
  return made;
}

const shown = (gathered: Gathered | undefined) =>
  gathered?.items.map(({ control, isResolved }) => `${isResolved ? 'resolved' : 'opened'} ${control}`);

describe('a message', () => {
  const cases: readonly {
    readonly what: string;
    readonly findings: readonly FindingRow[];
    readonly items: readonly string[];
    readonly told: number;
  }[] = [
    {
      what: 'one in the same container covers',
      findings: [finding('escalation'), finding('privileged')],
      items: ['privileged'],
      told: 1,
    },
    {
      what: 'one refines at the same place, of a template or of a pod',
      findings: [
        finding('node-access', { path: 'spec.containers[app].securityContext' }),
        finding('privileged'),
        finding('escalation'),
      ],
      items: ['node-access'],
      told: 2,
    },
    {
      what: 'one names as its cause',
      findings: [
        finding('takeover', { causes: ['rbac/ClusterRoleBinding||web-admin'] }),
        finding('admin-binding', {
          ...{ kind: 'rbac/ClusterRoleBinding', namespace: '', name: 'web-admin' },
          container: undefined,
        }),
      ],
      items: ['takeover'],
      told: 1,
    },
    {
      what: 'no finding of the same object or container says better',
      findings: [
        finding('privileged', { name: 'api' }),
        finding('privileged', { container: 'side' }),
        finding('escalation'),
        finding('node-access', { path: 'spec.elsewhere' }),
      ],
      items: ['escalation', 'node-access', 'privileged', 'privileged'],
      told: 0,
    },
  ];

  it.each(cases)('has no item for what $what, counts it, and finds it by its link', async (each) => {
    await route({ tellsResolved: true });
    await write(1, each.findings);
    const opened = await message(40);

    expect(opened?.items.map(({ control }) => control).toSorted()).toEqual(each.items);
    expect([opened?.opened, opened?.told]).toEqual([each.items.length, each.told]);
    expect(opened?.fingerprints.toSorted()).toEqual(
      each.findings.map(({ fingerprint }) => fingerprint).toSorted(),
    );

    await write(50, [], each.findings);
    const resolved = await message(90);

    expect(resolved?.items.map(({ control }) => control).toSorted()).toEqual(each.items);
    expect([resolved?.resolved, resolved?.told]).toEqual([each.items.length, each.told]);
  });

  it('has what others would tell that came before it: of that alone it is news', async () => {
    await write(1, [finding('privileged')]);
    await route({ tellsResolved: true });
    await write(2, [finding('escalation')]);

    expect(shown(await message(40))).toEqual(['opened escalation']);
  });

  it.each([
    { what: 'deferred', until: 60, items: ['opened privileged'] },
    { what: 'deferred until a moment that has come', until: 35, items: ['opened node-access'] },
  ])('leaves out what is $what by then, and what that would tell stands for itself', async (each) => {
    await route({ tellsResolved: true });
    const worst = finding('node-access');
    await write(1, [worst, finding('privileged')]);
    const key = { cluster, fingerprint: worst.fingerprint };
    await triage(store, [key], { deferredUntil: at(each.until), author: 'ann', at: at(2) });

    expect(shown(await message(40))).toEqual(each.items);
  });

  it('is none where everything in it is deferred by then, and nothing of it is kept', async () => {
    await route({ tellsResolved: true });
    const only = finding('privileged');
    await write(1, [only]);
    const key = { cluster, fingerprint: only.fingerprint };
    await triage(store, [key], { deferredUntil: at(60), author: 'ann', at: at(2) });

    expect(await message(40)).toBeUndefined();
    expect((await store.pool.query('select from delivery')).rowCount).toBe(0);
  });

  it('tells that something deferred was resolved', async () => {
    const only = finding('privileged');
    await write(1, [only]);
    await route({ tellsResolved: true });
    const key = { cluster, fingerprint: only.fingerprint };
    await triage(store, [key], { deferredUntil: at(60), author: 'ann', at: at(2) });
    await write(3, [], [only]);

    expect(shown(await message(40))).toEqual(['resolved privileged']);
  });

  it('leaves out what is accepted by then', async () => {
    await route({ tellsResolved: true });
    await write(1, [finding('privileged'), finding('other')]);
    await write(2, [finding('privileged', { exception: ACCEPTED })]);

    expect(shown(await message(40))).toEqual(['opened other']);
  });

  it('leaves out what is gone by then, where its route does not tell what is resolved', async () => {
    await route({ tellsResolved: false });
    await write(1, [finding('privileged'), finding('other')]);
    await write(2, [], [finding('privileged')]);

    expect(shown(await message(40))).toEqual(['opened other']);
  });
});
