import { applyBatch } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';
import { addCluster, finding, kind, NOW, resource, WEEK_AGO } from './asked-hub.testing.ts';

describe('asking a hub', () => {
  let hub: ListeningHub;
  let env: Record<string, string>;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    const denied = {
      code: 'missing-permission',
      subject: 'Pod',
      kind: 'lost',
      reason: 'The hub may not list pods.',
      remedy: '- apiGroups: [""]\n  resources: [pods]',
    } as const;
    const kinds = [kind('apps/Deployment', 'live'), kind('Pod', 'denied')];
    const prod = await addCluster(hub, 'prod', 'live', { kinds, coverage: [denied] });
    const edge = await addCluster(hub, 'edge', 'stale', { kinds: [kind('apps/Deployment', 'live')] });
    const nothing = { removed: [], resolved: [], resources: [], findings: [] };
    await applyBatch(hub.store, prod, {
      ...nothing,
      at: WEEK_AGO,
      resources: [resource('pay', 'ledger'), resource('shop', 'web')],
      findings: [finding('pay', 'ledger'), finding('shop', 'web', { severity: 'medium' })],
    });
    await applyBatch(hub.store, edge, {
      ...nothing,
      at: NOW,
      resources: [resource('pay', 'till')],
      findings: Array.from({ length: 30 }, (_each, index) =>
        finding('pay', 'till', { path: `spec.${index}`, severity: 'low' }),
      ),
    });
    env = await hub.variables('editor');
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  const ask = (args: readonly string[], more: Parameters<typeof bulwark>[2] = {}) =>
    bulwark(args, '/', { env, ...more });

  it('begins with what was seen and what is stale, and shows what a query finds', async () => {
    const { code, out, err } = await ask(['findings', 'severity:>=high', 'namespace:pay*']);

    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`SEEN      50 % of prod; bulwark coverage has the 1 that was not judged
STALE     edge is not answering; what is shown of it is 2 h old: The API server does not answer.

HIGH      Deployment/ledger shares the process namespace of its node  host-pid
          prod: pay Deployment/ledger (payments, 7 d)  ${finding('pay', 'ledger').fingerprint.slice(0, 12)}

`);
  });

  it.each<{ args: readonly string[]; shows: readonly string[] }>([
    {
      args: ['workloads', 'name:web'],
      shows: ['MEDIUM    prod: shop Deployment/web  1 medium', 'unowned, 0 pods'],
    },
    {
      args: ['changes', 'namespace:shop'],
      shows: ['CREATED   prod: shop Deployment/web  1 opened', 'by root as ann, uncertain'],
    },
    {
      args: ['changes', 'namespace:shop', '-f', 'csv'],
      shows: [',ann,true,developers,root,192.0.2.7,kubectl/v1.34.0,a-1,kubectl-create,'],
    },
    {
      args: ['coverage'],
      shows: ['LOST      prod: Pod The hub may not list pods.', 'go away: - apiGroups: [""]; resources'],
    },
    {
      args: ['clusters'],
      shows: ['LIVE      prod (v1.34.0, 50 % seen and judged)', 'STALE     edge (v1.34.0, '],
    },
    { args: ['findings', '--by', 'owner'], shows: ['HIGH      payments', '31 findings in 2 objects'] },
    {
      args: ['findings', '--by', 'workload', '--limit', '2'],
      shows: [
        'HIGH      pay / Deployment ledger in prod',
        'MORE      The first 2 of 3; --limit and --all show more.',
      ],
    },
    {
      args: ['findings', '--by', 'workload', '--all'],
      shows: ['shop / Deployment web', 'ALL       3 groups.'],
    },
    {
      args: ['findings', 'severity:>=medium', '--by', 'workload', '-f', 'csv'],
      shows: ['severity:>=medium cluster:prod namespace:pay kind:Deployment name:ledger'],
    },
    {
      args: ['findings', `severity:>=low OR name:${'longer'.repeat(328)}`, '--by', 'workload'],
      shows: ['no query finds these alone'],
    },
    {
      args: ['queue', '--limit', '1'],
      shows: ['OPEN      32, +30 since yesterday: 30 came, 0 went'],
    },
    { args: ['namespaces'], shows: ['FOUND     No namespace.'] },
    {
      args: ['findings', '--limit', '2'],
      shows: ['MORE      The first 2 of 32; --limit and --all show more.'],
    },
    { args: ['findings'], shows: ['MORE      The first 25 of 32;'] },
    { args: ['findings', '--all'], shows: ['ALL       32 findings.'] },
    {
      args: ['findings', '--as-of', '3d'],
      shows: ['AS OF     ', 'prod: pay Deployment/ledger (payments, 4 d)', 'ALL       2 findings.'],
    },
    { args: ['findings', '--sort', 'severity', '--limit', '1'], shows: ['LOW       '] },
  ])('$args', async ({ args, shows }) => {
    const { code, out } = await ask(args);

    expect(code).toBe(0);
    for (const text of shows) expect(out).toContain(text);
  });

  it('fits a narrow terminal, and has colours only where they are wanted', async () => {
    const narrow = await ask(['findings', 'severity:high'], { columns: 40, isTerminal: true });
    const plain = await ask(['findings', 'severity:high', '--no-color'], { columns: 40, isTerminal: true });

    expect(narrow.out).toContain('\u001b[1;38;5;202mHIGH\u001b[0m');
    expect(plain.out).not.toContain('\u001b');
    expect(Math.max(...plain.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('gives programs all of it, and says beside it what was seen', async () => {
    const json = await ask(['findings', '-f', 'json']);
    const lines = await ask(['findings', '-f', 'jsonl']);
    const csv = await ask(['findings', '-f', 'csv', '--limit', '3', '--sort', '-severity']);

    expect(JSON.parse(json.out)).toMatchObject({
      schema: 'bulwark.hub.findings/v1',
      clusters: [
        { name: 'edge', state: 'stale' },
        { name: 'prod', state: 'live', seen: { percent: 50 } },
      ],
      items: expect.objectContaining({ length: 32 }),
      hasMore: false,
    });
    const items = lines.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { control: string });
    expect([items.length, new Set(items.map(({ control }) => control))]).toEqual([32, new Set(['host-pid'])]);
    for (const { err } of [lines, csv]) expect(err).toMatch(/^SEEN {6}50 % of prod.*\nSTALE {5}edge /);
    expect(csv.out.split('\r\n')).toEqual([
      'cluster,severity,state,control,title,namespace,kind,name,container,path,message,owner,environment,firstSeen,assignee,fingerprint',
      expect.stringMatching(
        /^prod,high,open,host-pid,.*,pay,Deployment,ledger,,spec\.template\.spec\.hostPID,/,
      ),
      expect.any(String),
      expect.any(String),
      '',
    ]);
  });

  it('tells by its status what was found, and with --strict that not all was seen', async () => {
    const codes = async (...args: string[]) => (await ask(['findings', 'namespace:pay', ...args])).code;

    expect(await codes('--fail-on', 'high')).toBe(1);
    expect(await codes('--fail-on', 'critical')).toBe(0);
    expect(await codes('--fail-on', 'high', '--limit', '1', '--sort', 'severity')).toBe(1);
    expect(await codes('--strict')).toBe(3);
    expect(await codes('--strict', '--fail-on', 'high')).toBe(1);
  });

  it.each([
    {
      args: ['findings', 'namespace:pay', 'severty:>=high'],
      says: 'error: the hub refuses: the query cannot be read.\n  namespace:pay severty:>=high\n                ^ there is no field severty; did you mean severity?\n',
    },
    { args: ['findings', '--sort', 'age'], says: 'error: the hub refuses: Sort by one of severity, ' },
    { args: ['findings', '--as-of', 'yesterday'], says: '--as-of takes a time such as' },
    { args: ['findings', '--limit', '0'], says: 'whole number from 1 on' },
    {
      args: ['--hub', 'http://127.0.0.1:1', 'findings'],
      says: 'the hub at http://127.0.0.1:1 cannot be reached: nothing listens there',
    },
    { args: ['--hub', 'http://127.0.0.1:1', 'controls'], says: 'controls asks no hub; --hub is not for it' },
    { args: ['--hub', 'http://127.0.0.1:1', 'scan', '.'], says: '--hub is only for --record' },
    { args: ['exceptions', 'add', 'name:nothing', '--reason', 'why not'], says: 'the query finds nothing' },
    { args: ['findings', '--by', 'owner', '--sort', 'severity'], says: '--sort is not for --by' },
    { args: ['exceptions', 'approve', '77'], says: 'the hub refuses: there is nothing of that name' },
  ])('says what is wrong with $args, and prints nothing else', async ({ args, says }) => {
    const { code, out, err } = await ask(args);

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(says)]);
    expect(err).not.toContain('bwt_');
  });

  it('says which roles may ask, and which one the token has', async () => {
    const { code, err } = await ask(['findings'], { env: await hub.variables('ci') });

    expect([code, err]).toEqual([
      2,
      "error: the hub refuses: your role does not allow this. It takes the permission view, which the roles admin, editor, viewer have; the token's role is ci.\n",
    ]);
  });

  it('makes exceptions, which a second person approves where the rules ask for it, and ends them', async () => {
    const add = [
      'exceptions',
      'add',
      'name:ledger',
      '--reason',
      'The node agent needs it.',
      '--owner',
      'ann',
    ];
    expect((await ask(add)).out).toContain(
      'will be accepted; a second person has to approve it. Nothing is done yet',
    );

    const made = await ask([...add, '--yes']);
    const [, id = ''] = /^Exception (\d+) asked for; it covers 1; /.exec(made.out) ?? [];
    const own = await ask(['exceptions', 'approve', id]);
    const sameOwner = await ask(['exceptions', 'approve', id], { env: await hub.variables('admin') });
    const second = { env: await hub.variables('admin', undefined, 'bob') };
    const approved = await ask(['exceptions', 'approve', id], second);
    const listed = await ask(['exceptions', 'list', 'state:active', 'age:<1d']);
    const others = await ask(['exceptions', 'list', 'state:requested']);
    const seen = await ask(['exceptions', 'list', 'state:active'], { env: await hub.variables('viewer') });
    const ended = await ask(['exceptions', 'remove', id]);

    // The role may: what is in the way is who asks, and no other role would help.
    for (const { code, err } of [own, sameOwner])
      expect([code, err]).toEqual([2, 'error: the hub refuses: A second person has to approve it.\n']);
    expect([approved.code, approved.out]).toEqual([0, `Exception ${id} is active.\n`]);
    expect(listed.out).toContain(`ACTIVE    The node agent needs it.  number ${id}\n`);
    const today = NOW.toISOString().slice(0, 10);
    expect(listed.out).toContain(
      `          what name:ledger found, in prod
          nothing is judged by it yet, without an end, owner ann
          by test, since ${today}, approved by token test admin
          It has no end.
`,
    );
    expect(others.out).toContain('None of the exceptions fits.');
    expect(listed.out).not.toContain('Your role');
    expect(seen.out.match(/^ {10}Your role decides about no findings: .+\.$/gm)).toHaveLength(1);
    expect([ended.code, ended.out]).toEqual([0, `Exception ${id} is ended.\n`]);
  });

  it('lists what annotations ask for, with who asks, and approves it', async () => {
    const until = new Date(NOW.getTime() + 90 * 86_400_000).toISOString().slice(0, 10);
    const requested = {
      id: null,
      reason: 'The agent needs it.',
      owner: 'platform',
      until,
      origin: 'annotation',
      annotation: 'bulwark.dev/except.host-pid',
    };
    const { rows } = await hub.store.pool.query<{ id: number }>(`select id from cluster where name = 'prod'`);
    await applyBatch(hub.store, rows[0]?.id ?? 0, {
      at: NOW,
      removed: [],
      resolved: [],
      resources: [resource('shop', 'agent')],
      findings: [finding('shop', 'agent', { requested })],
    });

    const listed = await ask(['exceptions', 'list', 'waiting:yes']);
    const csv = await ask(['exceptions', 'list', 'name:agent', '-f', 'csv']);
    const [, id = ''] = /ASKED {5}The agent needs it\. {2}number (\d+)\n/.exec(listed.out) ?? [];
    const approved = await ask(['exceptions', 'approve', id]);
    const refused = await ask(['exceptions', 'remove', id]);
    const after = await ask(['exceptions', 'list', 'name:agent']);

    expect(listed.out).toContain(
      'prod: shop Deployment/agent asks for host-pid by bulwark.dev/except.host-pid\n',
    );
    expect(listed.out.replaceAll(/\s+/g, ' ')).toContain(
      `covers 1 finding (1 high), until ${until}, owner platform by ann, since ${NOW.toISOString().slice(0, 10)}`,
    );
    expect(csv.out).toContain(',bulwark.dev/except.host-pid,The agent needs it.,platform,');
    expect(approved.out).toBe(`Exception ${id} is active.\n`);
    expect(refused.code).toBe(0);
    expect(after.out.replaceAll(/\s+/g, ' ')).toMatch(/ended by token test editor on \d{4}-\d\d-\d\d/);
  });

  it('says of what was refused who refused it and why', async () => {
    const asked = {
      id: null,
      reason: 'It talks to others.',
      owner: null,
      until: null,
      origin: 'annotation',
      annotation: 'bulwark.dev/except.host-ipc',
    };
    const { rows } = await hub.store.pool.query<{ id: number }>(`select id from cluster where name = 'prod'`);
    await applyBatch(hub.store, rows[0]?.id ?? 0, {
      at: NOW,
      removed: [],
      resolved: [],
      resources: [resource('shop', 'talker')],
      findings: [finding('shop', 'talker', { control: 'host-ipc', requested: asked })],
    });
    const listed = await ask(['exceptions', 'list', 'name:talker', '-f', 'csv']);
    const [id = ''] = listed.out.split('\n')[1]?.split(',') ?? [];

    const refused = await ask(['exceptions', 'refuse', id, '--reason', 'A socket does as well.']);

    expect([refused.code, refused.out]).toEqual([0, `Exception ${id} is refused.\n`]);
    const { out } = await ask(['exceptions', 'list', 'name:talker']);
    expect(out).toContain(`REFUSED   It talks to others.  number ${id}\n`);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      / refused by token test editor on \d{4}-\d\d-\d\d: A socket does as well\./,
    );
    const csv = await ask(['exceptions', 'list', 'name:talker', '-f', 'csv']);
    expect(csv.out).toMatch(/,token test editor,[^,]+Z,A socket does as well\.,/);
  });
});
