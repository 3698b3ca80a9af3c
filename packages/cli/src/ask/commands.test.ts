import { ROUTES } from '@bulwark/api';
import { parseQuery } from '@bulwark/core';
import { applyBatch } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';
import { addCluster, finding, kind, NOW, resource, WEEK_AGO } from './asked-hub.testing.ts';
import { ASK_COMMANDS, type AskCommand, EXCEPTION_LIST } from './commands.ts';

const COMMANDS: readonly (readonly [string, AskCommand])[] = Object.entries(ASK_COMMANDS);
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** An object that is no workload. */
function plain(of: { kind: string; namespace?: string; name: string }, body: object) {
  const { kind: itsKind, namespace = '', name } = of;
  return {
    ...resource(namespace, name),
    ...of,
    namespace,
    apiVersion: 'v1',
    ownerKind: itsKind,
    isWorkload: false,
    images: [],
    bodyHash: `${itsKind}-${name}`.padEnd(32, '0').replaceAll(/[^0-9a-f]/g, '0'),
    body: { apiVersion: 'v1', kind: itsKind, metadata: {}, ...body },
    instance: { metadata: { name, namespace } },
  };
}

const NODE = plain(
  { kind: 'Node', name: 'worker-1' },
  {
    status: {
      nodeInfo: {
        kubeletVersion: 'v1.20.0',
        containerRuntimeVersion: 'containerd://1.4.0',
        kernelVersion: '5.4.0',
        osImage: 'Ubuntu 22.04 LTS',
        architecture: 'amd64',
      },
    },
  },
);
const ANN = 'ann';

describe('every list of a hub', () => {
  let hub: ListeningHub;
  let env: Record<string, string>;
  let admin: Record<string, string>;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    const kinds = [kind('apps/Deployment', 'live'), kind('Node', 'live'), kind('Secret', 'denied')];
    const lost = { code: 'missing-permission', kind: 'lost', subject: 'Secret', remedy: null } as const;
    const coverage = [{ ...lost, reason: 'The hub may not list secrets.' }];
    const prod = await addCluster(hub, 'prod', 'live', { kinds, coverage });
    const spec = {
      template: {
        spec: {
          hostPID: true,
          containers: [
            {
              name: 'app',
              image: 'example.com/ledger:1',
              envFrom: [{ secretRef: { name: 'database' } }],
            },
          ],
        },
      },
    };
    await applyBatch(hub.store, prod, {
      at: WEEK_AGO,
      removed: [],
      resolved: [],
      resources: [resource('pay', 'ledger', spec), resource('shop', 'web'), NODE],
      findings: [
        finding('pay', 'ledger'),
        finding('shop', 'web', { control: 'image-latest', severity: 'medium' }),
      ],
    });
    env = await hub.variables('editor', undefined, ANN);
    admin = await hub.variables('admin', undefined, ANN);
    const recorded = await fetch(`${hub.url}${ROUTES.createBuildRecord.path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(await hub.variables('ci'))['BULWARK_HUB_TOKEN'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        repository: 'github.com/acme/shop',
        commit: '0123456789abcdef',
        ref: 'main',
        run: 'https://ci.example.com/7',
        author: 'ann',
        system: 'github-actions',
        verdict: 'failed',
        failOn: 'high',
        controls: 12,
        findings: { critical: 0, high: 2, medium: 0, low: 0, info: 0 },
        at: NOW.toISOString(),
        manifests: [],
        images: [{ name: 'example.com/ledger', digest: DIGEST, made: true }],
      }),
    });
    expect(recorded.status).toBe(200);
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  // What the hub does is for administrators.
  const ask = (...args: readonly string[]) => bulwark(args, '/', { env: args[0] === 'jobs' ? admin : env });

  it.each(COMMANDS)('%s is the same for people, JSON, JSON lines and CSV', async (name, { list }) => {
    const pretty = await ask(name);
    const json = await ask(name, '-f', 'json');
    const lines = await ask(name, '-f', 'jsonl');
    const csv = await ask(name, '-f', 'csv');

    expect([pretty.code, json.code, lines.code, csv.code]).toEqual([0, 0, 0, 0]);
    const { schema, items } = JSON.parse(json.out) as { schema: string; items: readonly unknown[] };
    expect(schema).toBe(`bulwark.hub.${list.name}/v1`);
    expect(lines.out.split('\n').filter((line) => line !== '')).toHaveLength(items.length);
    const [head, ...rows] = csv.out.trimEnd().split('\r\n');
    expect([head, rows.length]).toEqual([list.columns.join(','), items.length]);
    const isNamespaces = name === 'namespaces';
    expect(items.length > 0 || isNamespaces, 'the test has something of each').toBe(true);
    expect(pretty.out.includes(list.none)).toBe(isNamespaces);
  });

  it.each(COMMANDS)('%s is sorted by all that it says, and takes what it says', async (name, asked) => {
    const { sorts = [], fields, times = [] } = asked as AskCommand;
    // Both ways round are asked for, but few times: a hub counts requests.
    for (const [index, sort] of sorts.entries())
      expect((await ask(name, '--sort', index % 2 === 0 ? sort : `-${sort}`)).err).toBe('');
    const optional = (fields ?? []).filter(({ canBeNone = false }) => canBeNone);
    const all = optional.map((field) => `${field.name}:none`).join(' OR ');
    if (all !== '') expect((await ask(name, all)).err).toBe('');
    const moments = name === 'compliance' ? [] : times;
    for (const time of moments)
      expect((await ask(name, time === 'asOf' ? '--as-of' : '--since', '1d')).err).toBe('');
  });

  it.each<{ args: readonly string[]; shows: readonly string[] }>([
    {
      args: ['queue'],
      shows: [
        'OPEN      2',
        'HIGH      ',
        ' points, host-pid\n',
        'Next: ',
        '(payments, the oldest 7 d, no one on it)',
      ],
    },
    { args: ['queue', 'control:image-latest'], shows: ['MEDIUM    ', '(unowned, the oldest 7 d'] },
    { args: ['queue', '--mine'], shows: ['FOUND     None of the things to do fits.'] },
    {
      args: ['nodes'],
      shows: [
        'BEHIND    worker-1  0 pods',
        'kubelet v1.20.0, containerd://1.4.0, kernel 5.4.0, Ubuntu 22.04',
      ],
    },
    {
      args: ['secrets'],
      shows: ['USED      pay Secret/database', 'used by Deployment ledger', 'as secrets are not seen'],
    },
    {
      args: ['builds', 'verdict:failed'],
      shows: [
        'FAILED    github.com/acme/shop@0123456789ab (main, ann, github-actions, a moment ago)  2 high',
        '0 objects, 1 image by digest, against 12 controls, fails from high on, https://ci.example.com/7',
      ],
    },
    { args: ['builds', 'verdict:passed'], shows: ['FOUND     None of the builds fits.'] },
    {
      args: ['teams'],
      shows: ['HIGH      payments  1 high', 'MEDIUM    nobody  1 medium', 'First: host-pid (1)'],
    },
    { args: ['owners', '--cluster', 'prod'], shows: ['HIGH      payments'] },
    { args: ['teams', 'owner:none'], shows: ['MEDIUM    nobody  1 medium'] },
    { args: ['teams', 'owner:nobody-like-this'], shows: ['FOUND     None of the teams fits.'] },
    { args: ['compliance'], shows: ['FAIL      ', 'pss-baseline', ' % have a verdict'] },
    {
      args: ['compliance', 'pss-baseline', '--cluster', 'prod'],
      shows: ['MET       ', 'FAIL      ', '1 finding, of payments (1), by '],
    },
    { args: ['compliance', 'pss-baseline', '--as-of', '3d'], shows: ['AS OF     ', 'FAIL      '] },
    { args: ['resources', 'kind:Node'], shows: ['          Node/worker-1 ('] },
  ])('$args', async ({ args, shows }) => {
    const { code, out, err } = await ask(...args);

    expect([code, err]).toEqual([0, '']);
    for (const text of shows) expect(out).toContain(text);
  });

  it('has the queue in the order of the page', async () => {
    const page = await fetch(`${hub.url}${ROUTES.getQueue.path}`, {
      headers: { authorization: `Bearer ${env['BULWARK_HUB_TOKEN'] ?? ''}` },
    });
    const { items } = (await page.json()) as { items: readonly { id: string }[] };
    const asked = JSON.parse((await ask('queue', '-f', 'json')).out) as { items: readonly { id: string }[] };

    expect(asked.items).toEqual(items);
    expect(items.map(({ id }) => id)).toEqual(['host-pid', 'image-latest']);
  });

  it.each([
    { args: ['compliance', '--as-of', '3d'], says: '--as-of is for the requirements of one framework' },
    { args: ['compliance', 'pss-nonsense'], says: 'the hub refuses: there is nothing of that name' },
    { args: ['teams', '--cluster', 'prd'], says: 'unknown cluster "prd"; did you mean "prod"?' },
    { args: ['nodes', 'kubelet:v1'], says: 'there is no field kubelet' },
  ])('says what is wrong with $args', async ({ args, says }) => {
    const { code, out, err } = await ask(...args);

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(says)]);
  });

  it('says what the share is of where a token has limits', async () => {
    const limits = { clusters: 'all', namespaces: ['shop', 'web'] } as const;
    const limited = { env: await hub.variables('viewer', limits) };
    const pretty = await bulwark(['workloads'], '/', limited);
    const json = await bulwark(['workloads', '-f', 'json'], '/', limited);

    expect(pretty.out).toMatch(/^SEEN {6}within the limits of this token \d[\d.]* % of prod/);
    expect(pretty.out).toContain(
      '\nLIMITS    This token may see the namespaces shop, web; all else is neither shown nor counted, nor in that share.\n',
    );
    expect(JSON.parse(json.out)).toMatchObject({ limits, items: [{ resource: { name: 'web' } }] });
  });
});

describe('the definition of each list', () => {
  it.each(
    COMMANDS.concat([['exceptions list', EXCEPTION_LIST]]).flatMap(([name, { fields, examples }]) =>
      fields === undefined ? [] : examples.map((example) => ({ name, example, fields })),
    ),
  )('can be asked $example of $name, as its help says', ({ example, fields }) => {
    // What stands in quotes is one word to a shell, which would take a comparison for a file otherwise.
    const queries = [...example.matchAll(/'([^']*)'|(?<= |^)([a-z-]+:\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word,
    );

    expect(example.replaceAll(/'[^']*'/g, '')).not.toMatch(/[<>*()]/);
    for (const query of queries) expect(parseQuery(query ?? '', fields)).toMatchObject({ ok: true });
  });

  it.each(COMMANDS)('of %s agrees with the route that it asks', (name, { fields, times, sorts }) => {
    const routes = {
      queue: 'getQueue',
      builds: 'listBuildRecords',
      teams: 'listTeams',
      compliance: 'getFramework',
    } as const;
    const usual = `list${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const id = (routes as Readonly<Record<string, string>>)[name] ?? usual;
    const route = Object.values(ROUTES).find((each) => each.id === id);
    const shape = Object.keys((route !== undefined && 'query' in route && route.query?.shape) || {});

    expect(route).toBeDefined();
    expect(shape.includes('q')).toBe(fields !== undefined);
    for (const time of ['asOf', 'since'] as const)
      expect(shape.includes(time), time).toBe(times?.includes(time) === true);
    if (sorts !== undefined) expect(shape).toContain('sort');
  });
});
