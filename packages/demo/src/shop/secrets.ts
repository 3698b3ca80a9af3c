import type { JsonObject } from '@bulwark/core';
import type { NamespaceSpec } from '../app/app-spec.ts';
import { pickBy } from '../app/care.ts';
import { halves } from '../app/pod-template.ts';
import { ingressCertificates } from './edge.ts';

const DAY = 86_400_000;

/** How many days a certificate is still good for, where that is worth a look. */
const DAYS_LEFT: Readonly<Record<string, number>> = {
  'payments/payments-api-tls': 12,
  'platform/portal-tls': 3,
  'marketing/blog-tls': -6,
};

/** Secrets that nothing uses any more. */
const LEFT_OVER = [
  'payments/psp-credentials-2024',
  'orders/tmp-debug',
  'crm-old/backup-ftp',
  'staging/stripe-test',
];

/**
 * Every Secret that applications and Ingresses name, and some that nothing names. Values do not exist: in their place are
 * sizes, as the collector leaves them.
 */
export function secretObjects(namespaces: readonly NamespaceSpec[], now: number): JsonObject[] {
  const keys = namedKeys(namespaces);
  for (const secret of LEFT_OVER) keys.set(secret, new Set(['value']));
  const certificates = new Map([
    ...ingressCertificates().map(({ secret, host }) => [secret, host] as const),
    ['payments/payments-api-tls', 'payments-api.payments.svc'] as const,
    ['payments/psp-client-certificate', 'hearthside-merchant'] as const,
    ['streaming/mirror-maker-tls', 'mirror-maker.streaming.svc'] as const,
  ]);
  return [
    ...[...keys]
      .filter(([secret]) => !certificates.has(secret))
      .map(([secret, names]) => opaqueSecret(secret, names)),
    ...[...certificates].map(([secret, host]) => certificate(secret, host, now)),
    legacyToken(),
  ];
}

/** The Secrets that applications name, by `namespace/name`, with the keys that they name. */
export function namedKeys(namespaces: readonly NamespaceSpec[]): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  const add = (secret: string, key: string): void => {
    const known = keys.get(secret) ?? new Set<string>();
    keys.set(secret, known.add(key));
  };
  for (const { name: namespace, apps } of namespaces)
    for (const { secrets = [], secretFiles = [] } of apps) {
      for (const text of secrets) {
        const [secret, key] = halves(halves(text, '=')[1], '/');
        add(`${namespace}/${secret}`, key);
      }
      for (const secret of secretFiles) add(`${namespace}/${secret}`, 'config.yaml');
    }
  return keys;
}

/** A Secret of any values, with their sizes. */
export function opaqueSecret(secret: string, keys: ReadonlySet<string>): JsonObject {
  const [namespace, name] = halves(secret, '/');
  const sizes = Object.fromEntries([...keys].sort().map((key) => [key, 16 + pickBy(`${secret}/${key}`, 48)]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', data: sizes };
}

function certificate(secret: string, host: string, now: number): JsonObject {
  const [namespace, name] = halves(secret, '/');
  const left = DAYS_LEFT[secret] ?? 25 + pickBy(secret, 60);
  const isPublic = host.endsWith('.example');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': 3600 + pickBy(secret, 300), 'tls.key': 1704 },
    certificate: {
      subject: `CN=${host}`,
      issuer: isPublic ? 'CN=R13,O=Free Certificates' : 'CN=hearthside internal CA',
      names: [host],
      notBefore: new Date(now + (left - 90) * DAY).toISOString(),
      notAfter: new Date(now + left * DAY).toISOString(),
    },
  };
}

/** A token without an end, from the time when Kubernetes made one for every account. */
function legacyToken(): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'default-token-x7k2m',
      namespace: 'crm-old',
      annotations: { 'kubernetes.io/service-account.name': 'default' },
    },
    type: 'kubernetes.io/service-account-token',
    data: { 'ca.crt': 1107, namespace: 7, token: 922 },
  };
}
