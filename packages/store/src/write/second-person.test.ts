import { hash128, type JsonObject, keptReason, LONGEST_REASON } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listExceptions } from '../read/exceptions.ts';
import { deployment, request, START } from './attribute.testing.ts';
import { attributeChanges } from './attribute-changes.ts';
import { writeAuditArrival } from './audit-events.ts';
import { approveException, revokeException } from './exceptions.ts';
import { NOON, RecordedCluster } from './recorded.testing.ts';
import type { Actor, StoredDecision } from './rows.ts';

const NOBODY: Actor = {
  user: null,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  managers: [],
};

let prod: RecordedCluster;

beforeAll(async () => {
  prod = await RecordedCluster.start();
}, 120_000);

afterAll(() => prod?.stop());

/** What the annotation of a Deployment asks for in the words of a reason; undefined where it has none. */
function asks(reason: string | undefined, more: Partial<StoredDecision> = {}): StoredDecision | undefined {
  if (reason === undefined) return undefined;
  const annotation = 'bulwark.dev/except.host-pid';
  return { id: null, reason, owner: null, until: null, origin: 'annotation', annotation, ...more };
}

interface Acted {
  readonly user: string;
  /** What the Deployment says in its annotation from then on. */
  readonly text?: string;
  /** Where it says so. */
  readonly place?: 'metadata' | 'template' | 'jobTemplate';
  /** Of the finding there. */
  readonly found?: StoredDecision;
  /** Whether it comes with a binding and the Deployment stays as it is. */
  readonly isBinding?: boolean;
}

const PLACES = {
  metadata: (metadata: JsonObject): JsonObject => ({ metadata }),
  template: (metadata: JsonObject): JsonObject => ({ spec: { template: { metadata } } }),
  jobTemplate: (metadata: JsonObject): JsonObject => ({
    spec: { jobTemplate: { metadata, spec: { template: { spec: { containers: [{ name: 'a' }] } } } } },
  }),
};

const BINDING = 'rbac.authorization.k8s.io/ClusterRoleBinding';

/** What somebody does to a Deployment, or to a binding of its account. */
async function acted(name: string, acts: Acted): Promise<void> {
  const { user, text, place = 'metadata', found, isBinding = false } = acts;
  const actor = { ...NOBODY, user };
  const base = deployment(name, prod.minute);
  const metadata = text === undefined ? {} : { annotations: { [asks('')?.annotation ?? '']: text } };
  const resource = isBinding
    ? { ...base, kind: BINDING, ownerKind: BINDING, namespace: '', actor }
    : { ...base, body: { ...base.body, ...PLACES[place](metadata) }, actor };
  const finding = prod.finding(name, { requested: found, causes: [`${BINDING}||${name}`] });
  await prod.apply({ resources: [resource], findings: found === undefined ? [] : [finding] });
}

/** A Deployment changes, a minute after the last one did; its finding is `mended` or asks for what its annotation says. */
function changed(
  name: string,
  actor: Partial<Actor>,
  found: StoredDecision | undefined | 'mended',
): Promise<Date> {
  const resources = [{ ...deployment(name, prod.minute), actor: { ...NOBODY, ...actor } }];
  return prod.apply(
    found === 'mended'
      ? { resources, resolved: [hash128(name)] }
      : { resources, findings: [prod.finding(name, { requested: found })] },
  );
}

async function requestOf(name: string) {
  const found = (await listExceptions(prod.store)).find(({ request }) => request?.name === name);
  if (found === undefined) throw new Error(`nothing is asked for ${name}`);
  return found;
}

/** Who of some may approve what is asked for an object; each is refused or approves, and what was approved is asked again. */
async function mayApprove(name: string, people: readonly string[]): Promise<readonly string[]> {
  const { id } = await requestOf(name);
  const allowed: string[] = [];
  for (const by of people) {
    const approval = { by, person: by, at: NOON, isAdministrator: false };
    const refusal = await approveException(prod.store, id, approval).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal !== undefined) expect(refusal).toMatchObject({ code: 'not-allowed' });
    else allowed.push(by);
    await prod.store.pool.query(
      `update exception set state = 'requested', approved_by = null where id = $1 and state = 'active'`,
      [id],
    );
  }
  return allowed;
}

/** The audit log of the cluster tells who made the last change of a Deployment. */
async function named(name: string, user: string): Promise<void> {
  const generation = prod.minute - 1;
  const seconds = (NOON.getTime() - START.getTime()) / 1000 + prod.minute * 60;
  const row = request(user, seconds, { name, after: deployment(name, generation).resourceVersion });
  const arrival = { source: 'webhook', at: NOON, rows: [row], events: 1, unnamed: 0, malformed: [] };
  await writeAuditArrival(prod.store, prod.id, { ...arrival, last: undefined });
  expect(await attributeChanges(prod.store, prod.id, START)).toBe(1);
}

describe('the second person for what an annotation asks for', () => {
  it.each<[string, string, Partial<Actor>]>([
    ['made the change', 'alone', { user: 'ben' }],
    ['made it as somebody else', 'impersonated', { user: 'admin', impersonatedBy: 'ben' }],
    ['had a part in it', 'others', { user: 'bot', others: [{ user: 'ann' }, { user: 'ben' }] }],
    [
      'had a part in it as somebody else',
      'others-impersonated',
      { user: 'bot', others: [{ user: 'admin', impersonatedBy: 'ben' }] },
    ],
  ])('is nobody who %s', async (_what, name, actor) => {
    await changed(name, {}, undefined);
    await changed(name, actor, asks('Node agent.'));

    expect(await mayApprove(name, ['ben', 'eve'])).toEqual(['eve']);
  });

  it('is neither who asked last nor who asked before in the same words', async () => {
    await changed('again', {}, undefined);
    await changed('again', { user: 'ann' }, asks('Node agent.'));
    await changed('again', { user: 'ann' }, undefined);
    const at = await changed('again', { user: 'ben' }, asks('Node agent.'));

    expect(await requestOf('again')).toMatchObject({ createdAt: at, request: { actor: { user: 'ben' } } });
    expect(await mayApprove('again', ['ann', 'ben', 'eve'])).toEqual(['eve']);
  });

  it('is not who wrote the annotation, where the fault was mended and another brought it back', async () => {
    await changed('back', {}, undefined);
    await changed('back', { user: 'ann' }, asks('Node agent.'));
    await changed('back', { user: 'bot' }, 'mended');
    await changed('back', { user: 'bot' }, asks('Node agent.'));

    expect(await mayApprove('back', ['ann', 'bot', 'eve'])).toEqual(['eve']);
  });

  describe('where the annotation stood there before anything was found', () => {
    const WORDS = 'Node agent.; until=2027-01-31';
    const found = asks('Node agent.');

    it('is neither who wrote it, nor who brought the fault with another change, nor who changed it in between', async () => {
      await acted('early', { user: 'eve' });
      await acted('early', { user: 'ben', text: WORDS });
      await acted('early', { user: 'fay', text: WORDS });
      await acted('early', { user: 'bot', text: WORDS, ...(found && { found }) });

      expect(await requestOf('early')).toMatchObject({ request: { actor: { user: 'ben' } } });
      expect(await mayApprove('early', ['ben', 'bot', 'eve', 'fay'])).toEqual(['eve']);
    });

    it.each(['template', 'jobTemplate'] as const)('is neither where it stands in the %s', async (place) => {
      const name = `in-${place}`;
      await acted(name, { user: 'eve' });
      await acted(name, { user: 'ben', text: WORDS, place });
      await acted(name, { user: 'fay', text: WORDS, place });
      await acted(name, { user: 'bot', text: WORDS, place, ...(found && { found }) });

      expect(await mayApprove(name, ['ben', 'bot', 'eve', 'fay'])).toEqual(['eve']);
    });

    it('is neither who gave the reason nor who gave it another last day', async () => {
      await acted('days', { user: 'ann', text: 'Node agent.; until=2026-12-05' });
      await acted('days', { user: 'ben', text: WORDS });
      await acted('days', { user: 'bot', text: WORDS, ...(found && { found }) });

      expect(await mayApprove('days', ['ann', 'ben', 'bot', 'eve'])).toEqual(['eve']);
    });

    it('is neither where the reason is longer than what is kept of it', async () => {
      const words = 'x'.repeat(LONGEST_REASON + 1);
      await acted('long', { user: 'ann', text: `${words}; until=2026-12-05` });
      await acted('long', { user: 'ben', text: `${words}; until=2027-01-31` });
      const asked = asks(keptReason(words));
      await acted('long', {
        user: 'bot',
        text: `${words}; until=2027-01-31`,
        ...(asked && { found: asked }),
      });

      expect(await mayApprove('long', ['ann', 'ben', 'bot', 'eve'])).toEqual(['eve']);
    });

    it('is not who shortened other words to these', async () => {
      await acted('part', { user: 'ann', text: 'No Node agent. at all' });
      await acted('part', { user: 'ben', text: 'Node agent.' });
      await acted('part', { user: 'bot', text: 'Node agent.', ...(found && { found }) });

      expect(await mayApprove('part', ['ben', 'bot', 'eve'])).toEqual(['eve']);
    });

    it('is not who has the same name in other capitals', async () => {
      await acted('capitals', { user: 'ben', text: WORDS });
      await acted('capitals', { user: 'bot', text: WORDS, ...(found && { found }) });

      expect(await mayApprove('capitals', ['Ben', 'BOT', 'eve'])).toEqual(['eve']);
    });

    it('is not who wrote it where what was accepted without being asked for is severe by now', async () => {
      const [name, text] = ['severe', WORDS];
      await acted(name, { user: 'ben', text });
      const accepted = prod.finding(name, { ...(found && { exception: found }) });
      await prod.apply({ findings: [accepted] });
      await prod.apply({ findings: [prod.finding(name, { requested: found })] });

      expect(await requestOf(name)).toMatchObject({ request: { actor: { user: 'ben' } } });
      expect(await mayApprove(name, ['ben', 'eve'])).toEqual(['eve']);
    });

    it('is neither where the fault comes from another object, such as a binding', async () => {
      await acted('bound', { user: 'ben', text: WORDS });
      await acted('bound', { user: 'bot', isBinding: true, ...(found && { found }) });

      expect(await requestOf('bound')).toMatchObject({ request: { actor: { user: 'ben' } } });
      expect(await mayApprove('bound', ['ben', 'bot', 'eve'])).toEqual(['eve']);
    });

    it('is nobody who ever put its words there, or changed the object since', async () => {
      await acted('twice', { user: 'ann', text: WORDS });
      await acted('twice', { user: 'eve' });
      await acted('twice', { user: 'ben', text: 'Node agent.' });
      await acted('twice', { user: 'bot', text: WORDS, ...(found && { found }) });

      expect(await mayApprove('twice', ['ann', 'ben', 'bot', 'eve', 'fay'])).toEqual(['fay']);
    });
  });

  it('is not who changed something else while the annotation stood there', async () => {
    await changed('meanwhile', {}, undefined);
    const at = await changed('meanwhile', { user: 'ann' }, asks('Node agent.'));
    await changed('meanwhile', { user: 'eve' }, asks('Node agent.', { owner: 'platform' }));

    expect(await requestOf('meanwhile')).toMatchObject({ owner: 'platform', createdAt: at });
    expect(await mayApprove('meanwhile', ['ann', 'eve', 'fay'])).toEqual(['fay']);
  });

  it('is not who put back words that were refused', async () => {
    await changed('refused', {}, undefined);
    await changed('refused', { user: 'ann' }, asks('Node agent.'));
    const { id } = await requestOf('refused');
    await revokeException(prod.store, id, { by: 'eve', at: NOON });
    await changed('refused', { user: 'ann' }, undefined);
    await changed('refused', { user: 'ben' }, asks('Node agent.', { id, refusedBy: 'eve' }));

    expect(await requestOf('refused')).toMatchObject({ state: 'revoked', revokedBy: 'eve' });
    expect(await mayApprove('refused', ['ben', 'eve'])).toEqual(['eve']);
  });

  it('stays told as who approved, and what was asked as it was, when the words are put back', async () => {
    await changed('held', {}, undefined);
    const at = await changed('held', { user: 'ann' }, asks('Node agent.'));
    const { id } = await requestOf('held');
    await approveException(prod.store, id, { by: 'eve', person: 'eve', at: NOON, isAdministrator: false });
    await changed('held', { user: 'ann' }, undefined);
    await changed('held', { user: 'ben' }, asks('Node agent.'));

    expect(await requestOf('held')).toMatchObject({
      state: 'active',
      approvedBy: 'eve',
      createdAt: at,
      request: { actor: { user: 'ann' } },
    });
  });

  it('is nobody until the audit log, where one comes, had time to name who wrote it, and then an administrator', async () => {
    await changed('unnamed', {}, undefined);
    const at = await changed('unnamed', {}, asks('Node agent.'));
    const { id } = await requestOf('unnamed');
    await prod.store.pool.query(
      `insert into audit_source (cluster_id, source, first_seen, last_arrival) values ($1, 'file', $2, $2)`,
      [prod.id, at],
    );
    const approve = (seconds: number, isAdministrator = false) =>
      approveException(prod.store, id, {
        by: 'eve',
        person: 'eve',
        at: new Date(at.getTime() + seconds * 1000),
        isAdministrator,
      });

    await expect(approve(1)).rejects.toMatchObject({
      code: 'conflict',
      details: { detail: expect.stringContaining('not known yet') },
    });
    await prod.store.pool.query(
      `update change set actor = '{"user": "eve", "auditId": "a"}' where name = 'unnamed'`,
    );
    await expect(approve(1)).rejects.toMatchObject({ code: 'not-allowed' });
    await prod.store.pool.query(`update change set actor = '{}' where name = 'unnamed'`);
    await expect(approve(121)).rejects.toMatchObject({
      code: 'not-allowed',
      details: { detail: expect.stringMatching(/^Nobody knows who asked .*An administrator can approve it/) },
    });
    await expect(approve(1, true)).rejects.toMatchObject({ code: 'conflict' });
    expect(await approve(121, true)).toMatchObject({ state: 'active', approvedBy: 'eve' });
    await prod.store.pool.query('truncate audit_source');
  });

  describe('where the fault came after the words and the audit log has not named who brought it', () => {
    const found = asks('Node agent.');
    const brought = async (name: string, isBinding: boolean) => {
      await acted(name, {
        user: 'bot',
        isBinding,
        ...(!isBinding && { text: 'Node agent.' }),
        ...(found && { found }),
      });
      return new Date(NOON.getTime() + (prod.minute - 1) * 60_000);
    };
    const areForgotten = (name: string) =>
      prod.store.pool.query('delete from change where name = $1', [name]);
    const areNamed = (name: string, user: string) =>
      prod.store.pool.query(
        `update change set actor = jsonb_build_object('user', $2::text, 'auditId', 'a')
         where name = $1 and actor->>'auditId' is null`,
        [name, user],
      );

    it.each([
      { what: 'it came with another change of the object', name: 'race', isBinding: false, isKnown: true },
      { what: 'it came with a binding', name: 'race-bound', isBinding: true, isKnown: true },
      {
        what: 'no change is known that put the words there',
        name: 'race-old',
        isBinding: true,
        isKnown: false,
      },
    ])('is nobody until it has, or had time to: $what', async ({ name, isBinding, isKnown }) => {
      await acted(name, { user: 'ann', text: 'Node agent.' });
      await (isKnown ? areNamed(name, 'ann') : areForgotten(name));
      const at = await brought(name, isBinding);
      await prod.store.pool.query(
        `insert into audit_source (cluster_id, source, first_seen, last_arrival) values ($1, 'file', $2, $2)`,
        [prod.id, at],
      );
      const { id } = await requestOf(name);
      const approve = (by: string, seconds: number) =>
        approveException(prod.store, id, {
          by,
          person: by,
          at: new Date(at.getTime() + seconds * 1000),
          isAdministrator: false,
        });

      await expect(approve('ben', 1)).rejects.toMatchObject({ code: 'conflict' });
      await areNamed(name, 'ben');
      await expect(approve('ben', 1)).rejects.toMatchObject({ code: 'not-allowed' });
      expect(await approve('eve', 1)).toMatchObject({ state: 'active', approvedBy: 'eve' });
      await prod.store.pool.query('truncate audit_source');
    });

    it('is not who brought it back, where it was mended and no change is known that put the words there', async () => {
      const name = 'back-old';
      await acted(name, { user: 'ann', text: 'Node agent.' });
      await acted(name, { user: 'fay', isBinding: true, ...(found && { found }) });
      await areForgotten(name);
      await prod.apply({ resolved: [hash128(name)] });
      await acted(name, { user: 'ben', isBinding: true, ...(found && { found }) });

      expect(await mayApprove(name, ['ben', 'eve'])).toEqual(['eve']);
    });
  });

  describe('where the audit log names who wrote it after it was approved', () => {
    const approvedBy = async (name: string, by: string, person = by): Promise<number> => {
      await changed(name, { user: 'fay', auditId: 'first' }, undefined);
      await changed(name, {}, asks('Node agent.'));
      const { id } = await requestOf(name);
      await approveException(prod.store, id, { by, person, at: NOON, isAdministrator: false });
      return id;
    };

    it.each([
      ['themselves', 'late', 'eve', 'eve'],
      ['themselves in other capitals', 'late-capitals', 'Eve', 'Eve'],
      ['by a token of theirs', 'late-token', 'token ci', 'eve'],
    ])('is not who approved it %s: it is asked for again, once', async (_how, name, by, person) => {
      const id = await approvedBy(name, by, person);
      await named(name, 'eve');

      expect(await requestOf(name)).toMatchObject({
        state: 'requested',
        approvedBy: null,
        takenBackFrom: by,
      });
      const again = (who: string) =>
        approveException(prod.store, id, {
          by: who,
          person: who,
          at: new Date(NOON.getTime() + 86_400_000),
          isAdministrator: false,
        });
      await expect(again('eve')).rejects.toMatchObject({ code: 'not-allowed' });
      expect(await again('ben')).toMatchObject({ state: 'active', approvedBy: 'ben', takenBackFrom: null });
      expect(await attributeChanges(prod.store, prod.id, START)).toBe(0);
      expect(await requestOf(name)).toMatchObject({ state: 'active', approvedBy: 'ben' });
      await prod.store.pool.query('truncate audit_source');
    });

    it('is whoever else approved it', async () => {
      await approvedBy('late-other', 'ben');
      await named('late-other', 'eve');

      expect(await requestOf('late-other')).toMatchObject({ state: 'active', approvedBy: 'ben' });
      await prod.store.pool.query('truncate audit_source');
    });

    it('is still nobody where it was refused', async () => {
      const id = await approvedBy('late-refused', 'eve');
      await revokeException(prod.store, id, { by: 'ben', at: NOON });
      await named('late-refused', 'eve');

      expect(await requestOf('late-refused')).toMatchObject({ state: 'revoked', revokedBy: 'ben' });
      await prod.store.pool.query('truncate audit_source');
    });
  });
});
