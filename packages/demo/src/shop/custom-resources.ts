import type { JsonObject } from '@bulwark/core';
import { halves } from '../app/pod-template.ts';
import { ingressCertificates } from './edge.ts';

/** Secrets that are fetched from the company's vault, by namespace. */
const FROM_VAULT: Readonly<Record<string, readonly string[]>> = {
  payments: ['psp-credentials', 'payments-hmac', 'ledger-db'],
  accounts: ['accounts-db', 'keycloak-admin', 'smtp-relay'],
  checkout: ['checkout-signing', 'carrier-api'],
  orders: ['orders-db'],
};
const REPOSITORY = 'https://git.hearthside.example/platform/deployments.git';
const DEPLOYED = [
  'storefront',
  'checkout',
  'payments',
  'orders',
  'accounts',
  'search',
  'platform',
  'monitoring',
];

/** Custom resources: certificates, fetched secrets, deployments from Git, the message bus, policies. */
export function customResources(): JsonObject[] {
  return [
    ...ingressCertificates().map(({ secret, host }) => certificate(secret, host)),
    ...Object.entries(FROM_VAULT).flatMap(([namespace, names]) =>
      names.map((name) => externalSecret(namespace, name)),
    ),
    ...DEPLOYED.map(application),
    kafka(),
    clusterPolicy(),
  ];
}

function certificate(secret: string, host: string): JsonObject {
  const [namespace, secretName] = halves(secret, '/');
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: secretName, namespace },
    spec: {
      secretName,
      dnsNames: [host],
      duration: '2160h',
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'public' },
    },
  };
}

function externalSecret(namespace: string, name: string): JsonObject {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
      target: { name, creationPolicy: 'Owner' },
      dataFrom: [{ extract: { key: `shop/${namespace}/${name}` } }],
    },
  };
}

function application(name: string): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'gitops' },
    spec: {
      project: name === 'platform' || name === 'monitoring' ? 'platform' : 'shop',
      source: { repoURL: REPOSITORY, path: `apps/${name}`, targetRevision: 'main', ...helmValues(name) },
      destination: { server: 'https://kubernetes.default.svc', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  };
}

/** One team keeps a password where everybody can read it. */
function helmValues(name: string): JsonObject {
  return name === 'search'
    ? { helm: { values: 'opensearch:\n  adminPassword: Quill-Tundra-58-Amber\n' } }
    : {};
}

function kafka(): JsonObject {
  return {
    apiVersion: 'kafka.strimzi.io/v1beta2',
    kind: 'Kafka',
    metadata: { name: 'kafka', namespace: 'streaming' },
    spec: {
      kafka: {
        version: '4.0.0',
        listeners: [{ name: 'plain', port: 9092, type: 'internal', tls: false }],
        config: { 'min.insync.replicas': 2 },
      },
      entityOperator: { topicOperator: {}, userOperator: {} },
    },
  };
}

function clusterPolicy(): JsonObject {
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'disallow-latest-tag' },
    spec: {
      validationFailureAction: 'Audit',
      background: true,
      rules: [
        {
          name: 'require-tag',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          validate: {
            message: 'An image tag is required, and latest is none.',
            pattern: { spec: { containers: [{ image: '!*:latest' }] } },
          },
        },
      ],
    },
  };
}
