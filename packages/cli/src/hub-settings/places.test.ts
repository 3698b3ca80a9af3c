import { createServer } from 'node:http';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
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
  try {
    const places = await placesOf(told, surroundings as unknown as Io);
    return places.map((place) => (place.kind === 'kubeconfig' ? (place.context ?? 'current') : place.kind));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n');
  }
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

describe('a cluster that nobody chose', () => {
  const place = { kind: 'kubeconfig' } as const;
  /** What is watched where the current context is that of a server, in words. */
  async function watchedOf(server: string, options: { settings?: HubSettings; isFirst?: boolean } = {}) {
    tree?.remove();
    tree = writeTree({ kubeconfig: KUBECONFIG.replace('https://192.0.2.1', server) });
    const io = { env: { KUBECONFIG: join(tree.root, 'kubeconfig') } } as unknown as Io;
    const { places, away } = await answeringPlaces(
      [place],
      { settings: options.settings ?? {}, isFirst: options.isFirst ?? true },
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
    ['is there for want of a kubeconfig', {}, 'No kubeconfig: this is a demonstration'],
  ])('tells that it %s', (_why, settings, says) => {
    expect(demoNote(settings)).toContain(says);
  });
});
