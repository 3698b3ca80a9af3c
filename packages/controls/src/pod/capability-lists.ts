import {
  arrayAt,
  type ContainerView,
  type Edit,
  type Fix,
  type Json,
  type Path,
  type Resource,
  type Risk,
  type Violation,
  valueAt,
} from '@bulwark/core';

/** The items of a container's `securityContext.capabilities.add` or `.drop`; none where it is not a list. */
export function capabilityList({ container }: ContainerView, field: 'add' | 'drop'): readonly Json[] {
  return arrayAt(container.spec, 'securityContext', 'capabilities', field) ?? [];
}

/**
 * A capability's name without case and prefix. Container runtimes read `net_admin` as `NET_ADMIN`, and CRI-O
 * also `CAP_NET_ADMIN`, so a control that looks for one must; the Pod Security Standards compare exactly.
 */
export function capabilityName(item: Json): string {
  return typeof item === 'string' ? item.toUpperCase().replace(/^CAP_/, '') : '';
}

/** A violation, with the fact `capability`, for each of the capabilities that a container adds. */
export function* additionsOf(view: ContainerView, capabilities: ReadonlySet<string>): Generator<Violation> {
  const added = capabilityList(view, 'add');
  for (const [index, item] of added.entries()) {
    const capability = capabilityName(item);
    // Written twice it is still one thing to change.
    if (!capabilities.has(capability) || added.indexOf(item) < index) continue;
    yield view.at(['securityContext', 'capabilities', 'add', index], { capability });
  }
}

/** The edits that take an added capability away, wherever the list repeats it. */
export function removalOf(path: Path, { object }: Resource): readonly Edit[] {
  const list = path.slice(0, -1);
  const added = valueAt(object, list);
  if (!Array.isArray(added)) return [];
  const item: unknown = added[Number(path.at(-1))];
  return added.flatMap((other, index) => (other === item ? [{ op: 'remove', path: [...list, index] }] : []));
}

/** Takes the capability at the violation away. */
export function removeCapability(risk: Risk): Fix {
  return { ...risk, edits: ({ path }, resource) => removalOf(path, resource) };
}
