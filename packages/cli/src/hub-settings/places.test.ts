import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { SignIns } from '@bulwark/kube';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { bulwark } from '../run.testing.ts';
import { answeringPlaces, demoNote, placesOf } from './places.ts';
import type { HubSettings } from './settings.ts';
import { hubSettings } from './told.ts';

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: prod
clusters: [{name: c, cluster: {server: 'https://192.0.2.1'}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: prod, context: {cluster: c, user: u}}, {name: staging, context: {cluster: c, user: u}}]
`;
let tree: FileTree | undefined;
afterAll(() => tree?.remove());

/** The contexts that a hub watches, or what is wrong. */
async function watched(hubYaml: string): Promise<readonly (string | undefined)[]> {
  tree?.remove();
  tree = writeTree({ kubeconfig: KUBECONFIG, 'hub.yaml': hubYaml });
  const surroundings = { env: { KUBECONFIG: join(tree.root, 'kubeconfig') }, cwd: tree.root };
  const told = await hubSettings({}, surroundings);
  const { places, faults } = await placesOf(told, surroundings as unknown as Io);
  if (faults.length > 0) return faults;
  return places.map((place) => (place.kind === 'kubeconfig' ? (place.context ?? 'current') : place.kind));
}

describe('the audit logs of a hub', () => {
  it('are of clusters that it watches', async () => {
    expect(await watched('context: [prod, staging]\nauditLog: [staging=/a, prod=/b, prod=/c]\n')).toEqual([
      'prod',
      'staging',
    ]);
    expect(await watched('auditLog: [prod=/a]\n')).toEqual(['current']);
  });

  it('of other clusters are said all at once, with the nearest name', async () => {
    expect(await watched('context: [prod, staging]\nauditLog: [stagng=/a, elsewhere=/b]\n')).toEqual([
      'hub.yaml:2: auditLog: no cluster stagng is watched, these are: prod, staging; did you mean staging?',
      'hub.yaml:2: auditLog: no cluster elsewhere is watched, these are: prod, staging',
    ]);
    expect(await watched('demo: true\nauditLog: [prod=/a]\n')).toEqual([
      'hub.yaml:2: auditLog: no cluster prod is watched, none is',
    ]);
  });
});

describe('a server that is not checked', () => {
  const unchecked = KUBECONFIG.replace(
    "'https://192.0.2.1'",
    "'https://192.0.2.1', insecure-skip-tls-verify: true",
  );

  async function placesWith(hubYaml: string) {
    tree?.remove();
    tree = writeTree({ kubeconfig: unchecked, 'hub.yaml': hubYaml });
    const surroundings = { env: { KUBECONFIG: join(tree.root, 'kubeconfig') }, cwd: tree.root };
    return placesOf(await hubSettings({}, surroundings), surroundings as unknown as Io);
  }

  it('stops the hub, which says how it is allowed', async () => {
    expect((await placesWith('')).faults).toEqual([
      expect.stringMatching(/is not to be checked, .* allow it with --insecure-skip-tls-verify\.\n--context/),
    ]);
  });

  it.each([
    ['the current context', 'insecureSkipTlsVerify: [prod]\n', [true]],
    [
      'a context of several',
      'context: [staging, prod]\ninsecureSkipTlsVerify: [staging, prod]\n',
      [true, true],
    ],
  ])('is allowed for %s by its name', async (_what, hubYaml, allowed) => {
    const { places, faults } = await placesWith(hubYaml);

    expect(faults).toEqual([]);
    expect(places.map((place) => place.kind === 'kubeconfig' && place.allowInsecure)).toEqual(allowed);
  });

  it('is allowed for no other context than is named, and one that is not watched is said', async () => {
    const { faults } = await placesWith('context: [staging, prod]\ninsecureSkipTlsVerify: staging\n');
    expect(faults).toEqual([expect.stringMatching(/is not to be checked/)]);

    expect(await watched('insecureSkipTlsVerify: [stagng]\ncontext: [prod, staging]\n')).toEqual([
      'hub.yaml:1: insecureSkipTlsVerify: no cluster stagng is watched, these are: prod, staging; did you mean staging?',
    ]);
  });
});

describe('a cluster that nobody chose', () => {
  const place = { kind: 'kubeconfig' } as const;
  /** What is watched where the current context is that of a server, in words. */
  async function watchedOf(server: string, options: { settings?: HubSettings; isFirst?: boolean } = {}) {
    tree?.remove();
    tree = writeTree({ kubeconfig: KUBECONFIG.replace('https://192.0.2.1', server) });
    const io = { env: { KUBECONFIG: join(tree.root, 'kubeconfig') } } as unknown as Io;
    const { places, away } = await answeringPlaces(
      [place],
      {
        settings: options.settings ?? {},
        isFirst: options.isFirst ?? true,
        signIns: new SignIns({ env: {} }),
      },
      io,
    );
    return { kinds: places.map(({ kind }) => kind), away };
  }
  const answering = createServer((_request, response) => response.writeHead(401).end());
  let alive = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve));
    const address = answering.address();
    alive = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => answering.close());

  it('gives way to a demonstration where nothing answers, which says why', async () => {
    const { kinds, away } = await watchedOf('https://127.0.0.1:1');
    expect(kinds).toEqual(['demo']);
    expect(demoNote({}, away)).toMatch(/The current context does not answer: .*ECONNREFUSED/);
  });

  it.each([
    ['answers, even if it refuses', async () => watchedOf(alive)],
    ['was seen before', async () => watchedOf('https://127.0.0.1:1', { isFirst: false })],
    ['was chosen', async () => watchedOf('https://127.0.0.1:1', { settings: { context: ['prod'] } })],
  ])('is watched where it %s', async (_why, watching) => {
    expect(await watching()).toEqual({ kinds: ['kubeconfig'], away: undefined });
  });
});

describe('what is said of a demonstration', () => {
  it.each([
    ['is asked for', { demo: true }, 'This is a demonstration, as asked for'],
    ['is there for want of a kubeconfig', {}, 'No kubeconfig names a cluster: so this is a demonstration'],
  ])('tells that it %s', (_why, settings, says) => {
    expect(demoNote(settings)).toContain(says);
  });
});

describe('a kubeconfig that is not there', () => {
  it.each([
    ['one file', 'none', 'none'],
    ['several files', 'none:nor-this', 'none nor ROOT/nor-this'],
  ])('stops the hub where KUBECONFIG names %s, and it says what to do', async (_what, names, files) => {
    tree?.remove();
    tree = writeTree({});
    const { root } = tree;
    const env = {
      KUBECONFIG: names
        .split(':')
        .map((name) => join(root, name))
        .join(delimiter),
    };

    const { code, err } = await bulwark(['hub'], root, { env });

    expect([code, err]).toEqual([
      2,
      `error: KUBECONFIG: there is no file ${join(root, files.replace('ROOT', root))}; name one that is there, or unset it for ~/.kube/config, or say --demo for a demonstration\n`,
    ]);
  });

  it.each([
    [
      'one of its files is there',
      'demo: false\n',
      (root: string) => [join(root, 'none'), join(root, 'kubeconfig')],
      'kubeconfig',
    ],
    ['a demonstration is asked for', 'demo: true\n', (root: string) => [join(root, 'none')], 'demo'],
  ])('of KUBECONFIG is no fault where %s', async (_why, hubYaml, files, kind) => {
    tree?.remove();
    tree = writeTree({ kubeconfig: KUBECONFIG, 'hub.yaml': hubYaml });
    const surroundings = { env: { KUBECONFIG: files(tree.root).join(delimiter) }, cwd: tree.root };

    const { places, faults } = await placesOf(
      await hubSettings({}, surroundings),
      surroundings as unknown as Io,
    );

    expect([places.map((place) => place.kind), faults]).toEqual([[kind], []]);
  });
});

describe('where nobody names a cluster', () => {
  function found(env: Record<string, string>, isPod: boolean, hubYaml = '') {
    return foundIn(KUBECONFIG, env, isPod, hubYaml);
  }

  async function foundIn(kubeconfig: string, env: Record<string, string>, isPod: boolean, hubYaml = '') {
    tree?.remove();
    tree = writeTree({
      kubeconfig,
      'hub.yaml': hubYaml,
      url: 'postgres://db.example.com/bulwark',
    });
    const { root } = tree;
    const inRoot = Object.fromEntries(Object.entries(env).map(([name, file]) => [name, join(root, file)]));
    const surroundings = { env: inRoot, cwd: root };
    const told = await hubSettings({}, surroundings);
    const { places, faults } = await placesOf(told, surroundings as unknown as Io, isPod);
    return { kinds: places.map((place) => place.kind), faults };
  }

  it.each([
    ['the kubeconfig comes before the service account of a pod, as with kubectl', '', 'kubeconfig'],
    ['a demonstration that is asked for comes before both', 'demo: true\n', 'demo'],
  ])('%s', async (_what, hubYaml, kind) => {
    expect(await found({ KUBECONFIG: 'kubeconfig' }, true, hubYaml)).toEqual({ kinds: [kind], faults: [] });
  });

  it('the service account of a pod comes before a demonstration', async () => {
    expect((await found({ HOME: 'nothing-here' }, true)).kinds).toEqual(['in-cluster']);
    expect(await found({ HOME: 'nothing-here' }, false)).toEqual({ kinds: ['demo'], faults: [] });
  });

  it('a database that was named is filled with no demonstration, unless it is asked for', async () => {
    const named = 'databaseUrl: {file: url}\n';

    expect((await found({ HOME: 'nothing-here' }, false, named)).faults).toEqual([
      expect.stringMatching(/^hub.yaml:1: databaseUrl: there is no cluster to keep in it, .*--demo asks/),
    ]);
    expect(await found({ HOME: 'nothing-here' }, false, `${named}demo: true\n`)).toEqual({
      kinds: ['demo'],
      faults: [],
    });
    expect((await found({ HOME: 'nothing-here' }, true, named)).kinds).toEqual(['in-cluster']);
  });

  it.each([
    [
      'as kind leaves it',
      'apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: ""\nkind: Config\nusers: null\n',
    ],
    ['with empty lists', 'apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n'],
    ['without a word', ''],
  ])('a kubeconfig without a context, %s, is as none', async (_what, text) => {
    const env = { KUBECONFIG: 'kubeconfig' };
    const found = (isPod: boolean, hubYaml?: string) => foundIn(text, env, isPod, hubYaml);

    expect(await found(false)).toEqual({ kinds: ['demo'], faults: [] });
    expect((await found(true)).kinds).toEqual(['in-cluster']);
    expect((await found(false, 'databaseUrl: {file: url}\n')).faults).toEqual([
      expect.stringContaining('there is no cluster to keep in it'),
    ]);
    expect((await found(false, 'context: prod\n')).faults).toEqual([
      expect.stringMatching(/There is no context prod; there is none\.$/),
    ]);
  });

  it('contexts of which none is current are told, and what can be done', async () => {
    const text = KUBECONFIG.replace('current-context: prod\n', '');

    const { faults } = await foundIn(text, { KUBECONFIG: 'kubeconfig' }, false);

    expect(faults).toEqual([expect.stringMatching(/there are prod, staging\.\n--context .*--demo/)]);
  });

  it('a KUBECONFIG that names no file is a fault in a pod, too: it would be another cluster than was meant', async () => {
    const { faults } = await found({ KUBECONFIG: 'none' }, true);

    expect(faults).toEqual([
      expect.stringMatching(
        /^KUBECONFIG: there is no file .*none; .*unset it for the service account of the pod,/,
      ),
    ]);
  });
});

describe('a context that is not there', () => {
  it('is said with all else that is wrong, and where it was said', async () => {
    tree?.remove();
    tree = writeTree({ kubeconfig: KUBECONFIG, 'hub.yaml': 'context: prd\nlisten: nowhere\nowners: none\n' });
    const { root } = tree;

    const { code, err } = await bulwark(['hub'], root, { env: { KUBECONFIG: join(root, 'kubeconfig') } });

    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      'error: the settings of the hub are wrong',
      'hub.yaml:2:1: listen: must be ADDRESS:PORT, such as 127.0.0.1:8420',
      `hub.yaml:1: context: ${join(root, 'kubeconfig')}: There is no context prd; there are prod, staging.`,
      `hub.yaml:3: owners: ${join(root, 'none')} cannot be read (ENOENT)`,
      '',
    ]);
  });
});
