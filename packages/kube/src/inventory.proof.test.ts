import type { JsonObject } from '@bulwark/core';
import { CONTROL_PLANE } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { isSeen } from './collect/kind-state.ts';
import { listOnce } from './collect/list-once.ts';
import { LivePlane, POD, READY_MS, settled, statesOf } from './control-plane.testing.ts';
import { Inventory, until } from './fake.testing.ts';
import { clusterIdentity } from './identity.ts';
import { UNWATCHED_KINDS } from './kinds/unwatched.ts';

const OPEN = {
  type: 'object',
  properties: { template: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
};

describe.skipIf(CONTROL_PLANE === undefined)(
  'what is collected from a real cluster (needs shared/testbed)',
  () => {
    const live = new LivePlane();

    it('a cluster is known by the UID of kube-system, also to those who may not see it', async () => {
      const uid = (
        await live.plane.kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}')
      ).trim();
      const admin = await clusterIdentity(live.client(live.plane.kubeconfig('admin')));
      const nobody = await clusterIdentity(live.client(live.plane.kubeconfig('nobody')));

      expect(admin.ok && admin.value).toMatchObject({ uid, version: expect.stringMatching(/^v1\.\d+/) });
      expect(nobody.ok && nobody.value).toEqual({ ...(admin.ok && admin.value), uid: null });
    });

    it('the inventory equals what kubectl lists, for every kind that is watched', async () => {
      const inventory = live.collect('admin', { secrets: true });
      await settled(inventory);

      expect(statesOf(inventory).every(isSeen)).toBe(true);
      expect(inventory.names('apps/Deployment').length).toBeGreaterThan(3);
      await live.sameAsKubectl(inventory);
    });

    it('more objects than a page has are all found', async () => {
      const data = { text: 'x'.repeat(2000) };
      const metadata = (index: number) => ({ name: `map-${index}`, namespace: 'default' });
      const maps = Array.from({ length: 150 }, (_, index) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: metadata(index),
        data,
      }));
      await live.plane.apply(...maps);
      const inventory = live.collect('admin');
      await settled(inventory);

      expect(inventory.names('ConfigMap').length).toBeGreaterThan(150);
      await live.sameAsKubectl(inventory);
      await live.plane.kubectl('delete', 'configmaps', '--all', '-n', 'default');
      await live.sameAsKubectl(inventory);
    }, 120_000);

    it('listing once finds the same as following', async () => {
      const once = new Inventory();
      await listOnce({ client: live.client(live.plane.kubeconfig('admin')), sink: once, secrets: true });
      await live.sameAsKubectl(once);
    });

    it('every kind that is served is watched, or it is said why not', async () => {
      const inventory = live.collect('admin');
      await until('it is told', () => inventory.lastUnseen !== undefined, READY_MS);

      const unexplained = (inventory.lastUnseen?.kinds ?? []).filter(
        ({ groupKind }) => !(groupKind in UNWATCHED_KINDS),
      );
      expect(unexplained).toEqual([]);
      expect(inventory.lastUnseen?.groups).toEqual([]);
    });

    it('EndpointSlices are seen that others than Kubernetes write, and Endpoints as it mirrors them', async () => {
      const inventory = live.collect('admin');
      await settled(inventory);
      const name = (metadata: JsonObject) => ({ metadata: { namespace: 'default', ...metadata } });
      const service = (spec: JsonObject) => ({
        apiVersion: 'v1',
        kind: 'Service',
        spec: { ports: [{ port: 80 }], ...spec },
      });
      await live.plane.apply(
        { ...service({}), ...name({ name: 'by-hand' }) },
        { ...service({}), ...name({ name: 'mirrored' }) },
        { ...service({ selector: { app: 'none' } }), ...name({ name: 'selecting' }) },
        {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          ...name({ name: 'by-hand-1', labels: { 'kubernetes.io/service-name': 'by-hand' } }),
          addressType: 'IPv4',
          endpoints: [{ addresses: ['10.128.0.10'] }],
        },
        {
          apiVersion: 'v1',
          kind: 'Endpoints',
          ...name({ name: 'mirrored' }),
          subsets: [{ addresses: [{ ip: '10.128.0.11' }], ports: [{ port: 80 }] }],
        },
      );
      const seen = () =>
        inventory.names('discovery.k8s.io/EndpointSlice').map((each) => each.replace(/-[^-]+$/, ''));
      const slices = async () => live.plane.kubectl('get', 'endpointslices', '-n', 'default', '-o', 'name');

      await until(
        'both are seen',
        () => seen().join().includes('default/by-hand,default/mirrored'),
        READY_MS,
      );
      await expect.poll(slices, { timeout: READY_MS }).toContain('/selecting-');
      expect(seen()).not.toContain('default/selecting');
      await live.plane.kubectl('delete', 'service', 'by-hand', 'mirrored', 'selecting', '-n', 'default');
      await live.plane.kubectl('delete', 'endpointslice', 'by-hand-1', '-n', 'default', '--ignore-not-found');
    }, 180_000);

    it('a pod that comes is seen at once, and gone when it goes', async () => {
      const inventory = live.collect('admin');
      await settled(inventory);
      const isThere = () => inventory.names('Pod').includes('default/intruder');

      await live.plane.apply(POD);
      await until('it is seen', isThere, 2000);
      await live.plane.kubectl('delete', 'pod', 'intruder', '-n', 'default', '--now');

      await until('it is gone', () => !isThere(), 30_000);
    });

    it('a custom kind is collected from when it is defined until it is taken away', async () => {
      const inventory = live.collect('admin');
      await settled(inventory);
      const names = { kind: 'Machine', plural: 'machines', singular: 'machine', listKind: 'MachineList' };
      const schema = { openAPIV3Schema: { type: 'object', properties: { spec: OPEN } } };
      await live.plane.apply({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'machines.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names,
          versions: [{ name: 'v1', served: true, storage: true, schema }],
        },
      });
      await live.plane.kubectl('wait', '--for=condition=Established', 'crd/machines.example.com');
      await live.plane.apply({
        apiVersion: 'example.com/v1',
        kind: 'Machine',
        metadata: { name: 'm', namespace: 'default' },
        spec: { template: { spec: POD['spec'] } },
      });
      await until('it is seen', () => inventory.names('example.com/Machine').join() === 'default/m', 15_000);

      await live.plane.kubectl('delete', 'crd', 'machines.example.com');
      await until(
        'it is absent',
        () => inventory.states.get('example.com/Machine')?.state === 'absent',
        READY_MS,
      );
      expect(inventory.names('example.com/Machine')).toEqual([]);
    }, 120_000);

    it('a custom kind has the form of the version that is preferred, also where no object changes', async () => {
      const names = { kind: 'Ship', plural: 'ships', singular: 'ship', listKind: 'ShipList' };
      const ofVersion = (name: string) => ({
        name,
        served: true,
        storage: name === 'v1',
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: OPEN } } },
      });
      const definition = (...versions: string[]) => ({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'ships.example.com' },
        spec: { group: 'example.com', scope: 'Namespaced', names, versions: versions.map(ofVersion) },
      });
      await live.plane.apply(definition('v1'));
      await live.plane.kubectl('wait', '--for=condition=Established', 'crd/ships.example.com');
      await live.plane.apply({
        apiVersion: 'example.com/v1',
        kind: 'Ship',
        metadata: { name: 's', namespace: 'default' },
        spec: { template: { spec: POD['spec'] } },
      });
      const inventory = live.collect('admin');
      const form = () => inventory.objects.get('example.com/Ship')?.get('default/s')?.['apiVersion'];
      await until('it is seen', () => form() === 'example.com/v1', READY_MS);

      await live.plane.apply(definition('v1', 'v2'));

      await until('it is seen in its new form', () => form() === 'example.com/v2', READY_MS);
      await settled(inventory);
      await live.sameAsKubectl(inventory);
      await live.plane.kubectl('delete', 'crd', 'ships.example.com');
    }, 240_000);
  },
);
