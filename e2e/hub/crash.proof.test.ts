import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOfRef, PRIVILEGED_POD } from './objects.testing.ts';
import { eventually, pause, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const PROOF_MS = 1_500_000;
const ROUNDS = process.env['BULWARK_PROOF'] === 'full' ? 30 : 3;
const SEED = Number(process.env['BULWARK_SEED'] ?? 1);
const LONGEST_MS = 4000;
const SYNC_ROUNDS = process.env['BULWARK_PROOF'] === 'full' ? 10 : 3;
const LONGEST_SYNC_MS = 900;

/** Numbers in [0, 1), the same for the same seed (Park and Miller's generator). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** All that a hub knows, in an order of its own. */
async function knowledgeOf(hub: RunningHub): Promise<string[]> {
  const resources = (await hub.all('listResources')).map(({ resource }) => nameOfRef(resource));
  const findings = (await hub.all('listFindings')).map(
    ({ control, fingerprint, severity, message, resource }) =>
      `${fingerprint} ${severity} ${control} ${nameOfRef(resource)} ${message}`,
  );
  return [...resources, ...findings].sort();
}

async function agree(one: RunningHub, other: RunningHub, what: string): Promise<void> {
  await eventually(what, async () => {
    expect(await knowledgeOf(one)).toEqual(await knowledgeOf(other));
    return true;
  });
}

describe.skipIf(CONTROL_PLANE === undefined)('a hub that is killed (needs shared/testbed)', () => {
  let plane: ControlPlane;
  /** Runs undisturbed beside the one that is killed. */
  let witness: RunningHub;
  let hub: RunningHub | undefined;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.load();
    witness = await RunningHub.start({ kubeconfig: plane.kubeconfig() });
    await witness.reaches('live');
  }, START_MS);

  afterAll(async () => {
    await hub?.remove();
    await witness?.remove();
    await plane?.stop();
  }, START_MS);

  it(
    `knows the same as an undisturbed one after ${ROUNDS} rounds of kill -9, seed ${SEED}`,
    async () => {
      const random = numbersFrom(SEED);
      hub = RunningHub.spawn({ kubeconfig: plane.kubeconfig() });
      for (let round = 0; round < ROUNDS; round++) {
        // The first rounds fall into the first sync; the later ones into changes.
        if (round > ROUNDS / 3) await hub.ready();
        const name = `round-${round}`;
        const changing = plane
          .apply(PRIVILEGED_POD(name))
          .then(() =>
            round > 0 ? plane.kubectl('delete', 'pod', `round-${round - 1}`, '-n', 'default', '--now') : '',
          );
        await pause(random() * LONGEST_MS);
        const database = hub.databasePid;
        if (random() < 0.5 && database > 1) {
          process.kill(database, 'SIGKILL');
          await pause(random() * LONGEST_MS);
        }
        await hub.kill();
        await changing;
        const { folder }: RunningHub = hub;
        hub = RunningHub.spawn({ kubeconfig: plane.kubeconfig(), folder });
        if (round % 3 === 2 || round === ROUNDS - 1) {
          await hub.ready();
          await hub.reaches('live');
          await agree(hub, witness, `round ${round}: both know the same`);
        }
      }
      const findings = await hub.all('listFindings');
      expect(findings.length).toBeGreaterThan(50);
      expect(findings.some(({ resource }) => resource.name === `round-${ROUNDS - 1}`)).toBe(true);
    },
    PROOF_MS,
  );

  it('refuses a second start on its data, and goes on', async () => {
    const second = RunningHub.spawn({ kubeconfig: plane.kubeconfig(), folder: witness.folder });

    expect(await second.end).toBe(2);
    expect(second.output).toMatch(/in use|uses|running/);
    expect((await witness.call('listClusters', {})).items[0]?.state).toBe('live');
  }, 60_000);

  it('stays up when its database dies, starts it again, and catches up', async () => {
    const database = witness.databasePid;
    process.kill(database, 'SIGKILL');
    await pause(100);
    await plane.apply(PRIVILEGED_POD('while-away'));
    await eventually('the change is seen after all', async () =>
      (await witness.all('listFindings', 'name:while-away')).length > 0 ? true : undefined,
    );

    expect(witness.isRunning).toBe(true);
    expect(witness.databasePid).not.toBe(database);
    await plane.kubectl('delete', 'pod', 'while-away', '-n', 'default', '--now');
    await eventually('the deletion is seen', async () =>
      (await witness.all('listFindings', 'name:while-away')).length === 0 ? true : undefined,
    );
  }, 240_000);

  it(
    'stays up when its database dies at any point of a first sync, and sees everything then',
    async () => {
      for (let round = 0; round < SYNC_ROUNDS; round++) {
        const fresh = RunningHub.spawn({ kubeconfig: plane.kubeconfig() });
        try {
          await fresh.ready();
          await eventually('it has begun', async () =>
            (await fresh.call('listClusters', {})).items.length > 0 ? true : undefined,
          );
          await pause((round * LONGEST_SYNC_MS) / SYNC_ROUNDS);
          process.kill(fresh.databasePid, 'SIGKILL');
          await fresh.reaches('live');
          await agree(fresh, witness, `first sync ${round}: both know the same`);
          expect(fresh.isRunning).toBe(true);
        } finally {
          await fresh.remove();
        }
      }
    },
    PROOF_MS,
  );
});
