import { applyBatch } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';
import { addCluster, finding, kind, NOW, resource } from './asked-hub.testing.ts';
import { LIST_FORMATS } from './write-list.ts';

/** As an annotation can say it: the title of the terminal, a bell, a C1 control, a turn of direction, a command of a build server. */
const OWNER = '\u001b]0;owned\u0007\u009b2J\u202e ##vso[x]';
const OBEYED = /[^\P{Cc}\n\r]|[\u202a-\u202e]|##vso/u;

describe('what others wrote, on a terminal', () => {
  let hub: ListeningHub;
  let env: Record<string, string>;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    const cluster = await addCluster(hub, 'prod', 'live', { kinds: [kind('apps/Deployment', 'live')] });
    await applyBatch(hub.store, cluster, {
      at: NOW,
      removed: [],
      resolved: [],
      resources: [{ ...resource('pay', 'ledger'), team: OWNER }],
      findings: [finding('pay', 'ledger', { team: OWNER, message: `It says ${OWNER}.` })],
    });
    env = await hub.variables('viewer');
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  it.each(LIST_FORMATS.flatMap((format) => ['teams', 'findings'].map((list) => ({ format, list }))))(
    'is not obeyed in $list as $format',
    async ({ format, list }) => {
      const { code, out, err } = await bulwark([list, '--no-color', '-f', format], '/', { env });

      expect([code, `${out}${err}`.match(OBEYED)]).toEqual([0, null]);
      expect(out).toContain('owned');
    },
  );

  it.each(['json', 'pretty'])('is not obeyed of one finding as %s', async (format) => {
    const { out: listed } = await bulwark(['findings', '-f', 'json'], '/', { env });
    const [only] = (JSON.parse(listed) as { items: readonly { fingerprint: string; owner: string }[] }).items;
    const { out } = await bulwark(['finding', only?.fingerprint ?? '', '--no-color', '-f', format], '/', {
      env,
    });

    expect(only?.owner).toBe(OWNER);
    expect(out.match(OBEYED)).toBeNull();
    expect(out).toContain('owned');
  });
});
