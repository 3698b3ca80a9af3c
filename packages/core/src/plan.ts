import type { Control, Look, Target } from './control.ts';
import type { GroupKind } from './group-kind.ts';
import type { Resource } from './resource.ts';

/** A set of controls, indexed by what they apply to. */
export class Plan {
  readonly controls: readonly Control[];
  private readonly byKind = new Map<GroupKind, readonly Control[]>();
  private readonly byKindWithPods = new Map<GroupKind, readonly Control[]>();

  constructor(controls: readonly Control[]) {
    this.controls = controls;
  }

  /** The part of the plan that looks no further, or exactly as far, as said. */
  looking(...looks: readonly Look[]): Plan {
    return new Plan(this.controls.filter((control) => looks.includes(control.looks)));
  }

  /** The controls that have something to say about a resource, in the plan's order. */
  controlsFor(resource: Resource): readonly Control[] {
    // An object that pods alone name says nothing of itself.
    if (resource.seenInPods === 'object') return NONE;
    const hasPods = resource.workloads.length > 0 && resource.seenInPods === undefined;
    const index = hasPods ? this.byKindWithPods : this.byKind;
    let found = index.get(resource.groupKind);
    if (found === undefined) {
      found = this.controls.filter((control) => applies(control.appliesTo, resource.groupKind, hasPods));
      index.set(resource.groupKind, found);
    }
    return found;
  }
}

const NONE: readonly Control[] = [];

function applies({ per, kinds }: Target, groupKind: GroupKind, hasPods: boolean): boolean {
  return per === 'object' ? kinds.includes(groupKind) || kinds.includes('*') : hasPods;
}
