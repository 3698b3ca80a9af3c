import type { JsonObject } from '@bulwark/core';
import type { AppSpec, NamespaceSpec } from './app-spec.ts';
import { halves, objectLabels, selectorLabels } from './pod-template.ts';

/** Who calls each application, by `namespace/name`. */
export type Callers = ReadonlyMap<string, readonly { readonly app: AppSpec; readonly namespace: string }[]>;

/** Who calls whom, from what each application says that it calls. */
export function callersOf(namespaces: readonly NamespaceSpec[]): Callers {
  const callers = new Map<string, { app: AppSpec; namespace: string }[]>();
  for (const { name: namespace, apps } of namespaces)
    for (const app of apps)
      for (const call of app.calls ?? []) {
        const [target] = halves(call, ':');
        const known = callers.get(target);
        if (known === undefined) callers.set(target, [{ app, namespace }]);
        else known.push({ app, namespace });
      }
  return callers;
}

/** The policy of one application, where its namespace lets nothing pass by itself: who may call it, and what it may call. */
export function policiesOf(app: AppSpec, namespace: NamespaceSpec, callers: Callers): JsonObject[] {
  const { deny = [] } = namespace;
  if (deny.length === 0 || app.kind === 'Pod') return [];
  const ports = [...new Set([app.port, app.metrics])]
    .filter((port) => port !== undefined)
    .map((port) => ({ protocol: 'TCP', port }));
  const from = [
    ...(callers.get(`${namespace.name}/${app.name}`) ?? []).map((caller) => peerOf(caller, namespace.name)),
    ...[...(app.calledFrom ?? []), ...(app.metrics === undefined ? [] : ['monitoring'])].map(inNamespace),
  ];
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: app.name, namespace: namespace.name, labels: objectLabels(app, namespace) },
      spec: {
        podSelector: { matchLabels: selectorLabels(app) },
        policyTypes: [...deny],
        ...(ports.length > 0 && from.length > 0 && { ingress: [{ from, ports }] }),
        ...(deny.includes('Egress') && { egress: [DNS, ...(app.calls ?? []).map(egressRule)] }),
      },
    },
  ];
}

/** The policy that lets nothing pass in a namespace, in the directions that it names. */
export function defaultDeny({ name, deny = [] }: NamespaceSpec): JsonObject[] {
  if (deny.length === 0) return [];
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'default-deny', namespace: name },
      spec: { podSelector: {}, policyTypes: [...deny] },
    },
  ];
}

function inNamespace(name: string): JsonObject {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function peerOf({ app, namespace }: { app: AppSpec; namespace: string }, own: string): JsonObject {
  const pods = { podSelector: { matchLabels: selectorLabels(app) } };
  return namespace === own ? pods : { ...inNamespace(namespace), ...pods };
}

const DNS: JsonObject = {
  to: [{ ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};
/** What an application that calls the world may not reach: private addresses, and the node's metadata. */
const INSIDE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];

function egressRule(call: string): JsonObject {
  const [target, port] = halves(call, ':');
  const ports = [{ protocol: 'TCP', port: Number(port) }];
  if (target === 'world') return { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: INSIDE } }], ports };
  const [namespace, name] = halves(target, '/');
  const pods = { podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } };
  return { to: [{ ...inNamespace(namespace), ...pods }], ports };
}
