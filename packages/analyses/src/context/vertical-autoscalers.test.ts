import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { verticalAutoscalers } from './vertical-autoscalers.ts';

const WEB =
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {spec: {containers: [{name: app}]}}}}';
const autoscaler = (fields: string, namespace = 'shop', kind = 'Deployment') =>
  `{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: v, namespace: ${namespace}}, spec: {targetRef: {apiVersion: apps/v1, kind: ${kind}, name: web}${fields}}}`;
const policies = (items: string) => `, resourcePolicy: {containerPolicies: [${items}]}`;

describe('vertical autoscalers', () => {
  it.each([
    ['CPU and memory of what they name', autoscaler(''), ['cpu', 'memory']],
    ['nothing when they only recommend', autoscaler(', updatePolicy: {updateMode: "Off"}'), []],
    ['what they do at the start', autoscaler(', updatePolicy: {updateMode: Initial}'), ['cpu', 'memory']],
    ['nothing in another namespace', autoscaler('', 'other'), []],
    ['all where they have no namespace', autoscaler('', '""'), ['cpu', 'memory']],
    ['nothing of another kind', autoscaler('', 'shop', 'StatefulSet'), []],
    [
      'only the resources of the policy for all',
      autoscaler(policies('{containerName: "*", controlledResources: [memory]}')),
      ['memory'],
    ],
    [
      "the container's own policy before that for all",
      autoscaler(policies('{containerName: "*"}, {containerName: app, mode: "Off"}')),
      [],
    ],
    [
      'all in spite of the policy for another',
      autoscaler(policies('{containerName: b, mode: "Off"}')),
      ['cpu', 'memory'],
    ],
  ])('request %s', (_name, manifest, expected) => {
    const { world } = World.of(resourcesOf([WEB, manifest].join('\n---\n')));
    const [web] = world.list('apps/Deployment');

    expect(web && world.get(verticalAutoscalers).requestedFor(web, 'app')).toEqual(expected);
  });
});
