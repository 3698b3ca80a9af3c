import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { demoNote, placesOf } from './places.ts';
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

describe('what is said of a demonstration', () => {
  it.each([
    ['is asked for', { demo: true }, 'This is a demonstration, as asked for'],
    ['is there for want of a kubeconfig', {}, 'No kubeconfig: this is a demonstration'],
  ])('tells that it %s', (_why, settings, says) => {
    expect(demoNote(settings)).toContain(says);
  });
});
