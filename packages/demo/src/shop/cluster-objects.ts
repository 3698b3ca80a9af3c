import type { JsonObject } from '@bulwark/core';
import { digestOf } from '../seeded/names.ts';

const ADMISSION = 'admissionregistration.k8s.io/v1';

/** What belongs to the cluster as a whole: classes, webhooks, definitions of custom resources, served APIs. */
export function clusterObjects(): JsonObject[] {
  return [...priorityClasses(), storageClass(), ...webhooks(), ...definitions(), ...mistakes(), metricsApi()];
}

/** How much a pod matters, by name. */
export function priorityClasses(): JsonObject[] {
  return [
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'business-critical' },
      value: 100_000,
      globalDefault: false,
      preemptionPolicy: 'PreemptLowerPriority',
      description: 'What customers notice when it is gone.',
    },
    ...(['system-node-critical', 'system-cluster-critical'] as const).map((name, index) => ({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value: 2_000_001_000 - index * 1_000_000,
      preemptionPolicy: 'PreemptLowerPriority',
    })),
  ];
}

function storageClass(): JsonObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'fast-encrypted',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'csi.hearthside.example',
    parameters: { encrypted: 'true', type: 'nvme' },
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}

function webhook(name: string, client: JsonObject, rest: JsonObject): JsonObject {
  return {
    name,
    clientConfig: client,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 10,
    matchPolicy: 'Equivalent',
    namespaceSelector: {
      matchExpressions: [
        { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'platform'] },
      ],
    },
    ...rest,
  };
}

function webhooks(): JsonObject[] {
  const inPlatform = (name: string, path: string, port: number): JsonObject => ({
    service: { name, namespace: 'platform', path, port },
    caBundle: digestOf('ca', name),
  });
  const pods = [
    {
      operations: ['CREATE', 'UPDATE'],
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['pods'],
      scope: 'Namespaced',
    },
  ];
  return [
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'kyverno-resources' },
      webhooks: [
        webhook('validate.kyverno.svc', inPlatform('kyverno', '/validate', 80), {
          rules: pods,
          failurePolicy: 'Fail',
        }),
      ],
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'cert-manager-webhook' },
      webhooks: [
        webhook('webhook.cert-manager.io', inPlatform('cert-manager-webhook', '/validate', 80), {
          rules: [
            {
              operations: ['CREATE', 'UPDATE'],
              apiGroups: ['cert-manager.io'],
              apiVersions: ['v1'],
              resources: ['*/*'],
              scope: '*',
            },
          ],
          failurePolicy: 'Fail',
        }),
      ],
    },
    {
      apiVersion: ADMISSION,
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'costlens-labels' },
      webhooks: [
        webhook(
          'labels.costlens.example',
          { url: 'https://hooks.costlens.example/v1/mutate' },
          {
            rules: pods,
            failurePolicy: 'Ignore',
            reinvocationPolicy: 'Never',
          },
        ),
      ],
    },
  ];
}

function definitions(): JsonObject[] {
  return (
    [
      ['cert-manager.io', 'Certificate', 'certificates', 'v1'],
      ['external-secrets.io', 'ExternalSecret', 'externalsecrets', 'v1'],
      ['argoproj.io', 'Application', 'applications', 'v1alpha1'],
      ['kafka.strimzi.io', 'Kafka', 'kafkas', 'v1beta2'],
      ['kyverno.io', 'ClusterPolicy', 'clusterpolicies', 'v1'],
    ] as const
  ).map(([group, kind, plural, version]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: kind === 'ClusterPolicy' ? 'Cluster' : 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      conversion: { strategy: 'None' },
      versions: [{ name: version, served: true, storage: true }],
    },
  }));
}

/** Left-overs and slips that belong to no application. */
function mistakes(): JsonObject[] {
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: 'allow-all',
        namespace: 'search',
        annotations: { note: 'for the migration, remove in March' },
      },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'erp-adapter', namespace: 'orders' },
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'erp-adapter' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/28' } }] }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'stock-settings', namespace: 'warehouse' },
      data: {
        'application.properties':
          'spring.datasource.url=jdbc:mysql://wms-db:3306/wms\nspring.datasource.username=wms\nspring.datasource.password=Pallet-9-Crane-Lift\n',
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'wms-archive' },
      spec: {
        capacity: { storage: '500Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        hostPath: { path: '/srv/wms-archive', type: '' },
      },
      status: { phase: 'Available' },
    },
  ];
}

function metricsApi(): JsonObject {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: 'metrics-server', namespace: 'kube-system', port: 80 },
    },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Passed' }] },
  };
}
