import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP, Secret } from '@bulwark/core';
import {
  type EmbeddedServer,
  firstSeen,
  listClusters,
  openStore,
  type Store,
  scopeOf,
  settingOf,
  startEmbedded,
} from '@bulwark/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DecisionSettings } from './decisions.ts';
import { type DemoWatchOptions, watchDemo } from './watch-demo.ts';

const TEST_MS = 600_000;
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const NOW = new Date('2026-11-26T10:00:00Z');
/** Some that are found and mended in the history; all of them would take longer and show no more. */
const SOME = CONTROLS.filter(({ looks, profile }) => looks !== 'world' && profile === 'default').slice(0, 40);
const DECISIONS: DecisionSettings = {
  exceptions: [],
  annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: (control) => [control] },
  ownership: DEFAULT_OWNERSHIP,
};

let folder: string;
let server: EmbeddedServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-demo-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
}, TEST_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Watches until the database says that it is enough. */
async function watch(
  store: Store,
  url: EmbeddedServer['url'],
  isEnough: () => Promise<boolean>,
  { now = () => NOW, onJudging = () => undefined }: Partial<Pick<DemoWatchOptions, 'now' | 'onJudging'>> = {},
): Promise<void> {
  const stopping = new AbortController();
  const watching = watchDemo({
    store,
    databaseUrl: url,
    controls: SOME,
    decisions: async () => DECISIONS,
    now,
    signal: stopping.signal,
    onJudging,
    onRole: () => undefined,
    onHeldUp: () => undefined,
  });
  while (!(await isEnough())) await new Promise((resolve) => setTimeout(resolve, 20));
  stopping.abort();
  await watching;
}

it(
  'writes down what is decided once the history was told when it is decided',
  async () => {
    const { pool } = await openStore({ url: server.url, now: NOW });
    await pool.query('create database decided');
    await pool.end();
    const url = new Secret(server.url.reveal().replace(/\/postgres$/, '/decided'));
    const store = await openStore({ url, now: NOW });
    const later = new Date(NOW.getTime() + 30_000);
    let now = NOW;
    const since = async () => {
      const { rows } = await store.pool.query<{ since: Date }>(
        'select valid_from as since from finding where exception is not null',
      );
      return rows;
    };
    const decide: DemoWatchOptions['onJudging'] = (recorder) => {
      now = later;
      const accepted = { origin: 'configuration', source: 'hub:1', scope: {}, reason: 'because' } as const;
      void recorder.decide({ ...DECISIONS, exceptions: [accepted] });
    };
    try {
      await watch(store, url, async () => (await since()).length > 0, { now: () => now, onJudging: decide });

      expect(new Set((await since()).map((row) => row.since.toISOString()))).toEqual(
        new Set([later.toISOString()]),
      );
    } finally {
      await store.close();
    }
  },
  TEST_MS,
);

/** All that a database tells of the month. */
async function told({ pool }: Store): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const queries = {
    resources:
      'select kind, namespace, name, body_hash, first_seen, valid_from from resource order by 1, 2, 3',
    past: 'select kind, namespace, name, body_hash, valid_from, valid_to from resource_past order by 1, 2, 3, 5',
    findings: 'select fingerprint, first_seen, valid_from from finding order by 1',
    resolved: 'select fingerprint, first_seen, valid_from, valid_to from finding_past order by 1, 3',
    risks: 'select kind, namespace, name, points, reach, digest from workload_risk order by 1, 2, 3',
  };
  const answers: Record<string, readonly unknown[]> = {};
  for (const [name, text] of Object.entries(queries)) answers[name] = (await pool.query(text)).rows;
  return answers;
}

it(
  'tells the same month when it is broken off and begins again',
  async () => {
    const { pool } = await openStore({ url: server.url, now: NOW });
    await pool.query('create database undisturbed');
    await pool.end();
    const disturbed = await openStore({ url: server.url, now: NOW });
    const url = server.url.reveal();
    const other = new Secret(url.replace(/\/postgres$/, '/undisturbed'));
    const undisturbed = await openStore({ url: other, now: NOW });
    try {
      const isDone = (store: Store) => async () => {
        const { rowCount } = await store.pool.query(
          "select from cluster where state = 'live' and last_seen = $1",
          [NOW],
        );
        return rowCount === 1;
      };
      const progress = async () =>
        (await settingOf<{ readonly until: number }>(disturbed, 'demo.progress'))?.until ?? 0;
      await watch(disturbed, server.url, async () => (await progress()) > 0);
      const first = await progress();
      expect(first).toBeLessThan(NOW.getTime());
      // What is shown before all is told is ranked like all the rest.
      const early = await disturbed.pool.query('select from workload_risk');
      expect(early.rowCount).toBeGreaterThan(0);
      const reason = async () => (await disturbed.pool.query('select reason from cluster')).rows[0]?.reason;
      // Who looks now takes it for the whole otherwise.
      expect(await reason()).toMatch(/^\d+ of \d+ days are loaded$/);
      await watch(disturbed, server.url, async () => (await progress()) > first + 5 * 86_400_000);
      await watch(disturbed, server.url, isDone(disturbed));
      expect(await reason()).toBeNull();
      await watch(undisturbed, other, isDone(undisturbed));

      // Before its first day nothing is known of it, which is no empty cluster.
      const { rows } = await disturbed.pool.query<{ first: Date }>(
        'select min(least(first_seen, valid_from)) as first from (select first_seen, valid_from from resource union all select first_seen, valid_from from resource_past) r',
      );
      expect((await firstSeen(disturbed, ALL)).earliest).toEqual(rows[0]?.first);
      expect((await listClusters(disturbed, ALL))[0]?.firstSeen).toEqual(rows[0]?.first);

      const [one, same] = [await told(disturbed), await told(undisturbed)];
      for (const [name, rows] of Object.entries(same)) {
        expect(rows.length, name).toBeGreaterThan(0);
        expect(one[name], name).toEqual(rows);
      }
    } finally {
      await disturbed.close();
      await undisturbed.close();
    }
  },
  TEST_MS,
);
