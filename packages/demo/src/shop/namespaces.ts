import type { JsonObject } from '@bulwark/core';
import type { NamespaceSpec } from '../app/app-spec.ts';
import { KUBE_SYSTEM, MONITORING } from './apps/cluster.ts';
import { ACCOUNTS, LOYALTY, SEARCH } from './apps/customers.ts';
import { CI, CRM_OLD, SANDBOX, STAGING } from './apps/engineering.ts';
import { ANALYTICS, STREAMING, WAREHOUSE } from './apps/operations.ts';
import { ORDERS } from './apps/orders.ts';
import { MARKETING, SUPPORT } from './apps/outreach.ts';
import { GITOPS, INGRESS, PLATFORM } from './apps/platform.ts';
import { CHECKOUT, PAYMENTS } from './apps/selling.ts';
import { STOREFRONT } from './apps/storefront.ts';

/** Every namespace of the shop with its applications. */
export const NAMESPACES: readonly NamespaceSpec[] = [
  STOREFRONT,
  CHECKOUT,
  PAYMENTS,
  ORDERS,
  ACCOUNTS,
  SEARCH,
  LOYALTY,
  MARKETING,
  SUPPORT,
  WAREHOUSE,
  STREAMING,
  ANALYTICS,
  PLATFORM,
  GITOPS,
  MONITORING,
  INGRESS,
  CI,
  STAGING,
  SANDBOX,
  CRM_OLD,
  KUBE_SYSTEM,
];

/** A namespace, and what limits it as a whole. */
export function namespaceObjects(namespace: NamespaceSpec): JsonObject[] {
  const { name, enforce, team, environment, criticality, contact } = namespace;
  const labels = {
    'kubernetes.io/metadata.name': name,
    ...(team !== undefined && { team }),
    ...(environment !== undefined && { environment }),
    ...(criticality !== undefined && { criticality }),
    ...(enforce !== undefined && podSecurity(enforce)),
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels, ...(contact !== undefined && { annotations: { contact } }) },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: name },
      data: { 'ca.crt': 'The certificate of the cluster.' },
    },
    ...limits(namespace),
  ];
}

function podSecurity(level: string): JsonObject {
  const enforced = {
    'pod-security.kubernetes.io/enforce': level,
    'pod-security.kubernetes.io/enforce-version': 'v1.34',
  };
  return level === 'baseline' ? { ...enforced, 'pod-security.kubernetes.io/warn': 'restricted' } : enforced;
}

function limits({ name, hasQuota, hasLimits }: NamespaceSpec): JsonObject[] {
  const quota: JsonObject = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'namespace', namespace: name },
    spec: {
      hard: { 'requests.cpu': '40', 'requests.memory': '120Gi', pods: '120', 'services.loadbalancers': '0' },
    },
  };
  const range: JsonObject = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'containers', namespace: name },
    spec: {
      limits: [
        {
          type: 'Container',
          default: { memory: '512Mi' },
          defaultRequest: { cpu: '50m', memory: '128Mi' },
        },
      ],
    },
  };
  return [...(hasQuota === true ? [quota] : []), ...(hasLimits === true ? [range] : [])];
}
