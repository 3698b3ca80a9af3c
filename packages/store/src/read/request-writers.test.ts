import { hash128 } from '@bulwark/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployment, request } from '../write/attribute.testing.ts';
import { attributeChanges } from '../write/attribute-changes.ts';
import { writeAuditArrival } from '../write/audit-events.ts';
import { type Approval, approveException } from '../write/exceptions.ts';
import { RecordedCluster } from '../write/recorded.testing.ts';
import type { FindingRow, ResourceRow, StoredDecision } from '../write/rows.ts';
import { listExceptions } from './exceptions.ts';
import { isSamePerson } from './request-writers.ts';

const ANNOTATION = 'bulwark.dev/except.host-pid';
const ASKED: StoredDecision = {
  id: null,
  reason: 'Node agent.',
  owner: null,
  until: null,
  origin: 'annotation',
  annotation: ANNOTATION,
};
const REPLICAS = 'apps/ReplicaSet';

let prod: RecordedCluster;

beforeAll(async () => {
  prod = await RecordedCluster.start();
}, 120_000);

afterEach(() => prod?.store.pool.query('truncate audit_source, audit_event'));
afterAll(() => prod?.stop());

/** Who changes something, as the audit log of the cluster names them; nobody where it does not. */
function by(user: string | undefined): Pick<ResourceRow, 'actor'> {
  const { actor } = deployment('', 0);
  return { actor: user === undefined ? actor : { ...actor, user, auditId: `of ${user}` } };
}

/** A Deployment that asks in its annotation, as somebody left it. */
function asking(name: string, user?: string): ResourceRow {
  const row = deployment(name, prod.minute);
  return {
    ...row,
    body: { ...row.body, metadata: { annotations: { [ANNOTATION]: ASKED.reason } } },
    ...by(user),
  };
}

/** A finding of a container of it. */
function found(name: string, container = 'a'): FindingRow {
  const fingerprint = hash128(`${name} ${container}`);
  const row = prod.finding(name, { container, requested: ASKED });
  return { ...row, fingerprint, digest: hash128(`${row.digest} ${container}`) };
}

/** A pod, or a ReplicaSet, which belongs to a Deployment. */
function belonging(name: string, owner: string, more: Partial<ResourceRow> = {}): ResourceRow {
  const row = { ...deployment(name, prod.minute), kind: 'Pod', isWorkload: false, ownerName: owner, ...more };
  return { ...row, digest: hash128(`${row.digest} ${row.ownerKind} ${owner}`) };
}

/** The same by itself. */
function bare({ name, kind, ...row }: ResourceRow): ResourceRow {
  return { ...row, name, kind, ownerKind: kind, ownerName: name, digest: hash128(`${name} ${kind} bare`) };
}

async function requestOf(name: string) {
  const all = await listExceptions(prod.store, { by: 'eve', person: 'eve' });
  const one = all.find((each) => each.request?.name === name);
  if (one === undefined) throw new Error(`nothing is asked for ${name}`);
  return one;
}

/** When the changes of a test were, and a while later. */
const soon = (seconds = 1) =>
  new Date(Date.parse('2026-11-26T12:00:00Z') + prod.minute * 60_000 + seconds * 1000);

/** Approves what is asked for a Deployment; answers how that went. */
async function approved(name: string, user: string, more: Partial<Approval> = {}): Promise<string> {
  const approval = { by: user, person: user, at: soon(), isAdministrator: false, ...more };
  return approveException(prod.store, (await requestOf(name)).id, approval).then(
    ({ state }) => state,
    ({ code }: { code: string }) => code,
  );
}

async function log(at = soon()): Promise<void> {
  await prod.store.pool.query(
    `insert into audit_source (cluster_id, source, first_seen, last_arrival) values ($1, 'file', '2026-11-26', $2)`,
    [prod.id, at],
  );
}

describe('what an annotation asks for is not approved by', () => {
  it('whoever makes a further finding under the request of another', async () => {
    await prod.apply({ resources: [asking('further', 'ben')], findings: [found('further')] });
    await prod.apply({ resources: [asking('further', 'eve')], findings: [found('further', 'b')] });

    expect(await requestOf('further')).toMatchObject({ request: { actor: { user: 'ben' } }, isOwn: true });
    expect(await approved('further', 'eve')).toBe('not-allowed');
    expect(await approved('further', 'fay')).toBe('active');
  });

  it('whoever makes one finding take the place of another', async () => {
    const before = found('renamed');
    await prod.apply({ resources: [asking('renamed', 'ben')], findings: [before] });
    await prod.apply({
      resources: [asking('renamed', 'eve')],
      findings: [found('renamed', 'evil')],
      resolved: [before.fingerprint],
    });

    expect(await approved('renamed', 'eve')).toBe('not-allowed');
  });

  it('whoever makes the finding say something else', async () => {
    await prod.apply({ resources: [asking('worse', 'ben')], findings: [found('worse')] });
    await prod.apply({ resources: [asking('worse', 'eve')], findings: [found('worse')] });

    expect(await approved('worse', 'eve')).toBe('not-allowed');
  });

  it.each([
    ['a pod', 'adopted-pod', { kind: 'Pod' }],
    ['a ReplicaSet', 'adopted-set', { kind: REPLICAS }],
  ])('whoever made %s that came to the workload later', async (_what, name, more) => {
    await prod.apply({ resources: [asking(name, 'ben')] });
    const adopted = belonging(`${name}-x`, name, more);
    await prod.apply({ resources: [bare({ ...adopted, ...by('eve') })] });
    await prod.apply({ resources: [adopted], findings: [found(name)] });

    expect(await approved(name, 'eve')).toBe('not-allowed');
    expect(await approved(name, 'fay')).toBe('active');
  });

  it('whoever changed something else as it was found, where no change of its own object is behind it', async () => {
    await prod.apply({ resources: [asking('rests', 'ben')] });
    const role = { ...deployment('rests-on', prod.minute), ...by('eve') };
    await prod.apply({ resources: [role], findings: [found('rests')] });
    await prod.apply({ resources: [{ ...deployment('later', prod.minute), ...by('fay') }] });

    expect(await approved('rests', 'eve')).toBe('not-allowed');
    expect(await approved('rests', 'fay')).toBe('active');
  });

  it('whoever ended something else as it was found', async () => {
    const limits = deployment('limits', prod.minute);
    await prod.apply({ resources: [asking('rests-no-more', 'ben'), limits] });
    const at = await prod.apply({ removed: [limits], findings: [found('rests-no-more')] });
    const done = at.getTime();
    const row = request('eve', 0, { name: 'limits', effect: 'deleted', received: done, done });
    const arrival = { source: 'webhook', at, rows: [row], events: 1, unnamed: 0, malformed: [] };
    await writeAuditArrival(prod.store, prod.id, { ...arrival, last: undefined });
    expect(await attributeChanges(prod.store, prod.id, new Date(done - 60_000))).toBe(1);

    expect(await approved('rests-no-more', 'eve')).toBe('not-allowed');
    expect(await approved('rests-no-more', 'fay')).toBe('active');
  });

  it('whoever changed a pod of the workload since', async () => {
    await prod.apply({ resources: [asking('pods', 'ben')], findings: [found('pods')] });
    await prod.apply({ resources: [belonging('pods-x', 'pods', by('eve'))] });

    expect(await approved('pods', 'eve')).toBe('not-allowed');
  });

  it('whoever is named later as who made a pod by hand: it is taken back', async () => {
    await prod.apply({ resources: [asking('told', 'ben')] });
    const pod = belonging('told-x', 'told');
    const made = await prod.apply({
      resources: [{ ...pod, actor: { ...pod.actor, managers: ['kube-controller-manager'] } }],
      findings: [found('told')],
    });
    expect(await approved('told', 'eve')).toBe('active');
    const done = made.getTime() - 1000;
    const row = request('eve', 1, { kind: 'Pod', name: 'told-x', effect: 'created', received: done, done });
    const arrival = { source: 'webhook', at: made, rows: [row], events: 1, unnamed: 0, malformed: [] };
    await writeAuditArrival(prod.store, prod.id, { ...arrival, last: undefined });
    expect(await attributeChanges(prod.store, prod.id, new Date(done - 120_000))).toBe(1);

    expect(await requestOf('told')).toMatchObject({ state: 'requested', takenBackFrom: 'eve', isOwn: true });
    expect(await approved('told', 'eve')).toBe('not-allowed');
    expect(await approved('told', 'fay')).toBe('active');
  });
});

describe('where nobody is named for a change since it was asked', () => {
  const unnamed = async (name: string) => {
    await prod.apply({ resources: [asking(name, 'ben')], findings: [found(name)] });
    await prod.apply({ resources: [asking(name)] });
    return new Date(soon().getTime() - 1000);
  };

  it('an administrator alone approves it, once the audit log had time to name somebody', async () => {
    const at = await unnamed('nobody');
    await log();

    expect(await requestOf('nobody')).toMatchObject({ unnamedAt: at });
    expect(await approved('nobody', 'fay')).toBe('conflict');
    expect(await approved('nobody', 'root', { isAdministrator: true })).toBe('conflict');
    expect(await approved('nobody', 'fay', { at: soon(130) })).toBe('not-allowed');
    expect(await approved('nobody', 'root', { at: soon(130), isAdministrator: true })).toBe('active');
  });

  it.each([
    [
      'a second person',
      'of the status alone, as the address of a load balancer is',
      'addressed',
      {},
      'active',
    ],
    ['an administrator alone', 'of more than that', 'addressed-more', { spec: {} }, 'not-allowed'],
  ])('%s approves it where it is %s', async (_who, _what, name, more, expected) => {
    const row = asking(name, 'ben');
    await prod.apply({ resources: [row], findings: [found(name)] });
    const status = { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } };
    const body = { ...row.body, status, ...more };
    await prod.apply({
      resources: [{ ...row, ...by(undefined), body, bodyHash: hash128(name), digest: hash128(name) }],
    });
    await log();

    expect(await approved(name, 'fay', { at: soon(130) })).toBe(expected);
  });

  it.each([
    ['no audit log is followed', 'no-log', undefined],
    ['the audit log told nothing for a week before', 'old-log', -8 * 86_400],
  ])('a second person approves it where %s', async (_what, name, seconds) => {
    await unnamed(name);
    if (seconds !== undefined) await log(soon(seconds));

    expect(await approved(name, 'ben')).toBe('not-allowed');
    expect(await approved(name, 'fay')).toBe('active');
  });

  it('a second person approves it where that was before there was an audit log, or something only ended', async () => {
    await unnamed('early-log');
    await prod.store.pool.query(
      `insert into audit_source (cluster_id, source, first_seen, last_arrival) values ($1, 'file', $2, $2)`,
      [prod.id, soon(180)],
    );
    const pod = belonging('early-log-x', 'early-log');
    await prod.apply({ resources: [{ ...pod, ...by('fay') }] });
    for (let minutes = 0; minutes < 5; minutes++) await prod.apply({});
    await prod.apply({ removed: [{ ...pod, ...by(undefined) }] });

    expect(await requestOf('early-log')).toMatchObject({ unnamedAt: null });
  });
});

describe('what is approved, and its object is changed later by who approved it,', () => {
  it.each([
    ['stays so where that makes nothing worse', 'later', false, { state: 'active', approvedBy: 'eve' }],
    [
      'is taken back where something else is found',
      'adds',
      true,
      { state: 'requested', takenBackFrom: 'eve' },
    ],
  ])('%s', async (_what, name, isWorse, stands) => {
    await prod.apply({ resources: [asking(name, 'ben')], findings: [found(name)] });
    expect(await approved(name, 'eve')).toBe('active');
    await prod.apply({});
    const resource = asking(name);
    const at = await prod.apply({ resources: [resource], findings: isWorse ? [found(name, 'b')] : [] });
    const done = at.getTime();
    const row = request('eve', 0, { name, after: resource.resourceVersion, received: done, done });
    const arrival = { source: 'webhook', at, rows: [row], events: 1, unnamed: 0, malformed: [] };
    await writeAuditArrival(prod.store, prod.id, { ...arrival, last: undefined });
    expect(await attributeChanges(prod.store, prod.id, new Date(done - 60_000))).toBe(1);

    expect(await requestOf(name)).toMatchObject(stands);
  });
});

describe('a user of the hub and a name of the cluster', () => {
  it.each([
    ['eve', 'eve'],
    ['Eve', 'eve'],
    ['oidc:eve', 'Eve'],
    ['https://sso.example.com/realms/main#eve', 'eve'],
    ['arn:aws:iam::123456789012:user/eve', 'eve'],
    ['arn:aws:sts::123456789012:assumed-role/Admin/eve@example.com', 'eve'],
    ['eve@example.com', 'eve'],
    ['oidc:eve@example.com', 'eve@example.com'],
    ['oidc:eve', 'eve@example.com'],
    ['system:eve', 'system:eve'],
  ])('may be one person: %s, %s', async (name, user) => expect(await isOne(name, user)).toBe(true));

  it.each([
    ['steve', 'eve'],
    ['eve', 'oidc:eve'],
    ['eve@example.com', 'eve@example.org'],
    ['oidc:', ''],
    ['oidc:@example.com', ''],
    ['oidc:', '@example.com'],
    ['system:serviceaccount:shop:eve', 'eve'],
    ['oidc:e_e', 'eve'],
    ['oidc:eve', '.*'],
  ])('are two: %s, %s', async (name, user) => expect(await isOne(name, user)).toBe(false));

  async function isOne(name: string, user: string): Promise<boolean> {
    const { rows } = await prod.store.pool.query(
      `select ${isSamePerson('$1::text', '$2::text')} as "isOne"`,
      [name, user],
    );
    return rows[0].isOne;
  }
});
