import { hash128, type JsonObject } from '@bulwark/core';
import type { AppSpec, Care } from './app-spec.ts';

/** A number below `limit` that a text decides. */
export function pickBy(text: string, limit: number): number {
  return Number.parseInt(hash128(text).slice(0, 8), 16) % limit;
}

/** Security contexts of a pod and its containers, as people write them who care so much. */
export function securityContexts({ name, care, traits = [] }: AppSpec): {
  readonly pod?: JsonObject;
  readonly container?: JsonObject;
} {
  const isRoot = traits.includes('root') || traits.includes('privileged');
  if (isRoot) return care === 'hardened' ? { container: { readOnlyRootFilesystem: true } } : {};
  const seccompProfile = { type: 'RuntimeDefault' };
  const user = 10_000 + pickBy(name, 40_000);
  switch (care) {
    case 'hardened':
      return {
        pod: { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user, seccompProfile },
        container: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      };
    case 'sound':
      return {
        pod: { runAsNonRoot: true, runAsUser: user, fsGroup: user, seccompProfile },
        container: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      };
    case 'plain':
      return PLAIN[pickBy(name, PLAIN.length)] ?? {};
    case 'careless':
      return {};
  }
}

/** What charts set by themselves: some of it. */
const PLAIN: readonly { readonly pod?: JsonObject; readonly container?: JsonObject }[] = [
  { pod: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 } },
  { pod: { fsGroup: 1000 }, container: { allowPrivilegeEscalation: false } },
  { pod: { runAsNonRoot: true, runAsUser: 65534 }, container: { allowPrivilegeEscalation: false } },
  {},
];

/** Requests and limits of the first container; undefined where nobody has thought of them. */
export function resourcesOf({ care, name, size = [100, 128] }: AppSpec): JsonObject | undefined {
  const [cpu, memory] = size;
  const requests = { cpu: `${cpu}m`, memory: `${memory}Mi` };
  const limits = { memory: `${care === 'hardened' ? memory : memory * 2}Mi` };
  if (care === 'careless') return pickBy(name, 3) === 0 ? { requests } : undefined;
  if (care === 'plain') return { requests, limits: { cpu: `${cpu * 4}m`, ...limits } };
  return { requests, limits };
}

/** Probes of the first container by its port. */
export function probesOf({ care, kind, port }: AppSpec): JsonObject {
  if (port === undefined || care === 'careless') return {};
  const isDatabase = kind === 'StatefulSet';
  const check = (path: string): JsonObject =>
    isDatabase ? { tcpSocket: { port } } : { httpGet: { path, port } };
  const readinessProbe = { ...check('/ready'), periodSeconds: 5 };
  return care === 'plain'
    ? { readinessProbe }
    : { readinessProbe, livenessProbe: { ...check('/live'), initialDelaySeconds: 10 } };
}

/** Whether objects of this care have an account, labels and a budget of their own. */
export function isCareful(care: Care): boolean {
  return care === 'hardened' || care === 'sound';
}
