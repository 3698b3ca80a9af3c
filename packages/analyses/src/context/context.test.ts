import { quantityToNumber, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { autoscalers } from './autoscaling.ts';
import { disruptionBudgets } from './disruption.ts';
import { ingressBackends } from './ingress.ts';
import { type EffectiveAmount, effectiveResources, limitRangeDefaults } from './limit-ranges.ts';
import { podSecurityLevels } from './pod-security.ts';

function world(...documents: readonly string[]): World {
  return World.of(resourcesOf(documents.join('\n---\n'))).world;
}

describe('limit ranges', () => {
  const range = (name: string, item: string, namespace = 'shop'): string =>
    `{apiVersion: v1, kind: LimitRange, metadata: {name: ${name}, namespace: ${namespace}}, spec: {limits: [${item}]}}`;
  const memory = (ranges: readonly string[], resources: string): Record<string, unknown> => {
    const pod = `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, resources: ${resources}}]}}`;
    const all = world(...ranges, pod);
    const container = all.list('Pod')[0]?.workloads[0]?.containers[0];
    if (container === undefined) throw new Error('no container');
    const effective = effectiveResources(container, all.get(limitRangeDefaults).of('shop'));
    const shown = (amount: EffectiveAmount | undefined): unknown =>
      amount && [quantityToNumber(amount.amount), amount.source];
    return { limit: shown(effective.limits.get('memory')), request: shown(effective.requests.get('memory')) };
  };

  it.each([
    ['nothing at all', [], '{}', undefined, undefined],
    [
      'its own amounts',
      [range('r', '{type: Container, default: {memory: 3}}')],
      '{limits: {memory: 2}, requests: {memory: 1}}',
      [2, 'container'],
      [1, 'container'],
    ],
    ['its own limit, which is its request too', [], '{limits: {memory: 2}}', [2, 'container'], [2, 'limit']],
    [
      'its own limit before the default request',
      [range('r', '{type: Container, defaultRequest: {memory: 1}}')],
      '{limits: {memory: 2}}',
      [2, 'container'],
      [2, 'limit'],
    ],
    [
      'the default of its namespace',
      [range('r', '{type: Container, default: {memory: 3}}')],
      '{}',
      [3, 'limit-range'],
      [3, 'limit-range'],
    ],
    [
      'the default request',
      [range('r', '{type: Container, default: {memory: 3}, defaultRequest: {memory: 1}}')],
      '{}',
      [3, 'limit-range'],
      [1, 'limit-range'],
    ],
    [
      'the maximum, which stands in for a default',
      [range('r', '{type: Container, max: {memory: 4}}')],
      '{}',
      [4, 'limit-range'],
      [4, 'limit-range'],
    ],
    [
      'the minimum, which stands in for a default request',
      [range('r', '{type: Container, min: {memory: 1}}')],
      '{}',
      undefined,
      [1, 'limit-range'],
    ],
    [
      'the first of two ranges',
      [
        range('b', '{type: Container, default: {memory: 4}}'),
        range('a', '{type: Container, default: {memory: 3}}'),
      ],
      '{}',
      [3, 'limit-range'],
      [3, 'limit-range'],
    ],
    [
      'no default of another namespace',
      [range('r', '{type: Container, default: {memory: 3}}', 'other')],
      '{}',
      undefined,
      undefined,
    ],
    ['no default for pods', [range('r', '{type: Pod, max: {memory: 3}}')], '{}', undefined, undefined],
    [
      'no amount that cannot be read',
      [range('r', '{type: Container, default: {memory: lots}}')],
      '{limits: [1]}',
      undefined,
      undefined,
    ],
  ])('give a container %s', (_name, ranges, resources, limit, request) => {
    expect(memory(ranges, resources)).toEqual({ limit, request });
  });
});

describe('pod security levels', () => {
  const levels = (labels: string) =>
    world(`{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: ${labels}}}`)
      .get(podSecurityLevels)
      .of('shop');

  it.each([
    ['{}', { level: 'privileged', version: 'latest', isDeclared: false }, 0],
    [
      '{pod-security.kubernetes.io/enforce: baseline}',
      { level: 'baseline', version: 'latest', isDeclared: true },
      0,
    ],
    [
      '{pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: v1.31}',
      { level: 'restricted', version: '1.31', isDeclared: true },
      0,
    ],
    [
      '{pod-security.kubernetes.io/enforce: Baseline}',
      { level: 'restricted', version: 'latest', isDeclared: true },
      1,
    ],
    [
      '{pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: "1.31"}',
      { level: 'baseline', version: 'latest', isDeclared: true },
      1,
    ],
  ])('of %s', (labels, enforce, problems) => {
    const found = levels(labels);

    expect(found.enforce).toEqual(enforce);
    expect(found.problems).toHaveLength(problems);
  });

  it('of a namespace that no manifest declares', () => {
    expect(world('{}').get(podSecurityLevels).of('shop').warn).toEqual({
      level: 'privileged',
      version: 'latest',
      isDeclared: false,
    });
  });
});

const DEPLOYMENT =
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}}';

describe('disruption budgets', () => {
  it.each([
    ['policy/v1', '{selector: {matchLabels: {app: web}}}', ['web']],
    ['policy/v1', '{selector: {}}', ['web']],
    ['policy/v1beta1', '{selector: {}}', []],
    ['policy/v1', '{}', []],
    ['policy/v1', '{selector: {matchLabels: {app: db}}}', []],
  ])('of %s with %s', (apiVersion, spec, expected) => {
    const all = world(
      DEPLOYMENT,
      `{apiVersion: ${apiVersion}, kind: PodDisruptionBudget, metadata: {name: b, namespace: shop}, spec: ${spec}}`,
    );
    const [budget] = all.list('policy/PodDisruptionBudget');

    expect(
      budget &&
        all
          .get(disruptionBudgets)
          .protectedBy(budget)
          .map(({ resource }) => resource.name),
    ).toEqual(expected);
  });
});

describe('autoscalers', () => {
  it.each([
    ['what they name', '{apiVersion: apps/v1, kind: Deployment, name: web}', 'web'],
    ['what they name in an older version', '{apiVersion: apps/v1beta1, kind: Deployment, name: web}', 'web'],
    ['nothing of another group', '{apiVersion: example.com/v1, kind: Deployment, name: web}', undefined],
    ['nothing that is not there', '{apiVersion: apps/v1, kind: Deployment, name: gone}', undefined],
  ])('scale %s', (_name, target, expected) => {
    const all = world(
      DEPLOYMENT,
      `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: shop}, spec: {scaleTargetRef: ${target}}}`,
    );

    expect(all.get(autoscalers).targets.map(({ target: found }) => found?.name)).toEqual([expected]);
  });

  it('are found by what they scale, KEDA and vertical ones among them', () => {
    const all = world(
      DEPLOYMENT,
      '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: k}, spec: {scaleTargetRef: {name: web}}}',
      '{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: v, namespace: shop}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}',
      '{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: w, namespace: shop}, spec: {}}',
      '{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: x, namespace: other}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}',
    );
    const scalers = all.get(autoscalers);
    const [deployment] = all.list('apps/Deployment');

    expect(deployment && scalers.autoscalersOf(deployment).map(({ name }) => name)).toEqual(['k', 'v']);
    expect(scalers.targets.map(({ groupKind, hasSiblings }) => [groupKind, hasSiblings])).toEqual([
      ['apps/Deployment', true],
      ['apps/Deployment', true],
      ['', false],
      ['apps/Deployment', false],
    ]);
  });
});

describe('ingress backends', () => {
  it('are found in rules and defaults, present or missing, in old and new form', () => {
    const all = world(
      '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}',
      '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {defaultBackend: {service: {name: gone}}, rules: [{http: {paths: [{backend: {service: {name: web}}}, {backend: {serviceName: web}}]}}, {host: x}]}}',
    );
    const found = all.get(ingressBackends);
    const [service] = all.list('Service');

    expect(
      found.backends.map(({ serviceName, service: target, path }) => [
        serviceName,
        target?.name,
        path.length,
      ]),
    ).toEqual([
      ['gone', undefined, 2],
      ['web', 'web', 7],
      ['web', 'web', 7],
    ]);
    expect(service && found.ingressesOf(service).map(({ name }) => name)).toEqual(['i']);
  });
});
