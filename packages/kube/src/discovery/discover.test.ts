import {
  type FakeApiServer,
  type FakeApiServerOptions,
  fakeApiServer,
  type ResourceType,
} from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../client/client.ts';
import { accessTo } from '../fake.testing.ts';
import { discover } from './discover.ts';

const types: readonly ResourceType[] = [
  { group: 'argoproj.io', versions: ['v1alpha1'], kind: 'Rollout', resource: 'rollouts', namespaced: true },
  {
    group: 'gateway.networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    kind: 'Gateway',
    resource: 'gateways',
    namespaced: true,
  },
  {
    group: 'gateway.networking.k8s.io',
    versions: ['v1beta1'],
    kind: 'ReferenceGrant',
    resource: 'referencegrants',
    namespaced: true,
  },
  {
    group: 'example.com',
    versions: ['v1'],
    kind: 'Review',
    resource: 'reviews',
    namespaced: false,
    verbs: ['create'],
  },
  {
    group: 'example.com',
    versions: ['v1'],
    kind: 'Frozen',
    resource: 'frozens',
    namespaced: false,
    verbs: ['list'],
  },
];

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function start(
  options: FakeApiServerOptions = {},
): Promise<{ server: FakeApiServer; client: KubeClient }> {
  const server = await fakeApiServer({ types, ...options });
  const client = new KubeClient({ access: accessTo(server), attempts: 1 });
  ended.push(
    () => client.close(),
    () => server.stop(),
  );
  return { server, client };
}

async function served(options: FakeApiServerOptions = {}) {
  const { client } = await start(options);
  const found = await discover(client);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

describe.each([
  ['in one answer', true],
  ['group by group', false],
])('discovery %s', (_name, aggregated) => {
  it('finds every kind that can be listed, in the version that the server prefers', async () => {
    const { kinds, unknown } = await served({ aggregated });

    const found = new Map(kinds.map((kind) => [kind.groupKind, kind]));
    expect(found.get('Pod')).toEqual({
      group: '',
      version: 'v1',
      kind: 'Pod',
      groupKind: 'Pod',
      resource: 'pods',
      namespaced: true,
      canWatch: true,
    });
    expect(found.get('gateway.networking.k8s.io/Gateway')?.version).toBe('v1');
    expect(found.get('gateway.networking.k8s.io/ReferenceGrant')?.version).toBe('v1beta1');
    expect(found.get('example.com/Frozen')?.canWatch).toBe(false);
    expect(found.has('example.com/Review')).toBe(false);
    expect(unknown).toEqual([]);
  });

  it('says which groups do not answer, and finds the others', async () => {
    const { server, client } = await start({ aggregated });
    server.staleGroups.add('argoproj.io');

    const found = await discover(client);

    expect(found.ok && found.value.unknown).toEqual(['argoproj.io/v1alpha1']);
    expect(found.ok && found.value.kinds.some(({ kind }) => kind === 'Deployment')).toBe(true);
  });

  it.each([403, 500])('fails with status %i', async (status) => {
    const { server, client } = await start({ aggregated });
    server.faults.add({ verb: 'discovery', path: /^\/apis$/, fault: { status } });

    const found = await discover(client);

    expect(!found.ok && found.error.status).toBe(status);
  });
});

it.each([401, 403, 500])(
  'a version of a group that answers %i keeps nothing else from being found',
  async (status) => {
    const { server, client } = await start({ aggregated: false });
    server.faults.add({ verb: 'discovery', path: /^\/apis\/argoproj.io\/v1alpha1$/, fault: { status } });

    const found = await discover(client);

    expect(found.ok && found.value.unknown).toEqual(['argoproj.io/v1alpha1']);
    expect(found.ok && found.value.kinds.some(({ kind }) => kind === 'Deployment')).toBe(true);
  },
);

it('both forms of discovery find the same', async () => {
  expect((await served({ aggregated: false })).kinds).toEqual((await served({ aggregated: true })).kinds);
});
