import { type Control, controllerReference, type GroupKind, readsAny, type WorldView } from '@bulwark/core';
import type { FindingRow } from '@bulwark/store';

/** On which kinds findings depend, besides that of their object. */
export class Dependence {
  private readonly controls: ReadonlyMap<string, Control>;
  private readonly world: WorldView;

  constructor(controls: readonly Control[], world: WorldView) {
    this.controls = new Map(controls.map((control) => [control.id, control]));
    this.world = world;
  }

  /**
   * Whether a finding may be another one, or none, with other objects of some kinds: by what its control reads, by the owner
   * that it belongs to, or by what its namespace says of it.
   */
  isOn(kinds: ReadonlySet<GroupKind>, finding: FindingRow): boolean {
    if (kinds.size === 0) return false;
    if (finding.namespace !== '' && kinds.has('Namespace')) return true;
    const owner = this.ownerKindOf(finding);
    return (
      (owner !== undefined && kinds.has(owner)) ||
      readsAny(this.controls.get(finding.control)?.reads ?? [], kinds)
    );
  }

  /** The kind of what controls the object of a finding, which is not there: else the finding were on that. */
  private ownerKindOf({ kind, namespace, name }: FindingRow): GroupKind | undefined {
    // What stands for equal pods is found by its name only.
    const object =
      this.world.find(kind, namespace, name) ??
      this.world.inNamespace(kind, namespace).find((each) => each.name === name);
    return object && controllerReference(object)?.groupKind;
  }
}
