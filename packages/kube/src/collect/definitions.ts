import { arrayAt, type GroupKind, get, groupKindOf, type JsonObject, stringAt } from '@bulwark/core';
import { holdsPodTemplate } from '../discovery/pod-template.ts';
import type { ObjectKey } from './sink.ts';

interface Definition {
  readonly groupKind: GroupKind;
  readonly holdsTemplate: boolean;
  readonly isReady: boolean;
}

const CRD = 'apiextensions.k8s.io/CustomResourceDefinition';
const API_SERVICE = 'apiregistration.k8s.io/APIService';

/** What is known of custom kinds and of further API servers: both decide what a cluster serves. */
export class Definitions {
  private readonly custom = new Map<string, Definition>();
  private readonly services = new Map<string, boolean>();
  private readonly onChange: () => void;

  /** @param onChange called when the cluster may serve something else from now on. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** Custom kinds whose definition shows a pod template. */
  templates(): ReadonlySet<GroupKind> {
    return new Set(
      [...this.custom.values()].filter((each) => each.holdsTemplate).map((each) => each.groupKind),
    );
  }

  /** Looks at objects of a kind; those that define nothing do not matter. */
  observe(groupKind: GroupKind, objects: readonly JsonObject[]): void {
    for (const object of objects) {
      const name = stringAt(object, 'metadata', 'name') ?? '';
      if (groupKind === CRD) this.note(this.custom, name, definitionOf(object));
      else if (groupKind === API_SERVICE) this.note(this.services, name, hasCondition(object, 'Available'));
    }
  }

  /** Looks at what is gone of a kind. */
  forget(groupKind: GroupKind, keys: readonly ObjectKey[]): void {
    const known = groupKind === CRD ? this.custom : groupKind === API_SERVICE ? this.services : undefined;
    for (const { name } of keys) if (known?.delete(name) === true) this.onChange();
  }

  private note<T>(known: Map<string, T>, name: string, now: T): void {
    const isSame = JSON.stringify(known.get(name)) === JSON.stringify(now);
    known.set(name, now);
    if (!isSame) this.onChange();
  }
}

function definitionOf(object: JsonObject): Definition {
  const group = stringAt(object, 'spec', 'group') ?? '';
  const kind = stringAt(object, 'spec', 'names', 'kind') ?? '';
  return {
    groupKind: groupKindOf(group, kind),
    holdsTemplate: holdsPodTemplate(object),
    isReady: hasCondition(object, 'Established'),
  };
}

function hasCondition(object: JsonObject, type: string): boolean {
  const conditions = arrayAt(object, 'status', 'conditions') ?? [];
  return conditions.some((each) => get(each, 'type') === type && get(each, 'status') === 'True');
}
