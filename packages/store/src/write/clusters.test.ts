import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdLease, type Lease } from '../lease.ts';
import { fillEveryTable, tablesOf } from '../migrations/filled.testing.ts';
import { listClusters } from '../read/posture.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { awaitedCluster, deleteCluster, markClusterAway, registerCluster } from './clusters.ts';
import { type CoverageRecord, type KindRecord, type Sight, writeSight } from './sight.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let databases: TestDatabases;
let store: Store;
let url: Awaited<ReturnType<TestDatabases['database']>>;

beforeAll(async () => {
  databases = await testDatabases();
  url = await databases.database('clusters');
  store = await openStore({ url, now: NOW });
}, 120_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

beforeEach(async () => {
  await store.pool.query('delete from cluster');
});

function register(uid: string | null, at: string, caHash = 'ca'): Promise<number> {
  const told = { name: 'prod', server: at, version: 'v1.34.0', isDemo: false };
  return registerCluster(store, { ...told, uid, caHash }, NOW);
}

const SIGHT: Sight = {
  at: NOW,
  state: 'live',
  reason: null,
  lastSeen: NOW,
  kinds: [],
  unserved: [],
  hasJudged: true,
  coverage: [],
};

async function see(cluster: number): Promise<void> {
  await writeSight(store, cluster, SIGHT);
}

/** The lease of a cluster that a hub records. */
async function held(cluster: number): Promise<Lease> {
  return new Promise((resolve) => {
    const lease = holdLease(url, {
      duty: cluster,
      onChange: ({ kind }) => {
        if (kind === 'held') resolve(lease);
      },
    });
  });
}

describe('the name of a cluster', () => {
  const named = (name: string, earlier: readonly string[], uid = 'u1') =>
    registerCluster(
      store,
      { uid, caHash: 'ca', name, server: `https://${name}`, version: 'v1.34.0', isDemo: false, earlier },
      NOW,
    );
  const names = async () =>
    (await store.pool.query('select name from cluster order by id')).rows.map(({ name }) => name);

  it('stays that of the context that is named first, while another one goes on for it', async () => {
    const cluster = await named('near', []);
    await see(cluster);

    expect(await named('far', ['other', 'near'])).toBe(cluster);
    expect(await names()).toEqual(['near']);
    await named('far', ['other']);
    expect(await names()).toEqual(['far']);
  });

  it('stays so over a start, while the first is away and another one goes on for it', async () => {
    const cluster = await named('near', []);
    await see(cluster);
    await named('far', ['near']);
    const near = { name: 'near', server: 'https://near' };

    expect(await awaitedCluster(store, { ...near, others: ['https://else', 'https://far'] }, NOW)).toBe(
      cluster,
    );
    expect(
      await awaitedCluster(store, { name: 'new', server: 'https://new', others: ['https://far'] }, NOW),
    ).not.toBe(cluster);
    // An earlier version has added it, and so has a hub that does not know the address by which another one watches it.
    const other = await awaitedCluster(store, near, NOW);
    expect(other).not.toBe(cluster);
    expect(await awaitedCluster(store, { ...near, others: ['https://far'] }, NOW)).toBe(cluster);
    expect(await named('far', ['near'])).toBe(cluster);

    expect((await store.pool.query('select name from cluster where id = $1', [cluster])).rows).toEqual([
      { name: 'near' },
    ]);
  });

  it('is that of whoever watches it, where the first never answered', async () => {
    await awaitedCluster(store, { name: 'near', server: 'https://far' }, NOW);
    const told = {
      uid: 'u1',
      caHash: 'ca',
      name: 'far',
      server: 'https://far',
      version: 'v1.34.0',
      isDemo: false,
    };
    await registerCluster(store, told, NOW, 'asker');
    await named('far', ['near']);

    expect(await names()).toEqual(['far']);
  });

  it('is that of whoever watches it, where the first leads to another cluster by now', async () => {
    await see(await named('near', []));
    await named('near', [], 'u2');
    await named('far', ['near']);

    expect(await names()).toEqual(['far', 'near']);
  });
});

describe('a cluster', () => {
  it('is the same wherever it is reached, and another one where another one answers', async () => {
    const first = await register('a', 'https://one');
    expect(await register('a', 'https://two')).toBe(first);
    expect(await register('b', 'https://two')).not.toBe(first);
    expect(await register('a', 'https://three', 'other')).not.toBe(first);
  });

  it('stays the same when its CA is exchanged at its address, beside a copy of it elsewhere', async () => {
    const first = await register('a', 'https://one', 'old');
    await see(first);
    const copy = await register('a', 'https://two', 'other');
    await see(copy);
    expect(copy).not.toBe(first);

    for (const caHash of ['old and new', 'new'])
      expect(await register('a', 'https://one', caHash)).toBe(first);
    expect(await register('a', 'https://elsewhere', 'new')).toBe(first);
    expect(await register('a', 'https://two', 'other')).toBe(copy);
  });

  it('that does not tell its UID is the same when a right that is granted later tells it', async () => {
    const first = await register(null, 'https://one');
    await see(first);
    expect(await register(null, 'https://one')).toBe(first);
    expect(await register('a', 'https://one')).toBe(first);
    expect(await register('a', 'https://elsewhere')).toBe(first);
  });

  it('that told its UID is the same when the right is taken away', async () => {
    const first = await register('a', 'https://one');
    await see(first);
    expect(await register(null, 'https://one')).toBe(first);
    expect(await register('a', 'https://one')).toBe(first);
  });

  it('that does not tell its UID is another one than that at another address, and than the one before with another CA', async () => {
    const first = await register(null, 'https://one', '');
    await see(first);
    const second = await register(null, 'https://two', '');
    expect(second).not.toBe(first);
    await see(second);
    expect(await register(null, 'https://two', 'ca')).not.toBe(second);
  });

  it.each([
    ['tells its UID', 'a'],
    ['does not tell it', null],
  ])(
    'that %s has the name that whoever records it has for it, not whoever asks which one it is',
    async (_what, uid) => {
      const told = { uid, caHash: 'ca', server: 'https://one', version: 'v1.34.0', isDemo: false };
      const cluster = await registerCluster(store, { ...told, name: 'admin' }, NOW);

      expect(await registerCluster(store, { ...told, name: 'reader' }, NOW, 'asker')).toBe(cluster);
      expect(await listClusters(store, ALL)).toMatchObject([{ name: 'admin', server: 'https://one' }]);

      expect(await registerCluster(store, { ...told, name: 'reader' }, NOW)).toBe(cluster);
      expect(await listClusters(store, ALL)).toMatchObject([{ name: 'reader' }]);
    },
  );

  it('is listed before it answers, and is that one when it does', async () => {
    const awaited = await awaitedCluster(store, { name: 'prod', server: 'https://one' }, NOW);
    expect(await awaitedCluster(store, { name: 'prod', server: 'https://one' }, NOW)).toBe(awaited);
    await markClusterAway(store, awaited, 'connect ECONNREFUSED');
    expect(await listClusters(store, ALL)).toMatchObject([
      { name: 'prod', server: 'https://one', state: 'stale', reason: 'connect ECONNREFUSED', lastSeen: null },
    ]);
    expect(await register('a', 'https://one')).toBe(awaited);
    expect(await awaitedCluster(store, { name: 'prod', server: 'https://one' }, NOW)).toBe(awaited);
  });

  it('that does not answer in two ways keeps the reason that was said last, and gets one where it is said to be live', async () => {
    const cluster = await register('a', 'https://one');
    const reason = async () => (await listClusters(store, ALL))[0]?.reason;
    await markClusterAway(store, cluster, 'first');
    await markClusterAway(store, cluster, 'second');
    for (const said of ['first', 'second', 'first'])
      await markClusterAway(store, cluster, said, { isNew: false });
    expect(await reason()).toBe('second');

    await see(cluster);
    expect(await reason()).toBe(null);
    await markClusterAway(store, cluster, 'first', { isNew: false });
    expect(await reason()).toBe('first');
  });

  it('that was known under another address is not listed twice when it answers at a new one', async () => {
    const known = await register('a', 'https://one');
    await see(known);
    await awaitedCluster(store, { name: 'prod', server: 'https://two' }, NOW);
    expect(await register('a', 'https://two')).toBe(known);
    expect((await listClusters(store, ALL)).map(({ id }) => id)).toEqual([known]);
  });

  it('that is watched at another address by now is not listed twice while it is away at the one before', async () => {
    const known = await register('a', 'https://one');
    await see(known);
    expect(await awaitedCluster(store, { name: 'first', server: 'https://one' }, NOW)).toBe(known);
    expect(await register('a', 'https://two')).toBe(known);

    expect(await awaitedCluster(store, { name: 'first', server: 'https://one', known }, NOW)).toBe(known);
    expect((await listClusters(store, ALL)).map(({ id }) => id)).toEqual([known]);
  });

  it('that was removed is listed before it answers again', async () => {
    const known = 4711;
    const awaited = await awaitedCluster(store, { name: 'first', server: 'https://one', known }, NOW);
    expect(await awaitedCluster(store, { name: 'first', server: 'https://one', known }, NOW)).toBe(awaited);
    expect((await listClusters(store, ALL)).map(({ id }) => id)).toEqual([awaited]);
  });
});

describe('the name of a cluster', () => {
  const names = async () => (await listClusters(store, ALL)).map(({ id, name }) => `${id} ${name}`).sort();

  it('is its own where another one is at its address by now: the one before says until when it was seen', async () => {
    const old = await register('a', 'https://one', 'old');
    await see(old);
    const next = await register('b', 'https://one', 'next');
    expect(await names()).toEqual([`${old} prod (until 2026-11-26 10:00 UTC)`, `${next} prod`].sort());

    await see(next);
    const third = await register('c', 'https://one', 'third');
    expect(await names()).toEqual(
      [
        `${old} prod (until 2026-11-26 10:00 UTC)`,
        `${next} prod (until 2026-11-26 10:00 UTC, number ${next})`,
        `${third} prod`,
      ].sort(),
    );
  });

  it('is that of before where it is seen again', async () => {
    const old = await register('a', 'https://one', 'old');
    await see(old);
    const next = await register('b', 'https://one', 'next');
    await see(next);

    expect(await register('a', 'https://one', 'old')).toBe(old);
    expect(await names()).toEqual([`${old} prod`, `${next} prod (until 2026-11-26 10:00 UTC)`].sort());
  });

  it('is left to one that a hub records, also where another hub calls one so', async () => {
    const first = await register('a', 'https://kubernetes.default.svc', 'one');
    const lease = await held(first);
    const second = await register('b', 'https://kubernetes.default.svc', 'two');
    await lease.release();

    expect(await names()).toEqual([`${first} prod`, `${second} prod`].sort());
  });
});

describe('those who watch', () => {
  const PODS: KindRecord = {
    kind: 'Pod',
    state: 'live',
    reason: null,
    missingRule: null,
    objects: 3,
    since: NOW.toISOString(),
  };
  const DENIED = { ...PODS, state: 'denied', reason: 'forbidden' } as const;
  const GAP: CoverageRecord = {
    code: 'denied',
    subject: 'Secret',
    kind: 'lost',
    reason: 'forbidden',
    remedy: null,
  };

  /** Topics that are told while something is written, up to a mark that is told at the end. */
  async function toldBy(write: () => Promise<void>): Promise<string[]> {
    const client = await store.pool.connect();
    const told: string[] = [];
    const isTold = new Promise<void>((done) => {
      client.on('notification', ({ payload = '' }) => {
        if (payload === 'end') done();
        else told.push(...(JSON.parse(payload) as { topics: string[] }).topics);
      });
    });
    try {
      await client.query('listen bulwark');
      await write();
      await store.pool.query(`select pg_notify('bulwark', 'end')`);
      await isTold;
    } finally {
      client.release(true);
    }
    return told;
  }

  it.each([
    {
      what: 'a cluster is stale',
      kinds: [PODS],
      state: { ...SIGHT, state: 'stale', reason: 'away' } as const,
    },
    { what: 'a kind may no longer be read', kinds: [DENIED], state: SIGHT },
  ])('are told that $what', async ({ kinds, state }) => {
    const cluster = await register('a', 'https://one');
    await writeSight(store, cluster, { ...SIGHT, kinds: [PODS] });

    expect(await toldBy(() => writeSight(store, cluster, { ...state, kinds }))).toEqual(['clusters']);
  });

  it('are not told that there are more objects, or that a cluster was seen again', async () => {
    const cluster = await register('a', 'https://one');
    await writeSight(store, cluster, { ...SIGHT, kinds: [PODS] });
    const kinds = [{ ...PODS, objects: 4 }];

    expect(
      await toldBy(() =>
        writeSight(store, cluster, { ...SIGHT, lastSeen: new Date(NOW.getTime() + 1000), kinds }),
      ),
    ).toEqual([]);
  });

  it.each([
    { what: 'a gap is there', before: [], after: [GAP], told: ['coverage'] },
    { what: 'a gap is gone', before: [GAP], after: [], told: ['coverage'] },
    { what: 'a gap has another reason', before: [GAP], after: [{ ...GAP, reason: 'x' }], told: ['coverage'] },
    { what: 'nothing where nothing is different', before: [GAP], after: [GAP], told: [] },
  ])('are told of coverage: $what', async ({ before, after, told }) => {
    const cluster = await register('a', 'https://one');
    await writeSight(store, cluster, { ...SIGHT, coverage: before });

    expect(await toldBy(() => writeSight(store, cluster, { ...SIGHT, coverage: after }))).toEqual(told);
  });
});

describe('what is not seen of a cluster', () => {
  const kind = (name: string, state: KindRecord['state']): KindRecord => {
    return { kind: name, state, reason: null, missingRule: null, objects: 0, since: NOW.toISOString() };
  };
  const gap = (code: string, subject: string): CoverageRecord => {
    return { code, subject, kind: 'lost', reason: 'x', remedy: null };
  };
  const [denied, polled] = [gap('missing-permission', 'Secret'), gap('polled-kind', 'Pod')];
  const failed = gap('control-error', 'Pod shop/web, host-pid');
  const MINUTE_MS = 60_000;

  async function gapsAfter(
    minutes: number,
    sight: Pick<Sight, 'state' | 'kinds' | 'coverage'> & Partial<Pick<Sight, 'hasJudged'>>,
    cluster: number,
  ): Promise<readonly string[]> {
    await writeSight(store, cluster, {
      ...SIGHT,
      ...sight,
      at: new Date(NOW.getTime() + minutes * MINUTE_MS),
    });
    const { rows } = await store.pool.query<{ code: string; subject: string; since: Date }>(
      'select code, subject, since from coverage where cluster_id = $1 order by 1, 2',
      [cluster],
    );
    return rows.map(
      (row) => `${row.code} of ${row.subject} since ${(row.since.getTime() - NOW.getTime()) / MINUTE_MS}`,
    );
  }

  it('is so since when it was before a start, and only what is known better is replaced before all is judged', async () => {
    const cluster = await register('a', 'https://one');
    const seen = [kind('Pod', 'live'), kind('Secret', 'denied')];
    await gapsAfter(0, { state: 'live', kinds: seen, coverage: [denied, polled, failed] }, cluster);

    const pending = [kind('Pod', 'pending'), kind('Secret', 'listing')];
    const unlisted = gap('unlisted-kind', 'Pod');
    const starting = { state: 'syncing', hasJudged: false, kinds: pending, coverage: [unlisted] } as const;
    expect(await gapsAfter(1, starting, cluster)).toEqual([
      'control-error of Pod shop/web, host-pid since 0',
      'missing-permission of Secret since 0',
      'polled-kind of Pod since 0',
      'unlisted-kind of Pod since 1',
    ]);

    const granted = [kind('Pod', 'live'), kind('Secret', 'live')];
    const listed = { state: 'syncing', hasJudged: false, kinds: granted, coverage: [polled] } as const;
    expect(await gapsAfter(2, listed, cluster)).toEqual([
      'control-error of Pod shop/web, host-pid since 0',
      'polled-kind of Pod since 0',
    ]);

    const judged = { state: 'live', kinds: granted, coverage: [polled] } as const;
    expect(await gapsAfter(3, judged, cluster)).toEqual(['polled-kind of Pod since 0']);
  });

  it('is so since when it was before a start also where the cluster goes away before all is judged', async () => {
    const cluster = await register('a', 'https://one');
    const seen = [kind('Pod', 'live'), kind('Secret', 'denied')];
    await gapsAfter(0, { state: 'live', kinds: seen, coverage: [denied, failed] }, cluster);

    const stale = gap('stale-kind', 'Pod');
    const kinds = [kind('Pod', 'stale'), kind('Secret', 'pending')];
    const away = { state: 'stale', hasJudged: false, kinds, coverage: [stale] } as const;
    expect(await gapsAfter(1, away, cluster)).toEqual([
      'control-error of Pod shop/web, host-pid since 0',
      'missing-permission of Secret since 0',
      'stale-kind of Pod since 1',
    ]);
  });
});

describe('a cluster that is removed', () => {
  it('leaves nothing in any table, and takes nothing of another one', async () => {
    const own = await openStore({ url: await databases.database('removed'), now: NOW });
    await fillEveryTable(own.pool);
    const { rows } = await own.pool.query<{ name: string }>(
      `select table_name as name from information_schema.columns c join information_schema.tables t using (table_name)
       where c.column_name = 'cluster_id' and t.table_type = 'BASE TABLE' and c.table_schema = 'public'`,
    );
    const counts = async (cluster: number) => {
      let n = 0;
      for (const { name } of rows) {
        const found = await own.pool.query(`select from "${name}" where cluster_id = $1`, [cluster]);
        n += found.rowCount ?? 0;
      }
      return n;
    };
    expect(await tablesOf(own.pool)).toContain('finding');
    const before = await counts(1);
    expect(before).toBeGreaterThan(10);

    expect(await deleteCluster(own, 2)).toBe('unknown');
    expect(await counts(1)).toBe(before);
    expect(await deleteCluster(own, 1)).toBe('removed');

    expect(await counts(1)).toBe(0);
    expect(await listClusters(own, ALL)).toEqual([]);
    await own.close();
  });

  it('is none that a hub watches', async () => {
    const cluster = await register('a', 'https://one');
    const lease = await held(cluster);
    expect(await deleteCluster(store, cluster)).toBe('watched');
    await lease.release();
    expect(await deleteCluster(store, cluster)).toBe('removed');
  });
});
