import { EVERY_RECORD, hash128 } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listChanges } from '../read/changes.ts';
import { scopeOf } from '../scope.ts';
import { deployment, request } from './attribute.testing.ts';
import { attributeChanges } from './attribute-changes.ts';
import { type AuditEventRow, writeAuditArrival } from './audit-events.ts';
import { keyOf } from './batch-changes.ts';
import { RecordedCluster } from './recorded.testing.ts';
import type { ResourceRow } from './rows.ts';

let prod: RecordedCluster;
const KUBE = 'kube-controller-manager';
const CRON = 'batch/CronJob';
const JOB = 'batch/Job';
const REPLICAS = 'apps/ReplicaSet';

beforeAll(async () => {
  prod = await RecordedCluster.start();
  const owner = (kind: string, name: string) => ({ ...deployment(name, 0), kind, ownerKind: kind });
  await prod.apply({
    resources: [
      owner(CRON, 'nightly'),
      owner('apps/Deployment', 'web'),
      owner('kruise.io/CloneSet', 'clones'),
    ],
  });
}, 120_000);

afterAll(() => prod?.stop());

/** An object that names its owner as its controller, and a program of Kubernetes as its field manager. */
function owned(
  name: string,
  kind: string,
  [ownerKind, ownerName]: readonly [string, string],
  version = 0,
): ResourceRow {
  const row = deployment(name, version);
  return { ...row, kind, ownerKind, ownerName, isWorkload: false, actor: { ...row.actor, managers: [KUBE] } };
}

/** The audit log tells of a request that was made some seconds before a moment. */
async function ask(
  at: Date,
  { user = 'mallory', seconds = 1, ...more }: Partial<AuditEventRow> & { user?: string; seconds?: number },
): Promise<void> {
  const done = at.getTime() - seconds * 1000;
  const row = request(user, seconds, { ...more, received: done - 20, done });
  const actor = { ...row.actor, impersonatedBy: more.actor?.impersonatedBy ?? null };
  const events = { events: 1, unnamed: 0, malformed: [], last: undefined };
  await writeAuditArrival(prod.store, prod.id, {
    source: 'webhook',
    at,
    rows: [{ ...row, actor }],
    ...events,
  });
}

const tell = (at: Date): Promise<number> =>
  attributeChanges(prod.store, prod.id, new Date(at.getTime() - 120_000));

async function told(name: string) {
  const scope = scopeOf({ clusters: 'all', namespaces: 'all' });
  const now = new Date('2026-11-27T00:00:00Z');
  const { items } = await listChanges(prod.store, scope, {
    query: EVERY_RECORD,
    limit: 100,
    now,
    sort: 'at',
  });
  return items
    .filter((change) => change.name === name)
    .map(
      ({ verb, actor, opened, resolved }) =>
        `${verb} by ${actor.user}, ${opened} opened, ${resolved} resolved`,
    );
}

describe('what only claims to be made by a controller', () => {
  it('is a change of whom the audit log names, until its end', async () => {
    const job = owned('evil', JOB, [CRON, 'nightly']);
    const made = await prod.apply({ resources: [job] });
    await ask(made, { kind: JOB, name: 'evil', effect: 'created' });
    expect(await tell(made)).toBe(1);
    const gone = await prod.apply({ removed: [job] });
    await ask(gone, { kind: JOB, name: 'evil', effect: 'deleted' });
    expect(await tell(gone)).toBe(1);

    expect(await told('evil')).toEqual([
      'created by mallory, 0 opened, 0 resolved',
      'deleted by mallory, 0 opened, 0 resolved',
    ]);
  });

  it('is told whichever came first, and once', async () => {
    const made = new Date((await prod.apply({})).getTime() + 60_000);
    await ask(made, { kind: JOB, name: 'later', effect: 'created' });
    expect(await tell(made)).toBe(0);
    await prod.apply({ resources: [owned('later', JOB, [CRON, 'nightly'])] });

    expect([await tell(made), await tell(made)]).toEqual([1, 0]);
    expect(await told('later')).toHaveLength(1);
  });

  it('is behind what was found of its owner, where it came and went before anybody heard of it, too', async () => {
    const job = owned('brief', JOB, [CRON, 'nightly']);
    const { fingerprint, ...finding } = prod.finding('nightly', { kind: CRON });
    const made = await prod.apply({ resources: [job], findings: [{ ...finding, fingerprint }] });
    const gone = await prod.apply({ removed: [job], resolved: [fingerprint] });
    await ask(made, { kind: JOB, name: 'brief', effect: 'created' });
    await ask(gone, { kind: JOB, name: 'brief', effect: 'deleted' });
    await tell(made);

    expect(await told('brief')).toEqual([
      'created by mallory, 1 opened, 0 resolved',
      'deleted by mallory, 0 opened, 1 resolved',
    ]);
    const { rows } = await prod.store.pool.query(
      `select o.verb as opened, r.verb as resolved from finding_past f
       join change o on o.id = f.change_id join change r on r.id = f.resolved_by where f.fingerprint = $1`,
      [fingerprint],
    );
    expect(rows).toEqual([{ opened: 'created', resolved: 'deleted' }]);
  });

  it('is behind what is still found, too', async () => {
    const job = owned('stays', JOB, [CRON, 'nightly']);
    const made = await prod.apply({
      resources: [job],
      findings: [prod.finding('nightly', { kind: CRON, fingerprint: hash128('stays') })],
    });
    await ask(made, { kind: JOB, name: 'stays', effect: 'created' });
    await tell(made);

    expect(await told('stays')).toEqual(['created by mallory, 1 opened, 0 resolved']);
  });

  it('is told where it was changed in place under the name of a controller', async () => {
    await prod.apply({ resources: [owned('web-1', REPLICAS, ['apps/Deployment', 'web'])] });
    const changed = await prod.apply({
      resources: [owned('web-1', REPLICAS, ['apps/Deployment', 'web'], 1)],
    });
    await ask(changed, { kind: REPLICAS, name: 'web-1' });
    await tell(changed);

    expect(await told('web-1')).toEqual(['changed by mallory, 0 opened, 0 resolved']);
  });
});

const OPERATOR = 'system:serviceaccount:kruise-system:manager';
const CLONES = ['kruise.io/CloneSet', 'clones'] as const;
const NIGHTLY = [CRON, 'nightly'] as const;

describe('whose work it is, is told by who made it:', () => {
  it.each<{ what: string; kind: string; owner: readonly [string, string]; by: string; isTold: boolean }>([
    {
      what: 'a Job of its controller',
      kind: JOB,
      owner: NIGHTLY,
      by: 'system:serviceaccount:kube-system:cronjob-controller',
      isTold: false,
    },
    { what: 'a Job of a program of another', kind: JOB, owner: NIGHTLY, by: OPERATOR, isTold: true },
    { what: 'a pod of a person', kind: 'Pod', owner: ['apps/Deployment', 'web'], by: 'ann', isTold: true },
    { what: 'a pod of an operator', kind: 'Pod', owner: CLONES, by: OPERATOR, isTold: false },
    { what: 'a pod of a person under what is custom', kind: 'Pod', owner: CLONES, by: 'ann', isTold: true },
    {
      what: 'a pod of an account of its place',
      kind: 'Pod',
      owner: CLONES,
      by: 'system:serviceaccount:shop:ci',
      isTold: true,
    },
  ])('$what', async ({ what: name, kind, owner, by: user, isTold }) => {
    const made = await prod.apply({ resources: [owned(name, kind, owner)] });
    await ask(made, { kind, name, effect: 'created', user });
    await tell(made);

    expect(await told(name)).toEqual(isTold ? [`created by ${user}, 0 opened, 0 resolved`] : []);
  });

  it('somebody who acts as a controller is none', async () => {
    const made = await prod.apply({ resources: [owned('as', JOB, NIGHTLY)] });
    const { actor } = request('x', 1);
    const by = { kind: JOB, name: 'as', effect: 'created', user: 'system:kube-controller-manager' } as const;
    await ask(made, { ...by, actor: { ...actor, impersonatedBy: 'mallory' } });
    await tell(made);

    expect(await told('as')).toHaveLength(1);
  });

  it('the end of a pod is told where its beginning was', async () => {
    const pods = ['hers', 'usual'].map((name) => owned(name, 'Pod', ['apps/Deployment', 'web']));
    const made = await prod.apply({ resources: pods });
    await ask(made, { kind: 'Pod', name: 'hers', effect: 'created', user: 'ann' });
    await tell(made);
    const gone = await prod.apply({ removed: pods });
    for (const name of ['hers', 'usual'])
      await ask(gone, { kind: 'Pod', name, effect: 'deleted', user: 'ben' });
    await tell(gone);

    const nothing = ', 0 opened, 0 resolved';
    expect(await told('hers')).toEqual([`created by ann${nothing}`, `deleted by ben${nothing}`]);
    expect(await told('usual')).toEqual([]);
  });

  it('a Job that went long after somebody had deleted many is not theirs', async () => {
    const job = owned('left', JOB, NIGHTLY);
    await prod.apply({ resources: [job] });
    for (let minute = 0; minute < 5; minute++) await prod.apply({});
    const gone = await prod.apply({ removed: [job] });
    await ask(gone, { kind: JOB, name: '', effect: 'deleted', user: 'ann', seconds: 240 });
    await tell(gone);

    expect(await told('left')).toEqual([]);
  });

  it('what a cluster had when it was first seen is no change, whoever made it', async () => {
    const first = owned('first', JOB, NIGHTLY);
    const at = await prod.apply({ resources: [first], isFirst: true });
    await prod.store.pool.query('update cluster set first_seen = $1', [at]);
    await ask(at, { kind: JOB, name: keyOf(first).split('|')[2] ?? '', effect: 'created' });
    await tell(at);

    expect(await told('first')).toEqual([]);
  });
});
