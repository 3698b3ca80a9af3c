import type { JsonObject } from '@bulwark/core';
import { type FakeApiServer, type FakeApiServerOptions, fakeApiServer } from '@bulwark/testkit';
import { onTestFinished } from 'vitest';
import { KubeClient } from '../client/client.ts';
import { accessTo, FastClock, Inventory, until } from '../fake.testing.ts';
import { WATCHED_KINDS } from '../kinds/watched-kinds.ts';
import { type CollectOptions, collect } from './collect.ts';

/** Few kinds, so that what happens is easy to follow. */
const FEW = WATCHED_KINDS.filter(({ group, kind }) =>
  [
    '/Pod',
    '/ConfigMap',
    '/Secret',
    '/Namespace',
    'apiextensions.k8s.io/CustomResourceDefinition',
    'argoproj.io/Rollout',
  ].includes(`${group}/${kind}`),
);

/** A server, and a collection from it that runs until the test ends. */
export interface Scene {
  readonly server: FakeApiServer;
  readonly inventory: Inventory;
  readonly clock: FastClock;
  readonly stop: () => Promise<void>;
  readonly done: Promise<void>;
}

/** Starts a server and collects from it. */
export async function start(
  server: FakeApiServerOptions = {},
  options: Partial<CollectOptions> = {},
  prepare: (server: FakeApiServer) => void = () => undefined,
): Promise<Scene> {
  const fake = await fakeApiServer({ bookmarkMs: 50, ...server });
  prepare(fake);
  const clock = new FastClock();
  const client = new KubeClient({ access: accessTo(fake), clock, timeoutMs: 500 });
  const inventory = new Inventory();
  const controller = new AbortController();
  const done = collect({ client, sink: inventory, signal: controller.signal, kinds: FEW, ...options });
  done.catch(() => undefined);
  const stop = async (): Promise<void> => {
    controller.abort();
    await done.catch(() => undefined);
  };
  onTestFinished(async () => {
    await stop();
    await client.close();
    await fake.stop();
  });
  return { server: fake, inventory, clock, stop, done };
}

/** Whether a kind is in a state. */
export const isState = ({ inventory }: Scene, kind: string, state: string) =>
  inventory.states.get(kind)?.state === state;
/** Waits until a kind is live. */
export const live = (scene: Scene, kind = 'Pod') =>
  until(`${kind} is live`, () => isState(scene, kind, 'live'));

/** A pod of the namespace shop. */
export function pod(name: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [] },
    ...more,
  };
}
/** Names an object of the namespace shop. */
export const ref = (name: string, kind = 'Pod') => ({ apiVersion: 'v1', kind, namespace: 'shop', name });

/** The definition of a custom kind whose spec has these properties. */
export function definition(group: string, kind: string, properties: JsonObject = {}): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name: 'v1', served: true, schema }],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}
