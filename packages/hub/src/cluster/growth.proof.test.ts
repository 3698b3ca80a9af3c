import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP, groupKindOf, groupOf, type JsonObject, stringAt } from '@bulwark/core';
import { type ChurnChange, demoChurn, demoCluster } from '@bulwark/demo';
import { type EmbeddedServer, openStore, registerCluster, type Store, startEmbedded } from '@bulwark/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { groupBy } from '../handlers/group-by.ts';
import { stateOf } from '../handlers/test-cluster.ts';
import { Recorder } from './recorder.ts';

/** What a change adds is the same in a cluster of any size; a small one has had its tables churned through the sooner. */
const SIZE = { namespaces: 20, workloads: 120, pods: 1000, objects: 2500 };
/** Minutes of the cluster: those before the measurement make tables of a constant number of rows as loose as they will be. */
const MINUTES = { before: 40, measured: 30 };
const CHANGES_A_MINUTE = 1000;
/** What is written at once: what a cluster does in half a second. */
const AT_ONCE = 8;
const MINUTES_A_DAY = 1440;
const MOST_MB_A_DAY = 50;

const START = Date.parse('2026-11-10T00:00:00Z');
let folder: string;
let server: EmbeddedServer;
let store: Store;
let now = START;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-growth-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: new Date(START) });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function kindOf(object: JsonObject): string {
  return groupKindOf(groupOf(stringAt(object, 'apiVersion') ?? ''), stringAt(object, 'kind') ?? '');
}

/** A recorder that has seen and judged a cluster. */
async function recorderOf(objects: readonly JsonObject[]): Promise<Recorder> {
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const recorder = new Recorder({
    store,
    cluster: await registerCluster(store, identity, new Date(now)),
    name: identity.name,
    version: identity.version,
    controls: CONTROLS,
    decisions: {
      exceptions: [],
      ownership: DEFAULT_OWNERSHIP,
      annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: (control) => [control] },
    },
    now: () => new Date(now),
    wait: async () => undefined,
    onDatabase: () => undefined,
  });
  await recorder.load();
  const byKind = groupBy(objects, kindOf);
  for (const [kind, list] of byKind) await recorder.upsert(kind, list);
  for (const kind of byKind.keys()) await recorder.state(stateOf(kind, 'live', new Date(now)));
  await recorder.flush();
  return recorder;
}

async function show(recorder: Recorder, { verb, object }: ChurnChange): Promise<void> {
  if (verb === 'upsert') return recorder.upsert(kindOf(object), [object]);
  const name = stringAt(object, 'metadata', 'name') ?? '';
  return recorder.remove(kindOf(object), [
    { namespace: stringAt(object, 'metadata', 'namespace') ?? '', name },
  ]);
}

/** Some minutes of a cluster's life, and what the database does meanwhile by itself. */
async function live(
  recorder: Recorder,
  churn: Generator<ChurnChange, never>,
  minutes: number,
): Promise<void> {
  for (let change = 1; change <= minutes * CHANGES_A_MINUTE; change++) {
    now += 60_000 / CHANGES_A_MINUTE;
    await show(recorder, churn.next().value);
    if (change % AT_ONCE === 0) await recorder.flush();
    if (change % (5 * CHANGES_A_MINUTE) === 0) await store.pool.query('vacuum');
  }
  await recorder.flush();
  await store.pool.query('vacuum');
}

/** Bytes of every table with its indexes and what it keeps apart, partitions added up. */
async function sizes(): Promise<ReadonlyMap<string, number>> {
  const { rows } = await store.pool.query<{ name: string; bytes: number }>(
    `select coalesce(p.relname, c.relname) as name, sum(pg_total_relation_size(c.oid))::bigint as bytes
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace group by 1 order by 1`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

async function changesSeen(): Promise<number> {
  const { rows } = await store.pool.query<{ n: number }>('select count(*) as n from change');
  return rows[0]?.n ?? 0;
}

it(`a day of ${CHANGES_A_MINUTE} changes a minute adds at most ${MOST_MB_A_DAY} MB to the database`, async () => {
  const objects = demoCluster({ seed: 'growth', now, ...SIZE });
  const recorder = await recorderOf(objects);
  const churn = demoChurn({ seed: 'growth', now, cluster: objects });
  await live(recorder, churn, MINUTES.before);
  const before = await sizes();
  const known = await changesSeen();
  await live(recorder, churn, MINUTES.measured);
  const after = await sizes();
  const changes = (await changesSeen()) - known;
  await recorder.stop();

  const aDay = MINUTES_A_DAY / MINUTES.measured / 1e6;
  const grown = [...after].map(([name, bytes]) => [name, (bytes - (before.get(name) ?? 0)) * aDay] as const);
  const total = grown.reduce((sum, [, bytes]) => sum + bytes, 0);
  const lines = grown
    .filter(([, megabytes]) => megabytes !== 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, megabytes]) => `${name.padEnd(24)}${megabytes.toFixed(1).padStart(8)}`);
  console.log(
    [
      `${'MB a day'.padEnd(24)}${total.toFixed(1).padStart(8)}`,
      ...lines,
      `${changes} changes kept of ${MINUTES.measured * CHANGES_A_MINUTE}`,
    ].join('\n'),
  );
  // A heartbeat is no change, and what matters is one.
  expect(changes).toBeGreaterThan(0);
  expect(changes).toBeLessThan(0.1 * MINUTES.measured * CHANGES_A_MINUTE);
  expect(total).toBeLessThan(MOST_MB_A_DAY);
}, 1_800_000);
