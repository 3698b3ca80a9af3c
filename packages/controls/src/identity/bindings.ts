import { CLUSTER_ROLE_BINDING, isKubernetesOwnBinding, ROLE_BINDING } from '@bulwark/analyses';
import {
  arrayAt,
  type Facts,
  kinds,
  mayBreak,
  type ObjectView,
  type Resource,
  removeField,
  stringAt,
  type Violation,
} from '@bulwark/core';

/** Every object that gives roles to subjects. */
export const bindings = kinds(CLUSTER_ROLE_BINDING, ROLE_BINDING);
/** Those that give them in the whole cluster. */
export const clusterBindings = kinds(CLUSTER_ROLE_BINDING);

/** A subject as a binding names it, and its place in the list. */
export interface NamedSubject {
  readonly index: number;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** The subjects of a binding that have a name. */
export function namedSubjects(binding: Resource): readonly NamedSubject[] {
  return (arrayAt(binding.object, 'subjects') ?? []).flatMap((item, index) => {
    const name = stringAt(item, 'name') ?? '';
    if (name === '') return [];
    return [
      { index, kind: stringAt(item, 'kind') ?? '', name, namespace: stringAt(item, 'namespace') ?? '' },
    ];
  });
}

/** The role that a binding gives. */
export function boundRole({ object }: Resource): { readonly kind: string; readonly name: string } {
  return {
    kind: stringAt(object, 'roleRef', 'kind') ?? '',
    name: stringAt(object, 'roleRef', 'name') ?? '',
  };
}

/** Whether a binding gives a cluster role of this name. */
export function bindsClusterRole(binding: Resource, name: string): boolean {
  const role = boundRole(binding);
  return role.kind === 'ClusterRole' && role.name === name;
}

/** Why a binding is not judged: the API server makes it, and makes it again when somebody changes it. */
export function whyBuiltIn({ resource }: ObjectView): string | undefined {
  return isKubernetesOwnBinding(resource) ? 'Kubernetes makes this binding itself.' : undefined;
}

/** A subject for people: `ServiceAccount shop/web`, `Group ops`. */
export function subjectText({ kind, namespace, name }: Omit<NamedSubject, 'index'>): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** A violation at each subject for which the test holds, with its text and the role's name as facts. */
export function* atSubjects(
  { resource, at }: Pick<ObjectView, 'resource' | 'at'>,
  test: (subject: NamedSubject) => boolean,
): Generator<Violation> {
  const role = boundRole(resource).name;
  for (const subject of namedSubjects(resource)) {
    const facts: Facts = { subject: subjectText(subject), role };
    if (test(subject)) yield at(['subjects', subject.index], facts);
  }
}

/** The edit that takes the role away from the one subject. */
export const removeSubject = removeField(
  mayBreak('Whoever uses the rights of this subject loses those that no other binding gives.'),
);
