import { applyBatch, createUser } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';
import { addCluster, finding, kind, NOW, resource, WEEK_AGO } from './asked-hub.testing.ts';

const LEDGER = finding('pay', 'ledger');
const WEB = finding('shop', 'web');
const LATE = finding('pay', 'late');

describe('bulwark triage', () => {
  let hub: ListeningHub;
  let cluster: number;
  let env: Record<string, string>;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    cluster = await addCluster(hub, 'prod', 'live', { kinds: [kind('apps/Deployment', 'live')] });
    await applyBatch(hub.store, cluster, {
      at: WEEK_AGO,
      removed: [],
      resolved: [],
      resources: [resource('pay', 'ledger'), resource('shop', 'web')],
      findings: [LEDGER, WEB],
    });
    const limits = { clusters: 'all', namespaces: 'all' } as const;
    await createUser(hub.store, { name: 'ann', role: 'editor', limits, createdAt: NOW });
    env = await hub.variables('editor');
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  const ask = (args: readonly string[], more: Parameters<typeof bulwark>[2] = {}) =>
    bulwark(args, '/', { env, ...more });

  it('only says what would be done where nobody can say yes', async () => {
    const preview = await ask(['triage', 'name:ledger', '--assign', 'bob', '--no-acknowledge']);

    expect([preview.code, preview.out]).toEqual([
      0,
      '1 finding (1 high) will be assigned to bob and no longer acknowledged. Nothing is done yet; --yes does it.\n',
    ]);
    expect((await ask(['findings', 'assignee:bob'])).out).toContain('None of the findings fits.');
  });

  it('asks whoever sits at the terminal, and takes nothing but yes for one', async () => {
    const questions: string[] = [];
    const answering = (answer: boolean) => ({
      confirm: async (question: string) => {
        questions.push(question);
        return answer;
      },
    });
    const assign = ['triage', 'name:ledger', '--assign', 'ann', '--acknowledge'];

    const refused = await ask(assign, answering(false));
    const before = await ask(['findings', 'assignee:ann']);
    const done = await ask(assign, answering(true));
    const after = await ask(['findings', 'assignee:ann']);

    expect(questions).toEqual(
      Array(2).fill('1 finding (1 high) will be assigned to ann and acknowledged. Do it? [y/N] '),
    );
    expect([refused.code, refused.out]).toEqual([0, 'Nothing is done.\n']);
    expect(before.out).toContain('None of the findings fits.');
    expect(done.out).toBe('1 finding assigned to ann and acknowledged.\n');
    expect(after.out).toContain('(payments, 7 d, with ann, acknowledged)');
  });

  it('puts off and comments what fingerprints name, by their beginning too', async () => {
    const [short, whole] = [LEDGER.fingerprint.slice(0, 12), WEB.fingerprint];
    const day = new Date(NOW.getTime() + 40 * 86_400_000).toISOString().slice(0, 10);
    const said = ['--defer-until', day, '--comment', 'waits for the agent', '--yes'];

    const done = await ask(['triage', short, whole, ...said]);
    const found = JSON.parse((await ask(['findings', '-f', 'json'])).out) as {
      items: readonly { fingerprint: string; deferredUntil: string }[];
    };
    const one = await ask(['finding', short]);
    const back = await ask(['triage', whole, '--defer-until', 'never', '--yes']);

    expect(done.out).toBe(`2 findings put off until ${day} 00:00Z and commented.\n`);
    expect(found.items.map(({ deferredUntil }) => deferredUntil.slice(0, 10))).toEqual([day, day]);
    expect(one.out).toMatch(/Z comment by token test editor: waits for the\s+agent/);
    expect(back.out).toBe('1 finding no longer put off.\n');
  });

  it('puts off out of the queue, which says how many are left out and how to see them', async () => {
    const defer = (until: string) => ask(['triage', WEB.fingerprint, '--defer-until', until, '--yes']);
    const before = await ask(['queue', 'name:web']);
    await defer('7d');
    const during = await ask(['queue', 'name:web']);
    const asked = await ask(['queue', 'name:web deferred-until:>now']);
    const list = await ask(['findings', 'name:web deferred-until:>now']);
    await defer('never');

    expect(before.out).toContain('host-pid');
    expect(before.out).not.toContain('PUT OFF');
    expect(during.out).not.toContain('host-pid');
    expect(during.out.replaceAll(/\s+/g, ' ')).toContain(
      "PUT OFF 1 finding is deferred; bulwark findings 'name:web deferred-until:>now' has it",
    );
    expect(asked.out).toContain('host-pid');
    expect(list.out).toContain('put off until');
    expect((await ask(['findings', 'name:web'])).out).not.toContain('put off');
  });

  it('is refused where the query finds others by the time of the yes', async () => {
    const confirm = async (): Promise<boolean> => {
      await applyBatch(hub.store, cluster, {
        at: NOW,
        removed: [],
        resolved: [],
        resources: [resource('pay', 'late')],
        findings: [LATE],
      });
      return true;
    };

    const { code, out, err } = await ask(['triage', 'namespace:pay', '--assign', 'eve'], { confirm });

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('The query now finds 2 findings, not 1. Look again before you decide.');
    expect((await ask(['findings', 'assignee:eve'])).out).toContain('None of the findings fits.');
  });

  it.each<{ args: readonly string[]; says: string }>([
    { args: ['name:ledger'], says: 'what is to be done with them? --assign, ' },
    { args: ['name:ledger', '--defer-until', 'soon'], says: '--defer-until takes a day such as' },
    { args: ['name:ledger', '--defer-until', '2020-01-31'], says: '--defer-until: 2020-01-31 is over' },
    { args: ['name:nothing', '--acknowledge'], says: 'the query finds nothing' },
    { args: ['0123456789ab', '--acknowledge'], says: 'has the fingerprint 0123456789ab' },
    {
      args: Array.from({ length: 51 }, (_each, index) => `abcdef00${index}`).concat('--acknowledge'),
      says: 'at most 50 fingerprints at once',
    },
  ])('says what is wrong with $args.0 and $args.1', async ({ args, says }) => {
    const { code, out, err } = await ask(['triage', ...args, '--yes']);

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(says)]);
  });

  it('says who may, where the token may not', async () => {
    const { code, err } = await ask(['triage', 'name:ledger', '--acknowledge'], {
      env: await hub.variables('viewer'),
    });

    expect([code, err]).toEqual([
      2,
      "error: the hub refuses: your role does not allow this. It takes the permission triage, which the roles admin, editor have; the token's role is viewer.\n",
    ]);
  });
});
