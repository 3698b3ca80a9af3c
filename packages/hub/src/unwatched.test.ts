import { holdLease, type Lease, markClusterAway } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DecisionSettings } from './cluster/decisions.ts';
import { type TestCluster, TestHub, UNDECIDED } from './handlers/test-cluster.ts';
import { noteUnwatched } from './unwatched.ts';

const WITHIN = { timeout: 30_000 };

let hub: TestHub;
const leases: Lease[] = [];

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-01T10:00:00Z'));
}, 60_000);

afterAll(async () => {
  for (const lease of leases) await lease.release();
  await hub?.stop();
});

const say = (): void => undefined;
const decisionsFor = async (): Promise<DecisionSettings> => UNDECIDED;

async function states(): Promise<Readonly<Record<string, string>>> {
  const { rows } = await hub.store.pool.query<{ name: string; said: string }>(
    `select name, concat_ws(': ', state, reason) as said from cluster`,
  );
  return Object.fromEntries(rows.map(({ name, said }) => [name, said]));
}

/** Has the lease of a cluster. */
async function hold(duty: number): Promise<{ readonly lease: Lease; readonly session: number }> {
  const lease = holdLease(hub.url, { duty, everyMs: 50 });
  leases.push(lease);
  const session = await vi.waitFor(() => {
    if (lease.state.kind !== 'held') throw new Error('not yet held');
    return lease.state.session;
  }, WITHIN);
  return { lease, session };
}

describe('a cluster that no hub watches', () => {
  it('is away, one that a hub records is not, and it is live again when a hub has it again', async () => {
    let session = 0;
    hub.session = () => session;
    const left = await hub.cluster('left', { Pod: 'live' });
    const first = await hold(left.id);
    session = first.session;
    await left.flush();
    hub.session = undefined;
    const kept = await hub.cluster('kept', { Pod: 'live' });
    await hold(kept.id);
    await kept.flush();
    let isOurs = false;
    const noting = noteUnwatched(
      { store: hub.store, isOurs: () => isOurs, now: () => hub.now, say, decisionsFor },
      50,
    );
    try {
      await first.lease.release();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await states()).toEqual({ left: 'live', kept: 'live' });

      isOurs = true;
      await vi.waitFor(
        async () => expect(await states()).toEqual({ left: 'stale: No hub watches it.', kept: 'live' }),
        WITHIN,
      );

      session = (await hold(left.id)).session;
      await left.flush();
      expect(await states()).toEqual({ left: 'live', kept: 'live' });
    } finally {
      await noting.stop();
    }
  }, 60_000);

  it('says so where another one is at its address now, whatever was the reason before', async () => {
    const former = await hub.cluster('former', { Pod: 'live' });
    await former.flush();
    await hub.store.pool.query("update cluster set server = 'https://moved' where id = $1", [former.id]);
    await markClusterAway(hub.store, former.id, 'The certificate of the server is not trusted.');
    const noting = noteUnwatched(
      { store: hub.store, isOurs: () => true, now: () => hub.now, say, decisionsFor },
      50,
    );
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await states()).toMatchObject({
        former: 'stale: The certificate of the server is not trusted.',
      });

      const successor = await hub.cluster('successor', { Pod: 'live' });
      await hub.store.pool.query("update cluster set server = 'https://moved' where id = $1", [successor.id]);
      await hold(successor.id);

      await vi.waitFor(
        async () =>
          expect(await states()).toMatchObject({
            former: 'stale: Another cluster is at its address now; no hub watches it.',
          }),
        WITHIN,
      );
    } finally {
      await noting.stop();
    }
  }, 60_000);

  it('was last seen when it last answered, not when it last changed or was last looked at', async () => {
    const quiet = await hub.cluster('quiet', { Pod: 'live' });
    await quiet.flush();
    const lastSeen = async () => {
      const { rows } = await hub.store.pool.query<{ at: Date }>(
        'select last_seen as at from cluster where id = $1',
        [quiet.id],
      );
      return rows[0]?.at;
    };
    expect(await lastSeen()).toEqual(hub.now);
    hub.now = new Date('2026-11-22T10:00:00Z');
    quiet.answers(hub.now);
    await quiet.tick();
    await quiet.flush();
    expect(await lastSeen()).toEqual(hub.now);
    // It hangs, and that is not known yet.
    const hung = hub.now;
    hub.now = new Date('2026-11-22T10:01:00Z');
    await quiet.tick();
    await quiet.flush();
    expect(await lastSeen()).toEqual(hung);

    await markClusterAway(hub.store, quiet.id, 'No hub watches it.');
    hub.now = new Date('2026-11-23T10:00:00Z');
    quiet.answers(hub.now);
    await quiet.tick();
    await quiet.flush();

    expect(await lastSeen()).toEqual(hung);
  }, 60_000);
});

describe('what is decided of a cluster that no hub watches', () => {
  const POD = `
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: shop, uid: a }
spec: { containers: [{ name: a, image: "x:1", securityContext: { privileged: true } }] }`;
  const accepting = (until: string): DecisionSettings => ({
    ...UNDECIDED,
    exceptions: [
      {
        origin: 'configuration',
        source: 'hub:7',
        scope: { controls: ['privileged-container'] },
        reason: 'We know.',
        until,
      },
    ],
  });
  const accepted = async ({ id }: TestCluster): Promise<unknown> => {
    const { rows } = await hub.store.pool.query<{ reason: string | null }>(
      `select exception->>'reason' as reason from finding where cluster_id = $1 and control = 'privileged-container'`,
      [id],
    );
    return rows.map(({ reason }) => reason);
  };

  it('holds at once, ends with its day, and is left to a hub that watches it again', async () => {
    const left = await hub.cluster('left with a finding', { Pod: 'live' });
    await left.show(POD);
    let settings = accepting('2026-12-31');
    let isOurs = false;
    const decisions = async (cluster: number): Promise<DecisionSettings> =>
      cluster === left.id ? settings : UNDECIDED;
    const noting = noteUnwatched(
      { store: hub.store, isOurs: () => isOurs, now: () => hub.now, say, decisionsFor: decisions },
      50,
    );
    const decide = (next: DecisionSettings): void => {
      settings = next;
      noting.decide();
    };
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await accepted(left)).toEqual([null]);

      isOurs = true;
      await expect.poll(() => accepted(left), WITHIN).toEqual(['We know.']);
      decide(UNDECIDED);
      await expect.poll(() => accepted(left), WITHIN).toEqual([null]);
      decide(accepting('2026-11-30'));
      await expect.poll(() => accepted(left), WITHIN).toEqual(['We know.']);
      hub.now = new Date('2026-12-01T00:01:00Z');
      await expect.poll(() => accepted(left), WITHIN).toEqual([null]);

      await hold(left.id);
      decide(accepting('2026-12-31'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await accepted(left)).toEqual([null]);
    } finally {
      await noting.stop();
    }
  }, 60_000);
});
