import { describe, expect, it } from 'vitest';
import { type ApiLife, lifecycleOf } from './api-lifecycle.ts';
import { API_KINDS } from './api-versions.ts';
import { groupOf } from './group-kind.ts';
import { NEWEST_MINOR, OLDEST_MINOR } from './kubernetes-version.ts';

function lifeOf(apiVersion: string, kind: string, minor: number): ApiLife {
  return lifecycleOf(groupOf(apiVersion), kind, apiVersion, minor);
}

type Fact = readonly [type: string, minor: number, state: ApiLife['state'], replacement?: string];

/** Each fact stands in the deprecated API migration guide, in release notes, or in a type's lifecycle marker. */
const FACTS: readonly Fact[] = [
  ['v1 Pod', 0, 'served'],
  ['v1 Pod', 37, 'served'],
  ['v1 ConfigMap', 1, 'not-yet'],
  ['v1 ConfigMap', 2, 'served'],
  ['v1beta3 Pod', 0, 'removed', 'v1 Pod'],
  ['v1 ComponentStatus', 18, 'served'],
  ['v1 ComponentStatus', 19, 'deprecated'],
  ['v1 Endpoints', 32, 'served'],
  ['v1 Endpoints', 33, 'deprecated', 'discovery.k8s.io/v1 EndpointSlice'],
  ['v1 Endpoints', 37, 'deprecated', 'discovery.k8s.io/v1 EndpointSlice'],
  // Removed in 1.16.
  ['extensions/v1beta1 Deployment', 7, 'served'],
  ['extensions/v1beta1 Deployment', 8, 'deprecated', 'apps/v1beta2 Deployment'],
  ['extensions/v1beta1 Deployment', 15, 'deprecated', 'apps/v1 Deployment'],
  ['extensions/v1beta1 Deployment', 16, 'removed', 'apps/v1 Deployment'],
  ['extensions/v1beta1 DaemonSet', 16, 'removed', 'apps/v1 DaemonSet'],
  ['extensions/v1beta1 ReplicaSet', 16, 'removed', 'apps/v1 ReplicaSet'],
  ['extensions/v1beta1 NetworkPolicy', 16, 'removed', 'networking.k8s.io/v1 NetworkPolicy'],
  ['extensions/v1beta1 PodSecurityPolicy', 16, 'removed', 'policy/v1beta1 PodSecurityPolicy'],
  ['extensions/v1beta1 PodSecurityPolicy', 25, 'removed'],
  ['apps/v1beta1 StatefulSet', 16, 'removed', 'apps/v1 StatefulSet'],
  ['apps/v1beta2 Deployment', 15, 'deprecated', 'apps/v1 Deployment'],
  ['apps/v1beta2 Deployment', 16, 'removed', 'apps/v1 Deployment'],
  ['apps/v1 Deployment', 8, 'not-yet', 'apps/v1beta2 Deployment'],
  ['apps/v1 Deployment', 9, 'served'],
  // Removed in 1.22.
  ['extensions/v1beta1 Ingress', 16, 'deprecated', 'networking.k8s.io/v1beta1 Ingress'],
  ['extensions/v1beta1 Ingress', 19, 'deprecated', 'networking.k8s.io/v1 Ingress'],
  ['extensions/v1beta1 Ingress', 22, 'removed', 'networking.k8s.io/v1 Ingress'],
  ['networking.k8s.io/v1beta1 Ingress', 21, 'deprecated', 'networking.k8s.io/v1 Ingress'],
  ['networking.k8s.io/v1beta1 Ingress', 22, 'removed', 'networking.k8s.io/v1 Ingress'],
  ['networking.k8s.io/v1beta1 IngressClass', 22, 'removed', 'networking.k8s.io/v1 IngressClass'],
  [
    'admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration',
    22,
    'removed',
    'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration',
  ],
  [
    'apiextensions.k8s.io/v1beta1 CustomResourceDefinition',
    22,
    'removed',
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
  ],
  ['apiregistration.k8s.io/v1beta1 APIService', 22, 'removed', 'apiregistration.k8s.io/v1 APIService'],
  ['authentication.k8s.io/v1beta1 TokenReview', 22, 'removed', 'authentication.k8s.io/v1 TokenReview'],
  [
    'certificates.k8s.io/v1beta1 CertificateSigningRequest',
    22,
    'removed',
    'certificates.k8s.io/v1 CertificateSigningRequest',
  ],
  ['coordination.k8s.io/v1beta1 Lease', 22, 'removed', 'coordination.k8s.io/v1 Lease'],
  ['rbac.authorization.k8s.io/v1beta1 Role', 16, 'served'],
  ['rbac.authorization.k8s.io/v1beta1 Role', 17, 'deprecated', 'rbac.authorization.k8s.io/v1 Role'],
  ['rbac.authorization.k8s.io/v1beta1 Role', 22, 'removed', 'rbac.authorization.k8s.io/v1 Role'],
  ['rbac.authorization.k8s.io/v1alpha1 Role', 22, 'deprecated', 'rbac.authorization.k8s.io/v1 Role'],
  ['rbac.authorization.k8s.io/v1alpha1 Role', 23, 'removed', 'rbac.authorization.k8s.io/v1 Role'],
  ['scheduling.k8s.io/v1beta1 PriorityClass', 22, 'removed', 'scheduling.k8s.io/v1 PriorityClass'],
  ['storage.k8s.io/v1beta1 CSIDriver', 22, 'removed', 'storage.k8s.io/v1 CSIDriver'],
  // Removed in 1.24 to 1.29.
  ['node.k8s.io/v1alpha1 RuntimeClass', 24, 'removed', 'node.k8s.io/v1 RuntimeClass'],
  ['batch/v1beta1 CronJob', 20, 'served'],
  ['batch/v1beta1 CronJob', 21, 'deprecated', 'batch/v1 CronJob'],
  ['batch/v1beta1 CronJob', 25, 'removed', 'batch/v1 CronJob'],
  ['batch/v2alpha1 CronJob', 21, 'removed', 'batch/v1 CronJob'],
  ['discovery.k8s.io/v1beta1 EndpointSlice', 25, 'removed', 'discovery.k8s.io/v1 EndpointSlice'],
  ['events.k8s.io/v1beta1 Event', 25, 'removed', 'events.k8s.io/v1 Event'],
  ['policy/v1beta1 PodDisruptionBudget', 24, 'deprecated', 'policy/v1 PodDisruptionBudget'],
  ['policy/v1beta1 PodDisruptionBudget', 25, 'removed', 'policy/v1 PodDisruptionBudget'],
  ['policy/v1beta1 PodSecurityPolicy', 20, 'served'],
  ['policy/v1beta1 PodSecurityPolicy', 21, 'deprecated'],
  ['policy/v1beta1 PodSecurityPolicy', 25, 'removed'],
  [
    'autoscaling/v2beta1 HorizontalPodAutoscaler',
    22,
    'deprecated',
    'autoscaling/v2beta2 HorizontalPodAutoscaler',
  ],
  ['autoscaling/v2beta1 HorizontalPodAutoscaler', 25, 'removed', 'autoscaling/v2 HorizontalPodAutoscaler'],
  ['autoscaling/v2beta2 HorizontalPodAutoscaler', 26, 'removed', 'autoscaling/v2 HorizontalPodAutoscaler'],
  ['autoscaling/v1 HorizontalPodAutoscaler', 37, 'served'],
  [
    'flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema',
    29,
    'removed',
    'flowcontrol.apiserver.k8s.io/v1 FlowSchema',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema',
    31,
    'deprecated',
    'flowcontrol.apiserver.k8s.io/v1 FlowSchema',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema',
    32,
    'removed',
    'flowcontrol.apiserver.k8s.io/v1 FlowSchema',
  ],
  ['storage.k8s.io/v1beta1 CSIStorageCapacity', 27, 'removed', 'storage.k8s.io/v1 CSIStorageCapacity'],
  // Alpha versions come and go with single releases.
  ['settings.k8s.io/v1alpha1 PodPreset', 19, 'served'],
  ['settings.k8s.io/v1alpha1 PodPreset', 20, 'removed'],
  ['apps/v1alpha1 PetSet', 5, 'removed', 'apps/v1beta1 StatefulSet'],
  ['batch/v2alpha1 ScheduledJob', 8, 'removed', 'batch/v1beta1 CronJob'],
  ['resource.k8s.io/v1alpha2 ResourceClaim', 30, 'served'],
  ['resource.k8s.io/v1alpha2 ResourceClaim', 31, 'removed', 'resource.k8s.io/v1alpha3 ResourceClaim'],
  ['resource.k8s.io/v1alpha2 ResourceClass', 34, 'removed', 'resource.k8s.io/v1 DeviceClass'],
  [
    'coordination.k8s.io/v1alpha2 LeaseCandidate',
    36,
    'deprecated',
    'coordination.k8s.io/v1beta1 LeaseCandidate',
  ],
  ['resource.k8s.io/v1 ResourceClaim', 33, 'not-yet', 'resource.k8s.io/v1beta2 ResourceClaim'],
  ['resource.k8s.io/v1 ResourceClaim', 34, 'served'],
  ['storagemigration.k8s.io/v1 StorageVersionMigration', 37, 'served'],
  // Built in, but never in this version or group.
  ['apps/v1beta3 Deployment', 30, 'never-existed', 'apps/v1 Deployment'],
  ['v2 Pod', 30, 'never-existed', 'v1 Pod'],
  ['networking.k8s.io/v2 NetworkPolicy', 30, 'never-existed', 'networking.k8s.io/v1 NetworkPolicy'],
  ['apps/v1 Pod', 30, 'never-existed', 'v1 Pod'],
  ['v1 Deployment', 30, 'never-existed', 'apps/v1 Deployment'],
  ['extensions/v1 Ingress', 30, 'never-existed', 'networking.k8s.io/v1 Ingress'],
  ['policy/v1 PodSecurityPolicy', 30, 'never-existed'],
  ['apps/v1 Widget', 30, 'never-existed'],
  ['v1 Foo', 30, 'never-existed'],
  ['apps/v7 Widget', 30, 'never-existed'],
  ['v1 constructor', 30, 'never-existed'],
  // Requests that a user can send.
  ['v1 Binding', 30, 'served'],
  ['v1 Event', 30, 'served'],
  ['autoscaling/v1 Scale', 30, 'served'],
  ['policy/v1 Eviction', 30, 'served'],
  ['authentication.k8s.io/v1 TokenReview', 30, 'served'],
  ['authorization.k8s.io/v1 SubjectAccessReview', 30, 'served'],
  // Not built in.
  ['example.com/v1 Deployment', 30, 'unknown'],
  ['apps.openshift.io/v1 DeploymentConfig', 30, 'unknown'],
  ['gateway.networking.k8s.io/v1 Gateway', 30, 'unknown'],
  ['policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy', 30, 'unknown'],
  ['metrics.k8s.io/v1beta1 PodMetrics', 30, 'unknown'],
  ['core/v1 Pod', 30, 'unknown'],
  ['snapshot.storage.k8s.io/v1 VolumeSnapshot', 30, 'unknown'],
  ['v1 List', 30, 'unknown'],
  ['apps/v1 DeploymentList', 30, 'unknown'],
  ['v1 Status', 30, 'unknown'],
  ['meta.k8s.io/v1 Table', 30, 'unknown'],
  ['v1 DeleteOptions', 30, 'unknown'],
  ['v1 Config', 30, 'unknown'],
  ['v1 Route', 30, 'unknown'],
  ['apps/v1 Route', 30, 'never-existed'],
  ['__proto__/v1 toString', 30, 'unknown'],
];

describe('lifecycleOf', () => {
  it.each(FACTS.map((fact) => [...fact] as const))(
    'says of %s in 1.%i: %s, then %s',
    (type, minor, state, replacement) => {
      const [apiVersion = '', kind = ''] = type.split(' ');

      const life = lifeOf(apiVersion, kind, minor);

      expect({ state: life.state, replacement: life.replacement }).toEqual({ state, replacement });
    },
  );

  it('gives the releases in which a version came, was deprecated and went', () => {
    expect(lifeOf('extensions/v1beta1', 'Ingress', 20)).toEqual({
      state: 'deprecated',
      introduced: 1,
      deprecated: 14,
      removed: 22,
      replacement: 'networking.k8s.io/v1 Ingress',
    });
    expect(lifeOf('v1', 'Endpoints', 30)).toEqual({ state: 'served', introduced: 0, deprecated: 33 });
    expect(lifeOf('settings.k8s.io/v1alpha1', 'PodPreset', 25)).toEqual({
      state: 'removed',
      introduced: 6,
      removed: 20,
    });
  });

  it('answers for a served version without making anything new', () => {
    expect(lifeOf('apps/v1', 'Deployment', 30)).toBe(lifeOf('apps/v1', 'Deployment', 31));
  });
});

const MINORS = Array.from({ length: NEWEST_MINOR - OLDEST_MINOR + 1 }, (_, index) => OLDEST_MINOR + index);
const ENTRIES = Object.entries(API_KINDS).flatMap(([groupKind, { versions }]) => {
  const [kind = '', group = ''] = groupKind.split('/').reverse();
  return Object.entries(versions).map(([version, history]) => ({
    kind,
    version,
    apiVersion: group === '' ? version : `${group}/${version}`,
    history,
  }));
});

describe('the table of API versions', () => {
  it.each(ENTRIES)('orders the life of $apiVersion $kind', ({ version, history }) => {
    const [introduced, deprecated, removed] = history;

    expect(version).toMatch(/^v[1-9](?:(?:alpha|beta)[1-9])?$/);
    expect(introduced ?? 0).toBeLessThanOrEqual(NEWEST_MINOR);
    expect(introduced ?? 0).toBeLessThanOrEqual(deprecated ?? Number.POSITIVE_INFINITY);
    expect(deprecated ?? introduced ?? -1).toBeLessThan(removed ?? Number.POSITIVE_INFINITY);
  });

  it('names as replacements only what is served in that release', () => {
    const wrong = ENTRIES.flatMap(({ apiVersion, kind }) =>
      MINORS.flatMap((minor) => {
        const { replacement } = lifeOf(apiVersion, kind, minor);
        if (replacement === undefined) return [];
        const [version = '', other = ''] = replacement.split(' ');
        const { state } = lifeOf(version, other, minor);
        const isAnother = replacement !== `${apiVersion} ${kind}`;
        return isAnother && (state === 'served' || state === 'deprecated')
          ? []
          : [`${apiVersion} ${kind} in 1.${minor}: ${replacement}`];
      }),
    );

    expect(wrong).toEqual([]);
  });

  it('never goes back from one state to an earlier one', () => {
    const order = ['not-yet', 'served', 'deprecated', 'removed'];
    const wrong = ENTRIES.filter(({ apiVersion, kind }) => {
      const states = MINORS.map((minor) => order.indexOf(lifeOf(apiVersion, kind, minor).state));
      return states.includes(-1) || states.some((state, index) => state < (states[index - 1] ?? 0));
    });

    expect(wrong).toEqual([]);
  });

  it('names as successors only kinds that it holds', () => {
    const successors = Object.values(API_KINDS).flatMap(({ successor }) => successor ?? []);

    expect(successors.filter((successor) => API_KINDS[successor] === undefined)).toEqual([]);
  });

  it('keeps to stable versions for ever', () => {
    const removed = ENTRIES.filter(
      ({ version, history }) => /^v\d+$/.test(version) && history[2] !== undefined,
    );

    // A subresource's body, whose alpha feature took another form before it was stable.
    expect(removed.map(({ kind }) => kind)).toEqual(['EphemeralContainers']);
  });

  it('prefers stable versions over beta and alpha ones, and newer over older', () => {
    const rank = (version: string): number => {
      const [, major = '0', stage, step = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
      return (stage === undefined ? 2000 : stage === 'beta' ? 1000 : 0) + Number(major) * 10 + Number(step);
    };
    const wrong = Object.entries(API_KINDS).filter(([, { versions }]) => {
      const ranks = Object.keys(versions).map(rank);
      return ranks.some((value, index) => value >= (ranks[index - 1] ?? Number.POSITIVE_INFINITY));
    });

    expect(wrong).toEqual([]);
  });
});
