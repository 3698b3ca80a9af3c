import type { ControlPlane } from '@bulwark/testkit';

/** An object as kubectl prints it. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** Names an object on one line, without the version of its API. */
export function nameOf({ apiVersion, kind, metadata: { namespace = '', name } }: LiveObject): string {
  const group = apiVersion.includes('/') ? `${apiVersion.split('/')[0] ?? ''}/` : '';
  return `${group}${kind} ${namespace} ${name}`;
}

/** The same of what the hub answers. */
export function nameOfRef(ref: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  const { apiVersion, kind, namespace, name } = ref;
  return nameOf({ apiVersion, kind, metadata: { namespace, name } });
}

/** Every object of some resources, such as `deployments.apps`, in all namespaces, but for EndpointSlices that Kubernetes makes itself. */
export async function objectsOf(plane: ControlPlane, resources: readonly string[]): Promise<LiveObject[]> {
  const text = await plane.kubectl('get', resources.join(','), '-A', '-o', 'json');
  return (JSON.parse(text) as { readonly items: LiveObject[] }).items.filter(
    ({ metadata: { labels = {} } }) =>
      labels['endpointslice.kubernetes.io/managed-by'] !== 'endpointslice-controller.k8s.io',
  );
}

export const PRIVILEGED_POD = (name: string, annotations: Readonly<Record<string, string>> = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', annotations },
  spec: {
    containers: [{ name: 'main', image: 'registry.example/main:1', securityContext: { privileged: true } }],
  },
});
