import {
  type Control,
  controllerReference,
  type GroupKind,
  type Resource,
  readsAny,
  templateReference,
} from '@bulwark/core';
import type { FindingRow, ObjectKey } from '@bulwark/store';

/** On which kinds findings depend, besides that of their object. */
export class Dependence {
  private readonly controls: ReadonlyMap<string, Control>;
  private readonly named: (key: ObjectKey) => readonly Resource[];

  /** @param named what is called so in the World. */
  constructor(controls: readonly Control[], named: (key: ObjectKey) => readonly Resource[]) {
    this.controls = new Map(controls.map((control) => [control.id, control]));
    this.named = named;
  }

  /**
   * Whether a finding may be another one, or none, with other objects of some kinds: by what its control reads, by the owner
   * that it belongs to, or by what its namespace says of it.
   */
  isOn(kinds: ReadonlySet<GroupKind>, finding: FindingRow): boolean {
    if (kinds.size === 0) return false;
    if (finding.namespace !== '' && kinds.has('Namespace')) return true;
    return (
      this.isControlledBy(kinds, finding) || readsAny(this.controls.get(finding.control)?.reads ?? [], kinds)
    );
  }

  /** Whether what controls the object of a finding, or has the template of that, is of these kinds: else the finding were on it. */
  private isControlledBy(kinds: ReadonlySet<GroupKind>, { kind, namespace, name }: FindingRow): boolean {
    return this.named({ kind, namespace, name }).some((object) => {
      const controller = controllerReference(object);
      if (controller === undefined) return false;
      const key = { kind: controller.groupKind, namespace, name: controller.name };
      const lent = this.named(key).map((maker) => templateReference(maker)?.groupKind);
      return [controller.groupKind, ...lent].some((each) => each !== undefined && kinds.has(each));
    });
  }
}
