import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listExceptions } from '../read/exceptions.ts';
import { deployment, request } from './attribute.testing.ts';
import { attributeChanges } from './attribute-changes.ts';
import { type AuditEventRow, writeAuditArrival } from './audit-events.ts';
import { approveException } from './exceptions.ts';
import { NOON, RecordedCluster } from './recorded.testing.ts';

let prod: RecordedCluster;

beforeAll(async () => {
  prod = await RecordedCluster.start();
}, 120_000);

afterAll(() => prod?.stop());

const ASKED = {
  id: null,
  reason: 'Node agent.',
  owner: null,
  until: null,
  origin: 'annotation',
  annotation: 'bulwark.dev/except.host-pid',
};

/** A Deployment is there a minute later, created then or long before, with an annotation that asks for an exception, or without. */
function seen(name: string, { isAsking = true, created = NOON } = {}): Promise<Date> {
  const row = deployment(name, prod.minute);
  const metadata = isAsking ? { annotations: { [ASKED.annotation]: ASKED.reason } } : {};
  return prod.apply({
    resources: [
      {
        ...row,
        body: { ...row.body, metadata },
        instance: { metadata: { creationTimestamp: created.toISOString() } },
        actor: { ...row.actor, managers: [] },
      },
    ],
    findings: isAsking ? [prod.finding(name, { requested: ASKED })] : [],
  });
}

/** When what is seen next happens: shortly before that. */
const soon = (): Date => new Date(NOON.getTime() + (prod.minute + 1) * 60_000 - 5000);

/** The audit log tells of a request. */
async function told(user: string, at: Date, more: Partial<AuditEventRow>): Promise<void> {
  const moment = at.getTime();
  const { actor, ...row } = request(user, moment, { received: moment, done: moment + 100, ...more });
  await writeAuditArrival(prod.store, prod.id, {
    source: 'webhook',
    at: new Date(moment + 1000),
    rows: [{ ...row, actor: { ...actor, impersonatedBy: null } }],
    events: 1,
    unnamed: 0,
    malformed: [],
    last: undefined,
  });
  await attributeChanges(prod.store, prod.id, NOON);
}

/** Who is said to have asked for what, and who of three may approve it. */
async function approvers(name: string) {
  const found = (await listExceptions(prod.store)).find(({ request: asked }) => asked?.name === name);
  if (found === undefined) throw new Error(`nothing is asked for ${name}`);
  const allowed: string[] = [];
  for (const by of ['ann', 'ben', 'eve']) {
    const at = new Date(NOON.getTime() + 86_400_000);
    const isAllowed = await approveException(prod.store, found.id, {
      by,
      person: by,
      at,
      isAdministrator: false,
    }).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'not-allowed' });
        return false;
      },
    );
    if (isAllowed) allowed.push(by);
    await prod.store.pool.query(
      `update exception set state = 'requested', approved_by = null where id = $1 and state = 'active'`,
      [found.id],
    );
  }
  return { asker: found.request?.actor?.user ?? null, allowed };
}

describe('the second person is nobody who', () => {
  it('wrote the words with the status, though others write the object', async () => {
    await seen('by-status', { isAsking: false });
    const at = soon();
    const asked = await seen('by-status');
    await told('eve', at, { name: 'by-status', isOfStatus: true });
    await told('ben', new Date(asked.getTime() + 20_000), { name: 'by-status' });

    expect(await approvers('by-status')).toEqual({ asker: 'eve', allowed: ['ann', 'ben'] });
  });

  it('wrote the status with it, where somebody wrote the object in the same moment', async () => {
    await seen('beside', { isAsking: false });
    const at = soon();
    await seen('beside');
    await told('ben', at, { name: 'beside' });
    await told('eve', new Date(at.getTime() + 1000), { name: 'beside', isOfStatus: true });

    expect(await approvers('beside')).toEqual({ asker: 'ben', allowed: ['ann'] });
  });

  it('wrote by a request that was answered as failed', async () => {
    await seen('failed', { isAsking: false });
    const at = soon();
    await seen('failed');
    await told('eve', at, { name: 'failed', mayHaveFailed: true });

    // It is not sure, so that an administrator decides.
    expect(await approvers('failed')).toEqual({ asker: 'eve', allowed: [] });
  });

  it('created it by a patch that was answered as failed', async () => {
    const created = soon();
    await seen('failed-patch', { created });
    await told('eve', created, { name: 'failed-patch', mayHaveFailed: true });

    expect(await approvers('failed-patch')).toEqual({ asker: 'eve', allowed: [] });
  });

  it('may have written beside who did, as a request was answered as failed', async () => {
    await seen('beside-failed', { isAsking: false });
    const at = soon();
    await seen('beside-failed');
    await told('ben', at, { name: 'beside-failed' });
    await told('eve', new Date(at.getTime() + 1000), { name: 'beside-failed', mayHaveFailed: true });

    expect(await approvers('beside-failed')).toEqual({ asker: 'ben', allowed: ['ann'] });
  });

  it('created the object under a name that the API server chose', async () => {
    const created = soon();
    await seen('migrate-x7k2p', { created });
    await told('eve', created, { name: '', effect: 'created' });

    expect(await approvers('migrate-x7k2p')).toEqual({ asker: 'eve', allowed: ['ann', 'ben'] });
  });

  it('may have created it, as one of several who created such things then: none is named', async () => {
    const created = soon();
    await seen('migrate-b2c4d', { created });
    await told('eve', created, { name: '', effect: 'created' });
    await told('ben', created, { name: '', effect: 'created' });
    await told('ann', new Date(created.getTime() + 2000), { name: '', effect: 'created' });

    expect(await approvers('migrate-b2c4d')).toEqual({ asker: null, allowed: ['ann'] });
  });
});

describe('what parts of Kubernetes do all the time', () => {
  it('is kept of what nothing controls, or may be so', async () => {
    const pod = (name: string, owner = 'Pod') => ({
      ...deployment(name, 0),
      kind: 'Pod',
      ownerKind: owner,
      ownerName: owner === 'Pod' ? name : 'web',
      isWorkload: owner === 'Pod',
    });
    const pods = [pod('bare'), pod('gone'), pod('owned', 'apps/Deployment')];
    await prod.apply({ resources: pods });
    await prod.apply({ removed: [pod('gone')] });
    const more = { kind: 'Pod', isRoutine: true } as const;
    for (const [name, effect] of [
      ['bare', 'deleted'],
      ['gone', 'deleted'],
      ['owned', 'deleted'],
      ['never-seen', 'deleted'],
      ['owned', 'created'],
      ['new', 'created'],
    ] as const)
      await told('system:node:n1', soon(), { ...more, name, effect });

    const { rows } = await prod.store.pool.query(
      `select effect || ' ' || name as kept from audit_event where kind = 'Pod' order by 1`,
    );
    expect(rows.map(({ kept }) => kept)).toEqual(['created new', 'deleted bare', 'deleted gone']);
  });
});

describe('what an operator reports of an object', () => {
  it('is one request, from the first to the last, in whatever order they come', async () => {
    const at = soon().getTime();
    const id = '0123456789abcdef0123456789abcdef';
    for (const seconds of [20, 10, 40, 30])
      await told('operator', new Date(at + seconds * 1000), { id, name: 'reported', isOfStatus: true });

    const { rows } = await prod.store.pool.query(
      `select received, done from audit_event where name = 'reported'`,
    );
    expect(rows).toEqual([{ received: new Date(at + 10_000), done: new Date(at + 40_100) }]);
  });
});
