import type { FakeApiServer } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { until } from '../fake.testing.ts';
import { definition, isState, live, pod, type Scene, start } from './scene.testing.ts';

const ROLLOUT = 'argoproj.io/Rollout';
const rollout = {
  apiVersion: 'argoproj.io/v1',
  kind: 'Rollout',
  metadata: { name: 'web', namespace: 'shop' },
};
const objects = [pod('a'), definition('argoproj.io', 'Rollout'), rollout];
const known = [
  { groupKind: 'Pod', namespace: 'shop', name: 'a' },
  { groupKind: ROLLOUT, namespace: 'shop', name: 'web' },
] as const;

type Harm = (server: FakeApiServer) => unknown;
const answers =
  (path: RegExp, body: string, status = 200): Harm =>
  ({ faults }) =>
    faults.add({ verb: 'discovery', path, fault: { status, body } });
const untold =
  (harm?: Harm): Harm =>
  (server) => {
    server.untoldGroups.add('argoproj.io');
    harm?.(server);
  };

const common: readonly (readonly [string, Harm])[] = [
  ...[403, 404, 503].flatMap((status) => [
    [`status ${status} for the core group`, answers(/^\/api$/, '', status)] as const,
    [`status ${status} for the other groups`, answers(/^\/apis$/, '', status)] as const,
  ]),
  ['another answer for the core group', answers(/^\/api$/, '{"status":"ok"}')],
  ['another answer for the other groups', answers(/^\/apis$/, '{"status":"ok"}')],
  ['an answer without any version', answers(/^\/api$/, '{"kind":"APIVersions","versions":[]}')],
  ['an answer without any group', answers(/^\/apis$/, '{"kind":"APIGroupList","groups":[]}')],
  ['an answer that ends in the middle', answers(/^\/apis$/, '{"kind":"APIGroupList","groups":[')],
  ['a group whose server is away', ({ staleGroups }) => staleGroups.add('argoproj.io')],
];
const leftOut: readonly (readonly [string, Harm])[] = [
  ['a group that is left out', untold()],
  [
    'a group that is left out, as its server is away',
    untold(({ staleGroups }) => staleGroups.add('argoproj.io')),
  ],
  ['a group that is left out, and does not answer', untold(answers(/^\/apis\/argoproj.io$/, '', 503))],
  ['a group that is left out, and nobody may ask', untold(answers(/^\/apis\/argoproj.io/, '', 403))],
  ['a group that is left out, and answers nothing', untold(answers(/^\/apis\/argoproj.io$/, '{}'))],
];
const inOneAnswer = JSON.stringify({ kind: 'APIGroupDiscoveryList', items: [] });
const forms: readonly (readonly [string, boolean, readonly (readonly [string, Harm])[]])[] = [
  [
    'in one answer',
    true,
    [
      ['a list without the core group', answers(/^\/api$/, inOneAnswer)],
      ['a list without any group', answers(/^\/apis$/, inOneAnswer)],
      ['a list that is empty, and everything else away', answers(/^\/api/, inOneAnswer)],
    ],
  ],
  [
    'group by group',
    false,
    [
      ...[403, 404, 503].flatMap((status) => [
        [`status ${status} for the core version`, answers(/^\/api\/v1$/, '', status)] as const,
        [`status ${status} for a version`, answers(/^\/apis\/argoproj.io\/v1$/, '', status)] as const,
      ]),
      ['another answer for the core version', answers(/^\/api\/v1$/, '{"status":"ok"}')],
      ['another answer for a version', answers(/^\/apis\/argoproj.io\/v1$/, '{"status":"ok"}')],
    ],
  ],
];

/** Lets the collection ask more than once what is served, with everything that is tried again. */
async function discovered({ server }: Scene): Promise<void> {
  const asked = () => server.requests.filter(({ path }) => path === '/api').length;
  const enough = asked() + 8;
  for (let before = asked(), round = 0; before < enough; before = asked(), round++) {
    server.upsert(definition('example.com', `Trigger${round}`));
    await until('it asks again', () => asked() > before);
  }
}

const removals = ({ inventory }: Scene) => inventory.calls.filter((call) => call.startsWith('remove'));
const isAbsent = (scene: Scene) => isState(scene, 'Pod', 'absent') || isState(scene, ROLLOUT, 'absent');

describe.each(forms)('discovery %s', (_form, aggregated, own) => {
  describe.each([...common, ...leftOut, ...own])('with %s', (_name, harm) => {
    it('removes nothing of what is watched', async () => {
      const scene = await start({ objects, aggregated });
      await live(scene);
      await live(scene, ROLLOUT);

      harm(scene.server);
      await discovered(scene);

      expect(removals(scene)).toEqual([]);
      expect(isAbsent(scene)).toBe(false);
      expect([...scene.inventory.names('Pod'), ...scene.inventory.names(ROLLOUT)]).toEqual([
        'shop/a',
        'shop/web',
      ]);
    });
  });

  describe.each(common)('with %s', (_name, harm) => {
    it('takes what was said before to hold of what is not served, and says so', async () => {
      const scene = await start({ objects: [pod('a'), definition('argoproj.io', 'Workflow')], aggregated });
      const { inventory } = scene;
      await live(scene);
      await until('it is known', () => isState(scene, ROLLOUT, 'absent'));

      harm(scene.server);
      await discovered(scene);

      expect(inventory.calls.filter((call) => call.startsWith(`state ${ROLLOUT}`))).toEqual([
        `state ${ROLLOUT} absent`,
      ]);
      const { undiscovered, groups = [] } = inventory.lastUnseen ?? {};
      expect(undiscovered !== undefined || groups.includes('argoproj.io/v1')).toBe(true);

      scene.server.faults.clear();
      scene.server.staleGroups.clear();
      scene.server.upsert(definition('example.com', 'Last'));
      await until('all is told again', () => {
        const now = inventory.lastUnseen;
        return now?.undiscovered === undefined && now?.groups.length === 0;
      });
    });
  });

  describe.each([...leftOut, ...own])('with %s', (_name, harm) => {
    it('removes nothing of what is known from before', async () => {
      const scene = await start({ objects, aggregated }, { known }, harm);
      await discovered(scene);

      expect(removals(scene)).toEqual([]);
      expect(isAbsent(scene)).toBe(false);
      scene.server.faults.clear();
      scene.server.untoldGroups.clear();
      scene.server.staleGroups.clear();
      await live(scene);
      await live(scene, ROLLOUT);
    });
  });

  it('lets go of a kind of before whose group is gone', async () => {
    const scene = await start({ aggregated }, { known });

    await until('it is removed', () => removals(scene).includes(`remove ${ROLLOUT} 1`));
    await until('it is absent', () => isState(scene, ROLLOUT, 'absent'));
    const { calls } = scene.inventory;
    expect(calls.indexOf(`state ${ROLLOUT} absent`)).toBeGreaterThan(calls.indexOf(`remove ${ROLLOUT} 1`));
  });

  it('lets go of nothing within ten seconds, however often something that defines kinds changes', async () => {
    const scene = await start({ objects, aggregated });
    await live(scene, ROLLOUT);
    const began = scene.clock.now();

    answers(/^\/apis\/argoproj.io/, '', 404)(scene.server);
    untold()(scene.server);
    await until('it is let go of', () => {
      scene.server.upsert(definition('example.com', `Trigger${scene.server.requests.length}`));
      return removals(scene).length > 0;
    });

    expect(scene.clock.now() - began).toBeGreaterThanOrEqual(10_000);
  });

  it('does not take another version while the one that is watched does not answer', async () => {
    const served = definition('argoproj.io', 'Rollout');
    const spec = {
      ...(served['spec'] as object),
      versions: ['v2', 'v1'].map((name) => ({ name, served: true })),
    };
    const v2 = { ...rollout, apiVersion: 'argoproj.io/v2' };
    const scene = await start({ objects: [{ ...served, spec }, v2], aggregated });
    await live(scene, ROLLOUT);

    answers(/^\/apis\/argoproj.io\/v2$/, '', 503)(scene.server);
    await discovered(scene);

    expect(scene.inventory.states.get(ROLLOUT)?.version).toBe('v2');
  });
});
