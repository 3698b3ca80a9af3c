import {
  type Analysis,
  type GroupKind,
  groupKindOf,
  groupOf,
  objectAt,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { workloadIndex } from '../network/selector-index.ts';

/** Changes the number of pods by their load. */
export const HORIZONTAL_AUTOSCALER: GroupKind = 'autoscaling/HorizontalPodAutoscaler';
/** KEDA's kind, which makes a HorizontalPodAutoscaler of its own. */
export const SCALED_OBJECT: GroupKind = 'keda.sh/ScaledObject';
/** Changes the requests of pods by what they use. */
export const VERTICAL_AUTOSCALER: GroupKind = 'autoscaling.k8s.io/VerticalPodAutoscaler';

/** Where each kind of autoscaler names what it scales, and what stands for what it leaves out. */
const REFERENCES: ReadonlyMap<GroupKind, { readonly field: string; readonly defaults: readonly string[] }> =
  new Map([
    [HORIZONTAL_AUTOSCALER, { field: 'scaleTargetRef', defaults: [] }],
    [SCALED_OBJECT, { field: 'scaleTargetRef', defaults: ['apps/v1', 'Deployment'] }],
    [VERTICAL_AUTOSCALER, { field: 'targetRef', defaults: [] }],
  ]);

/** What an autoscaler scales. */
export interface ScaleTarget {
  readonly autoscaler: Resource;
  /** The kind that it names, empty when it names none. */
  readonly groupKind: GroupKind;
  readonly name: string;
  /** Undefined when it is not in the World. */
  readonly target: Resource | undefined;
  /** Whether the World holds anything of that kind where the target would be. */
  readonly hasSiblings: boolean;
}

/** Autoscalers and what they scale. */
export interface Autoscalers {
  readonly targets: readonly ScaleTarget[];
  targetOf(autoscaler: Resource): ScaleTarget | undefined;
  /** Those of every kind that name a resource. */
  autoscalersOf(resource: Resource): readonly Resource[];
}

/**
 * Horizontal and vertical autoscalers, KEDA's among them, by what they name; the version in it does not matter. A
 * custom one without a namespace goes wherever it is applied to, so it is matched by kind and name alone.
 */
export const autoscalers: Analysis<Autoscalers> = {
  id: 'autoscalers',
  reads: [workloadIndex, ...REFERENCES.keys()],
  compute(world) {
    const index = world.get(workloadIndex);
    const scalers = [...REFERENCES.keys()].flatMap((kind) => world.list(kind));
    const known = indexed(scalers.length === 0 ? [] : world.namespaces(), (namespace) =>
      index.inNamespace(namespace).map(({ resource }) => resource),
    );
    const targets = scalers.map((autoscaler) => targetIn(known, autoscaler));
    const byAutoscaler = new Map(targets.map((target) => [target.autoscaler.id, target]));
    const byTarget = new Map<string, Resource[]>();
    for (const { autoscaler, target } of targets) {
      if (target === undefined) continue;
      const others = byTarget.get(target.id);
      if (others === undefined) byTarget.set(target.id, [autoscaler]);
      else others.push(autoscaler);
    }
    return {
      targets,
      targetOf: (autoscaler) => byAutoscaler.get(autoscaler.id),
      autoscalersOf: (resource) => byTarget.get(resource.id) ?? [],
    };
  },
};

/** By namespace, or no namespace, and kind: the resources by name. */
type Known = ReadonlyMap<string, ReadonlyMap<string, Resource>>;

function indexed(namespaces: readonly string[], list: (namespace: string) => readonly Resource[]): Known {
  const known = new Map<string, Map<string, Resource>>();
  for (const namespace of namespaces)
    for (const resource of list(namespace))
      for (const place of [namespace, '']) {
        const key = `${place}|${resource.groupKind}`;
        const names = known.get(key) ?? new Map<string, Resource>();
        if (!names.has(resource.name)) names.set(resource.name, resource);
        known.set(key, names);
      }
  return known;
}

function targetIn(known: Known, autoscaler: Resource): ScaleTarget {
  const { field, defaults } = REFERENCES.get(autoscaler.groupKind) ?? { field: '', defaults: [] };
  const reference = objectAt(autoscaler.object, 'spec', field);
  const apiVersion = stringAt(reference, 'apiVersion') ?? defaults[0] ?? '';
  const kind = stringAt(reference, 'kind') ?? defaults[1] ?? '';
  const name = stringAt(reference, 'name') ?? '';
  const groupKind = groupKindOf(groupOf(apiVersion), kind);
  const siblings = known.get(`${autoscaler.namespace}|${groupKind}`);
  return { autoscaler, groupKind, name, target: siblings?.get(name), hasSiblings: siblings !== undefined };
}
