import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { monitored } from './monitored.ts';

const SERVICES = [
  '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}}',
  '{apiVersion: v1, kind: Service, metadata: {name: db, namespace: data, labels: {app: db}}}',
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: w, namespace: shop}, spec: {template: {metadata: {labels: {app: pods}}, spec: {containers: []}}}}',
];

function selectsAny(kind: string, spec: string, namespace = 'shop'): boolean | undefined {
  const monitor = `{apiVersion: monitoring.coreos.com/v1, kind: ${kind}, metadata: {name: m, namespace: ${namespace}}, spec: ${spec}}`;
  const { world } = World.of(resourcesOf([monitor, ...SERVICES].join('\n---\n')));
  const [first] = world.list(`monitoring.coreos.com/${kind}`);
  return first && world.get(monitored).selectsAny(first);
}

it.each([
  ['its own namespace', '{selector: {matchLabels: {app: web}}}', 'shop', true],
  ['labels and expressions', '{selector: {matchLabels: {app: web, tier: back}}}', 'shop', false],
  ['an expression alone', '{selector: {matchExpressions: [{key: tier, operator: Exists}]}}', 'shop', true],
  ['everything in it', '{selector: {}}', 'shop', true],
  ['no other namespace', '{selector: {matchLabels: {app: db}}}', 'shop', false],
  [
    'a named one',
    '{namespaceSelector: {matchNames: [data]}, selector: {matchLabels: {app: db}}}',
    'shop',
    true,
  ],
  ['any', '{namespaceSelector: {any: true}, selector: {matchLabels: {app: db}}}', 'other', true],
  ['nothing known there', '{selector: {matchLabels: {app: db}}}', 'other', undefined],
  ['a broken selector', '{selector: {matchExpressions: [{}]}}', 'shop', undefined],
  ['no selector', '{}', 'shop', false],
])('a ServiceMonitor with %s', (_name, spec, namespace, expected) => {
  expect(selectsAny('ServiceMonitor', spec, namespace)).toBe(expected);
});

it.each([
  ['{selector: {matchLabels: {app: pods}}}', true],
  ['{selector: {matchLabels: {app: web}}}', false],
])('a PodMonitor selects pods: %s', (spec, expected) => {
  expect(selectsAny('PodMonitor', spec)).toBe(expected);
});
