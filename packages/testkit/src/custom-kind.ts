import type { JsonObject } from '@bulwark/core';

const CONTAINERS = { type: 'array', items: { type: 'object', properties: { image: { type: 'string' } } } };
const POD_SPEC = { type: 'object', properties: { containers: CONTAINERS } };

/** How the objects of a custom kind are. */
export interface CustomKindOptions {
  /** By default in namespaces. */
  readonly scope?: 'Namespaced' | 'Cluster';
  /** Where the pod of each stands, such as `spec.template`; by default the object itself is one. */
  readonly podAt?: string;
}

/** The definition of a custom kind of `example.org/v1`, whose objects have a pod in them; for tests. */
export function customKind(
  kind: string,
  { scope = 'Namespaced', podAt = '' }: CustomKindOptions = {},
): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  const path = [...podAt.split('.').filter((part) => part !== ''), 'spec'];
  const schema = path.reduceRight<JsonObject>(
    (inner, part) => ({ type: 'object', properties: { [part]: inner } }),
    POD_SPEC,
  );
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.org` },
    spec: {
      group: 'example.org',
      scope,
      names: { kind, plural },
      versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: schema } }],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}
