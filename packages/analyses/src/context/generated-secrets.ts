import { type Analysis, arrayAt, type GroupKind, type Resource, stringAt } from '@bulwark/core';

/** The Secrets that custom resources have their controllers make. */
export interface GeneratedSecrets {
  has(namespace: string, name: string): boolean;
  /** Whether anything in a namespace makes Secrets. */
  any(namespace: string): boolean;
}

type Names = (resource: Resource) => readonly (string | undefined)[];

function field(...path: readonly string[]): Names {
  return ({ object }) => [stringAt(object, ...path)];
}

function itemField(list: readonly string[], name: string): Names {
  return ({ object }) => (arrayAt(object, ...list) ?? []).map((item) => stringAt(item, name));
}

const ownName: Names = ({ name }) => [name];
const destination = field('spec', 'destination', 'name');

const MAKERS: ReadonlyMap<GroupKind, Names> = new Map([
  ['bitnami.com/SealedSecret', ownName],
  ['cert-manager.io/Certificate', field('spec', 'secretName')],
  [
    'external-secrets.io/ExternalSecret',
    ({ object, name }: Resource) => [stringAt(object, 'spec', 'target', 'name') ?? name],
  ],
  ['isindir.github.com/SopsSecret', itemField(['spec', 'secretTemplates'], 'name')],
  ['onepassword.com/OnePasswordItem', ownName],
  ['secrets-store.csi.x-k8s.io/SecretProviderClass', itemField(['spec', 'secretObjects'], 'secretName')],
  ['secrets.hashicorp.com/VaultDynamicSecret', destination],
  ['secrets.hashicorp.com/VaultPKISecret', destination],
  ['secrets.hashicorp.com/VaultStaticSecret', destination],
]);

/** Names, by namespace, of the Secrets that well-known controllers make from custom resources in the World. */
export const generatedSecrets: Analysis<GeneratedSecrets> = {
  id: 'generated-secrets',
  reads: [...MAKERS.keys()],
  compute(world) {
    const byNamespace = new Map<string, Set<string>>();
    for (const [kind, names] of MAKERS)
      for (const resource of world.list(kind)) {
        const known = byNamespace.get(resource.namespace) ?? new Set();
        byNamespace.set(resource.namespace, known);
        for (const name of names(resource)) if (name !== undefined) known.add(name);
      }
    // A custom resource that names no namespace goes wherever it is applied to.
    const unplaced = byNamespace.get('');
    return {
      has: (namespace, name) =>
        byNamespace.get(namespace)?.has(name) === true || unplaced?.has(name) === true,
      any: (namespace) => byNamespace.has(namespace) || unplaced !== undefined,
    };
  },
};
