import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson, type JsonObject, objectAt } from '@bulwark/core';
import { ControlPlane, type ControlPlaneUser } from '@bulwark/testkit';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { accessFromKubeconfig } from './access/kubeconfig.ts';
import { KubeClient } from './client/client.ts';
import { type CollectOptions, collect } from './collect/collect.ts';
import type { KindState } from './collect/kind-state.ts';
import { Inventory, until } from './fake.testing.ts';

/** How long a cluster may take until everything of it is seen. */
export const READY_MS = 60_000;
/** A right is used within a minute. */
export const GRANTED_MS = 70_000;
const BUILD_MS = 1_200_000;

/** A pod that takes its node. */
export const POD: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'intruder', namespace: 'default' },
  spec: {
    hostPID: true,
    containers: [{ name: 'c', image: 'docker.io/library/busybox:1', securityContext: { privileged: true } }],
  },
};

/** A real control plane with the workloads of the testbed, for all tests of a file. */
export class LivePlane {
  private started: ControlPlane | undefined;
  private readonly ended: (() => Promise<unknown>)[] = [];

  constructor() {
    beforeAll(async () => {
      this.started = await ControlPlane.start();
      await this.started.load();
    }, BUILD_MS);
    afterEach(async () => {
      for (const end of this.ended.splice(0)) await end();
    });
    afterAll(async () => {
      await this.started?.stop();
    }, READY_MS);
  }

  get plane(): ControlPlane {
    if (this.started === undefined) throw new Error('the control plane is not started');
    return this.started;
  }

  /** A client that ends with its test. */
  client(kubeconfig: string): KubeClient {
    const access = accessFromKubeconfig({ path: kubeconfig, env: { PATH: process.env['PATH'] } });
    if (!access.ok) throw new Error(JSON.stringify(access.error));
    const client = new KubeClient({ access: access.value });
    this.ended.unshift(() => client.close());
    return client;
  }

  /** Collects as a user, or with a kubeconfig, until the test ends. */
  collect(
    who: ControlPlaneUser | { readonly kubeconfig: string },
    options: Partial<CollectOptions> = {},
  ): Inventory {
    const client = this.client(typeof who === 'string' ? this.plane.kubeconfig(who) : who.kubeconfig);
    const inventory = new Inventory();
    const controller = new AbortController();
    const done = collect({ client, sink: inventory, signal: controller.signal, ...options });
    this.ended.unshift(async () => {
      controller.abort();
      await done;
    });
    return inventory;
  }

  /** The address of the API server. */
  async server(): Promise<string> {
    return this.plane.kubectl('config', 'view', '--raw', '-o', 'jsonpath={.clusters[0].cluster.server}');
  }

  /** Compares what was collected with what kubectl lists until both are the same: the cluster does not stand still. */
  async sameAsKubectl(inventory: Inventory): Promise<void> {
    const end = Date.now() + READY_MS;
    for (;;) {
      const there = await this.listed(inventory);
      await sleep(300);
      const seen = [...inventory.objects.values()].flatMap((kind) => [...kind.values()].map(lineOf)).sort();
      if (seen.join() !== there.join() && Date.now() < end) continue;
      expect(seen).toEqual(there);
      return;
    }
  }

  /** What kubectl lists of everything that is seen. */
  private async listed(inventory: Inventory): Promise<string[]> {
    const seen = statesOf(inventory).filter(({ state, version }) => state === 'live' && version !== '');
    const names = seen.map(({ resource, group, version }) =>
      group === '' ? resource : `${resource}.${version}.${group}`,
    );
    const [slices, others] = [names.filter(isOfSlices), names.filter((name) => !isOfSlices(name))];
    const ofOthers = 'endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io';
    const printed = [
      await this.plane.kubectl('get', others.join(','), '-A', '-o', 'json'),
      await this.plane.kubectl('get', slices.join(','), '-A', '-o', 'json', '-l', ofOthers),
    ];
    return printed.flatMap((list) => (JSON.parse(list) as { items: JsonObject[] }).items.map(lineOf)).sort();
  }
}

/** Of EndpointSlices those alone are collected that Kubernetes does not make itself. */
function isOfSlices(name: string): boolean {
  return name.startsWith('endpointslices.');
}

/** What an object is compared by: its version, kind, name and state. */
export function lineOf(object: JsonObject): string {
  const { namespace = '', name, resourceVersion } = objectAt(object, 'metadata') ?? {};
  return canonicalJson(
    [object['apiVersion'], object['kind'], namespace, name, resourceVersion].map((part) => part ?? ''),
  );
}

export function statesOf(inventory: Inventory): KindState[] {
  return [...inventory.states.values()];
}

/** Waits until every kind is live, denied or absent. */
export function settled(inventory: Inventory): Promise<void> {
  const isSettled = (): boolean =>
    inventory.states.size > 40 &&
    statesOf(inventory).every(({ state }) => !['pending', 'listing'].includes(state));
  return until('every kind is settled', isSettled, READY_MS);
}

/** The kinds in a state, in their order. */
export function kindsIn(inventory: Inventory, wanted: KindState['state']): string[] {
  return statesOf(inventory)
    .filter(({ state }) => state === wanted)
    .map(({ groupKind }) => groupKind)
    .sort();
}
