import type { JsonObject } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { until } from '../fake.testing.ts';
import { definition, isState, live, start } from './scene.testing.ts';

const TEMPLATE: JsonObject = { template: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };

describe('custom kinds', () => {
  const rollout = (name: string) => ({
    apiVersion: 'argoproj.io/v1',
    kind: 'Rollout',
    metadata: { name, namespace: 'shop' },
  });

  it('that are known are collected from the moment they are served', async () => {
    const scene = await start();
    await live(scene, 'apiextensions.k8s.io/CustomResourceDefinition');

    scene.server.upsert(definition('argoproj.io', 'Rollout'));
    scene.server.upsert(rollout('web'));

    await until('it is seen', () => scene.inventory.names('argoproj.io/Rollout').join() === 'shop/web');
  });

  it('with a pod template are collected, and others are not', async () => {
    const scene = await start({
      objects: [definition('example.com', 'Machine', TEMPLATE), definition('example.com', 'Report')],
    });
    scene.server.upsert({
      apiVersion: 'example.com/v1',
      kind: 'Machine',
      metadata: { name: 'm', namespace: 'shop' },
    });

    await until('it is seen', () => scene.inventory.names('example.com/Machine').join() === 'shop/m');
    await live(scene, 'example.com/Machine');

    expect(scene.inventory.states.get('example.com/Machine')).toMatchObject({ state: 'live', project: '' });
    expect(scene.inventory.lastUnseen?.kinds.map(({ groupKind }) => groupKind)).toContain(
      'example.com/Report',
    );
    const stored = scene.inventory.objects
      .get('apiextensions.k8s.io/CustomResourceDefinition')
      ?.get('/machines.example.com');
    expect(JSON.stringify(stored)).not.toContain('openAPIV3Schema');
  });

  it('that are taken away take their objects with them', async () => {
    const scene = await start({ objects: [definition('argoproj.io', 'Rollout'), rollout('web')] });
    await until('it is seen', () => scene.inventory.names('argoproj.io/Rollout').length === 1);

    scene.server.delete({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: 'rollouts.argoproj.io',
    });

    await until('it is absent', () => isState(scene, 'argoproj.io/Rollout', 'absent'));
    expect(scene.inventory.names('argoproj.io/Rollout')).toEqual([]);
  });

  it('whose server does not answer keep their objects', async () => {
    const scene = await start({ objects: [definition('argoproj.io', 'Rollout'), rollout('web')] });
    await until('it is seen', () => scene.inventory.names('argoproj.io/Rollout').length === 1);

    scene.server.staleGroups.add('argoproj.io');
    scene.server.faults.add({ resource: 'rollouts', fault: { status: 503, message: 'no backend' } });
    scene.server.cutWatches();
    await until('it is stale', () => isState(scene, 'argoproj.io/Rollout', 'stale'));
    scene.server.upsert(definition('example.com', 'Trigger'));
    await new Promise((resolve) => setTimeout(resolve, 400));

    expect(scene.inventory.names('argoproj.io/Rollout')).toEqual(['shop/web']);
    expect(isState(scene, 'argoproj.io/Rollout', 'stale')).toBe(true);
  });

  it('are listed anew when the server prefers another version', async () => {
    const scene = await start({ objects: [definition('argoproj.io', 'Rollout'), rollout('web')] });
    const isLive = (version: string): boolean =>
      scene.inventory.states.get('argoproj.io/Rollout')?.version === version &&
      isState(scene, 'argoproj.io/Rollout', 'live');
    await until('it is seen', () => isLive('v1'));

    const next = definition('argoproj.io', 'Rollout');
    const spec = next['spec'] as JsonObject;
    scene.server.upsert({ ...next, spec: { ...spec, versions: [{ name: 'v2', served: true }] }, status: {} });

    await until('it is seen', () => isLive('v2'));
    expect(scene.inventory.names('argoproj.io/Rollout')).toEqual(['shop/web']);
    expect(scene.inventory.objects.get('argoproj.io/Rollout')?.get('shop/web')?.['apiVersion']).toBe(
      'argoproj.io/v2',
    );
  });
});
