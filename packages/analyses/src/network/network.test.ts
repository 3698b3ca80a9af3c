import { compileSelector, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Direction, networkPolicies } from './policies.ts';
import { workloadIndex } from './selector-index.ts';
import { serviceTargets } from './services.ts';

function world(...documents: readonly string[]): World {
  return World.of(resourcesOf(documents.join('\n---\n'))).world;
}

const pod = (name: string, labels: string, namespace = 'shop'): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}, spec: {containers: []}}`;
const policy = (spec: string, namespace = 'shop'): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: ${namespace}}, spec: ${spec}}`;

describe('network policies', () => {
  it.each([
    ['an empty selector: the whole namespace', '{podSelector: {}}', true, false],
    ['a null selector: the whole namespace', '{podSelector: null}', true, false],
    ['a missing selector: the whole namespace', '{}', true, false],
    ['a matching selector', '{podSelector: {matchLabels: {app: web}}}', true, false],
    ['another selector', '{podSelector: {matchLabels: {app: db}}}', false, false],
    [
      'an expression',
      '{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}',
      true,
      false,
    ],
    [
      'an invalid selector: nothing',
      '{podSelector: {matchExpressions: [{key: app, operator: In}]}}',
      false,
      false,
    ],
    ['egress rules without policyTypes', '{podSelector: {}, egress: [{}]}', true, true],
    ['an empty egress list without policyTypes', '{podSelector: {}, egress: []}', true, false],
    ['policyTypes Egress', '{podSelector: {}, policyTypes: [Egress]}', false, true],
    [
      'policyTypes Ingress, whatever the rules',
      '{podSelector: {}, policyTypes: [Ingress], egress: [{}]}',
      true,
      false,
    ],
    ['empty policyTypes', '{podSelector: {}, policyTypes: [], egress: [{}]}', true, true],
    ['both types', '{podSelector: {}, policyTypes: [Ingress, Egress]}', true, true],
  ])('isolate a pod by %s', (_name, spec, ingress, egress) => {
    const index = world(policy(spec)).get(networkPolicies);
    const isolated = (direction: Direction): boolean => index.isolated('shop', { app: 'web' }, direction);

    expect([isolated('ingress'), isolated('egress')]).toEqual([ingress, egress]);
  });

  it('hold in their own namespace only', () => {
    expect(
      world(policy('{podSelector: {}}', 'other')).get(networkPolicies).isolated('shop', {}, 'ingress'),
    ).toBe(false);
  });

  it('that cannot exist are listed', () => {
    const index = world(policy('{podSelector: {matchLabels: {"a b": x}}}')).get(networkPolicies);

    expect(index.problems).toMatchObject([{ policy: { name: 'p' }, message: '"a b" is not a label key' }]);
  });

  it('of other kinds are recognised where they may hold', () => {
    const index = world(
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: shop}, specs: [{}]}',
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: none, namespace: shop}, specs: []}',
      '{apiVersion: crd.projectcalico.org/v1, kind: GlobalNetworkPolicy, metadata: {name: b}}',
      '{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: c}}',
    ).get(networkPolicies);

    expect(index.otherPolicies('shop').map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(index.otherPolicies('other').map(({ name }) => name)).toEqual(['b', 'c']);
  });
});

describe('the workload index', () => {
  it('finds what a scan of all templates finds', () => {
    const label = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b'));
    const pods = fc.array(fc.tuple(label, fc.constantFrom('x', 'y')), { maxLength: 8 });
    const selector = fc.record({
      matchLabels: label,
      matchExpressions: fc.array(
        fc.oneof(
          fc.record({
            key: fc.constantFrom('app', 'tier'),
            operator: fc.constantFrom('In', 'NotIn'),
            values: fc.constant(['a']),
          }),
          fc.record({
            key: fc.constantFrom('app', 'tier'),
            operator: fc.constantFrom('Exists', 'DoesNotExist'),
          }),
        ),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(pods, selector, (given, raw) => {
        const documents = given.map(([labels, namespace], at) =>
          pod(`p${at}`, JSON.stringify(labels), namespace),
        );
        const index = world(...(documents.length > 0 ? documents : ['{}'])).get(workloadIndex);
        const compiled = compileSelector(raw, { absent: 'nothing' });
        if (!compiled.ok) throw new Error(compiled.error.message);
        const names = index.matching('x', compiled.value).map(({ resource }) => resource.name);

        expect(names).toEqual(
          index
            .inNamespace('x')
            .filter(({ labels }) => compiled.value.matches(labels))
            .map(({ resource }) => resource.name),
        );
      }),
    );
  });
});

describe('service targets', () => {
  const service = (spec: string): string =>
    `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: ${spec}}`;

  it.each([
    ['a matching selector', '{selector: {app: web}}', ['web']],
    ['a selector of several labels', '{selector: {app: web, tier: front}}', []],
    ['an empty selector', '{selector: {}}', []],
    ['no selector', '{}', []],
    ['an ExternalName', '{type: ExternalName, externalName: example.com, selector: {app: web}}', []],
    ['an invalid selector', '{selector: {app: 3}}', []],
  ])('of a Service with %s', (_name, spec, expected) => {
    const targets = world(service(spec), pod('web', '{app: web}'), pod('far', '{app: web}', 'other')).get(
      serviceTargets,
    );
    const [found] = world(service(spec)).list('Service');

    expect(found && targets.targetsOf(found).map(({ resource }) => resource.name)).toEqual(expected);
  });

  const SLICE = 'apiVersion: discovery.k8s.io/v1, kind: EndpointSlice';
  const slice = (endpoint: string, labels = '') =>
    `{${SLICE}, metadata: {name: e, namespace: shop, labels: {kubernetes.io/service-name: s${labels}}}, endpoints: [${endpoint}]}`;
  const BY_ADDRESS = '{addresses: [10.0.0.2]}';
  const OWN = ', endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io';
  const endpoints = (subset: string) =>
    `{apiVersion: v1, kind: Endpoints, metadata: {name: s, namespace: shop}, subsets: [${subset}]}`;

  it.each([
    ['at an address of an EndpointSlice', '{}', slice(BY_ADDRESS), ['far']],
    ['that an EndpointSlice names', '{}', slice('{targetRef: {kind: Pod, name: web}}'), ['web']],
    ['at an address of hand-made Endpoints', '{}', endpoints('{addresses: [{ip: 10.0.0.2}]}'), ['far']],
    ['that is not ready', '{}', endpoints('{notReadyAddresses: [{ip: 10.0.0.2}]}'), ['far']],
    ['of an EndpointSlice besides a selector', '{selector: {app: web}}', slice(BY_ADDRESS), ['web', 'far']],
    ['of Kubernetes itself, as these follow from selectors', '{}', slice(BY_ADDRESS, OWN), []],
    [
      'in the network of its node, at whose address others may answer',
      '{}',
      slice('{addresses: [10.0.0.3]}'),
      [],
    ],
    ['nowhere, as it is an ExternalName', '{type: ExternalName}', slice(BY_ADDRESS), []],
  ])('are a pod %s', (_what, spec, named, expected) => {
    const at = (ip: string, rest: string) => `, spec: {${rest}}, status: {podIP: ${ip}}}`;
    const end = ', spec: {containers: []}}';
    const all = world(
      service(spec),
      pod('web', '{app: web}'),
      pod('far', '{}', 'other').replace(end, at('10.0.0.2', 'containers: []')),
      pod('host', '{}').replace(end, at('10.0.0.3', 'hostNetwork: true, containers: []')),
      named,
    );
    const [found] = all.list('Service');

    expect(
      found &&
        all
          .get(serviceTargets)
          .targetsOf(found)
          .map(({ resource }) => resource.name),
    ).toEqual(expected);
  });

  it('are found from the other side', () => {
    const all = world(service('{selector: {app: web}}'), pod('web', '{app: web}'));
    const [resource] = all.list('Pod');

    expect(
      resource &&
        all
          .get(serviceTargets)
          .servicesOf({ resource })
          .map(({ name }) => name),
    ).toEqual(['s']);
  });
});
