import { autoscalers, HORIZONTAL_AUTOSCALER, SCALED_OBJECT, VERTICAL_AUTOSCALER } from '@bulwark/analyses';
import { defineControl, isControlled, kinds, type Resource, type WorldView } from '@bulwark/core';

/** Another autoscaler that sets the same field of the same workload; a second copy of the same one is none. */
function rivalOf(resource: Resource, world: WorldView): Resource | undefined {
  const scalers = world.get(autoscalers);
  const target = scalers.targetOf(resource)?.target;
  if (target === undefined) return undefined;
  const isVertical = resource.groupKind === VERTICAL_AUTOSCALER;
  return scalers
    .autoscalersOf(target)
    .find(
      (other) =>
        other.key !== resource.key &&
        (other.groupKind === VERTICAL_AUTOSCALER) === isVertical &&
        other.namespace === resource.namespace &&
        !isControlled(other),
    );
}

export const autoscalerDuplicate = defineControl({
  id: 'autoscaler-duplicate',
  aliases: ['kyverno:prevent-duplicate-hpa', 'kyverno:prevent-duplicate-vpa'],
  title: 'Workloads must not have two autoscalers for the same thing',
  problem: 'scale what another autoscaler scales',
  message: '{resource} and {other} both scale {target}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Two autoscalers that set the same field each undo what the other did, and pods come and go without end; newer releases notice and let neither of them act.',
  remediation:
    'Keep one autoscaler and give it the metrics of both. Where the two belong to different environments, give them their namespaces in the manifest.',
  references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  attack: [],
  appliesTo: kinds(HORIZONTAL_AUTOSCALER, SCALED_OBJECT, VERTICAL_AUTOSCALER),
  looks: 'world',
  reads: [autoscalers],
  notApplicable: ({ resource, world }) => {
    if (isControlled(resource)) return 'Its owner decides about it.';
    const isKnown = world.get(autoscalers).targetOf(resource)?.target !== undefined;
    return isKnown ? undefined : 'What it scales is not in view.';
  },
  *evaluate({ resource, world, at }) {
    const rival = rivalOf(resource, world);
    const target = world.get(autoscalers).targetOf(resource)?.target;
    if (rival === undefined || target === undefined) return;
    const field = resource.groupKind === VERTICAL_AUTOSCALER ? 'targetRef' : 'scaleTargetRef';
    yield at(['spec', field], {
      other: `${rival.kind}/${rival.name}`,
      target: `${target.kind}/${target.name}`,
    });
  },
});
