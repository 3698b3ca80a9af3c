import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { policyOrder } from './admin-policies.ts';
import { ingressClaims } from './ingress-paths.ts';
import { serviceTwins } from './service-selectors.ts';

function world(...documents: readonly string[]): World {
  return World.of(resourcesOf(documents.join('\n---\n'))).world;
}

const service = (name: string, spec: string, namespace = 'shop'): string =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;

describe('the twins of a Service', () => {
  const PORTS = 'ports: [{port: 80, targetPort: 8080}]';

  it.each([
    ['the same selector and ports', `{selector: {app: web}, ${PORTS}}`, 'b'],
    [
      'the protocol that is the default',
      '{selector: {app: web}, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}',
      'b',
    ],
    ['another port', '{selector: {app: web}, ports: [{port: 81, targetPort: 8080}]}', undefined],
    ['another selector', `{selector: {app: web, tier: x}, ${PORTS}}`, undefined],
    ['no cluster IP', `{clusterIP: None, selector: {app: web}, ${PORTS}}`, undefined],
    ['another type', `{type: LoadBalancer, selector: {app: web}, ${PORTS}}`, undefined],
    ['no selector', `{${PORTS}}`, undefined],
  ])('with %s', (_name, spec, expected) => {
    const all = world(service('a', `{selector: {app: web}, ${PORTS}}`), service('b', spec));
    const [first] = all.list('Service');

    expect(first && all.get(serviceTwins).twinOf(first)?.name).toEqual(expected);
  });

  it('are none of another namespace', () => {
    const spec = `{selector: {app: web}, ${PORTS}}`;
    const all = world(service('a', spec), service('b', spec, 'other'));
    const [first] = all.list('Service');

    expect(first && all.get(serviceTwins).twinOf(first)).toBeUndefined();
  });
});

describe('claims to a host and path', () => {
  const ingress = (name: string, rest: string, annotations = '{}'): string =>
    `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: ${name}, namespace: shop, annotations: ${annotations}}, spec: ${rest}}`;
  const rule = (host: string, path: string, type = 'Prefix'): string =>
    `{host: ${host}, http: {paths: [{path: ${path}, pathType: ${type}}]}}`;

  it.each([
    ['the same', `{rules: [${rule('a.example', '/')}]}`, '{}', 'b'],
    ['another host', `{rules: [${rule('b.example', '/')}]}`, '{}', undefined],
    ['another path', `{rules: [${rule('a.example', '/x')}]}`, '{}', undefined],
    ['exactly the path', `{rules: [${rule('a.example', '/', 'Exact')}]}`, '{}', undefined],
    ['another class', `{ingressClassName: other, rules: [${rule('a.example', '/')}]}`, '{}', undefined],
    [
      'a canary',
      `{rules: [${rule('a.example', '/')}]}`,
      '{nginx.ingress.kubernetes.io/canary: "true"}',
      undefined,
    ],
  ])('meet %s', (_name, spec, annotations, expected) => {
    const all = world(ingress('a', `{rules: [${rule('a.example', '/')}]}`), ingress('b', spec, annotations));
    const [first] = all.list('networking.k8s.io/Ingress');
    const found = all.get(ingressClaims);

    expect(first && found.claimsOf(first).map((claim) => found.rivalOf(claim)?.ingress.name)[0]).toEqual(
      expected,
    );
  });
});

describe('the order of policies', () => {
  const policy = (name: string, spec: string, kind = 'AdminNetworkPolicy'): string =>
    `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: ${kind}, metadata: {name: ${name}}, spec: ${spec}}`;

  it.each([
    ['the same priority', '{priority: 5, subject: {namespaces: {}}}', 'AdminNetworkPolicy', 'b'],
    ['another priority', '{priority: 6, subject: {namespaces: {}}}', 'AdminNetworkPolicy', undefined],
    [
      'namespaces that cannot be the same',
      '{priority: 5, subject: {namespaces: {matchLabels: {team: b}}}}',
      'AdminNetworkPolicy',
      undefined,
    ],
    ['another kind', '{priority: 5, subject: {namespaces: {}}}', 'ClusterNetworkPolicy', undefined],
  ])('with %s', (_name, spec, kind, expected) => {
    const all = world(
      policy('a', '{priority: 5, subject: {namespaces: {matchLabels: {team: a}}}}'),
      policy('b', spec, kind),
    );
    const [first] = all.list('policy.networking.k8s.io/AdminNetworkPolicy');

    expect(first && all.get(policyOrder).unorderedWith(first)?.name).toEqual(expected);
  });
});
