import { applyBatch } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';
import { addCluster, finding, kind, NOW, resource, WEEK_AGO } from './asked-hub.testing.ts';

/** More than an answer of ten has room for, the last of them where it is still open and least severe. */
const STAGES = Array.from({ length: 11 }, (_each, index) => `stage-${index}`);
const OPEN = finding('shop', 'web', { severity: 'low' });
const MENDED = { ...finding('shop', 'web', { severity: 'high' }), fingerprint: OPEN.fingerprint };
const SHORT = OPEN.fingerprint.slice(0, 12);

describe('a fingerprint that many clusters have', () => {
  let hub: ListeningHub;
  let env: Record<string, string>;
  const numbers = new Map<string, number>();

  const write = (cluster: string, change: Partial<Parameters<typeof applyBatch>[2]>) =>
    applyBatch(hub.store, numbers.get(cluster) ?? 0, {
      at: NOW,
      removed: [],
      resolved: [],
      resources: [],
      findings: [],
      ...change,
    });

  beforeAll(async () => {
    hub = await ListeningHub.start();
    for (const name of [...STAGES, 'prod']) {
      const kinds = [kind('apps/Deployment', 'live')];
      numbers.set(name, await addCluster(hub, name, 'live', { kinds }));
      const found = name === 'prod' ? OPEN : MENDED;
      await write(name, { at: WEEK_AGO, resources: [resource('shop', 'web')], findings: [found] });
      if (name !== 'prod') await write(name, { resolved: [found.fingerprint] });
    }
    env = await hub.variables('editor');
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  const ask = (...args: readonly string[]) => bulwark(args, '/', { env });

  it.each(['prod', 'stage-10'])('is found in %s, which is asked for', async (cluster) => {
    const { code, out } = await ask('finding', SHORT, '--cluster', cluster);

    expect([code, out]).toEqual([0, expect.stringContaining(`${cluster}: shop Deployment/web`)]);
  });

  it('is found by the one that it had before, or the beginning of that', async () => {
    const former = 'f0'.repeat(16);
    await hub.store.pool.query('insert into former_fingerprint values ($1, $2, $3)', [
      numbers.get('prod'),
      former,
      OPEN.fingerprint,
    ]);

    for (const named of [former, former.slice(0, 12)]) {
      const { code, out } = await ask('finding', named, '--cluster', 'prod');
      expect([code, out]).toEqual([0, expect.stringContaining('prod: shop Deployment/web')]);
    }
  });

  it('is accepted where it is open alone, which is said before, and refused where it is mended', async () => {
    const accept = (q: string) => ask('exceptions', 'add', q, '--reason', 'The agent needs it.');
    const some = await accept('name:web state:open,resolved');
    const none = await accept('name:web state:resolved');

    expect([some.code, some.out]).toEqual([
      0,
      '1 of 12 findings (11 high, 1 low) will be accepted, as the others are resolved. Nothing is done yet; --yes does it.\n',
    ]);
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringContaining('all that the query finds is resolved: there is nothing to accept'),
    ]);
  });

  it('is decided about where it is open, wherever else it is mended, and refused once it is so everywhere', async () => {
    const decided = await ask('triage', SHORT, '--acknowledge', '--yes');
    await write('prod', { resolved: [OPEN.fingerprint] });
    const refused = await ask('triage', SHORT, '--acknowledge', '--yes');

    expect([decided.code, decided.out]).toEqual([0, '1 finding acknowledged.\n']);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining(`${SHORT} is resolved; nothing is left to decide`),
    ]);
  });
});
