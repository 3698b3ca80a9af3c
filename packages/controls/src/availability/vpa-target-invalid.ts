import { autoscalers, VERTICAL_AUTOSCALER } from '@bulwark/analyses';
import { defineControl, kinds, objectAt, safe } from '@bulwark/core';
import { targetFault, whyTargetUnknown } from './scale-targets.ts';

export const vpaTargetInvalid = defineControl({
  id: 'vpa-target-invalid',
  aliases: ['kyverno:verify-vpa-target'],
  title: 'Vertical autoscalers must name a workload that exists',
  problem: 'set the resources of nothing',
  message: '{resource} names {state}.',
  severity: 'info',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A VerticalPodAutoscaler without a target recommends and sets nothing, and says so only in its status. The pods that it was written for keep their first guess of CPU and memory.',
  remediation:
    'Correct apiVersion, kind or name in targetRef; the selector of its first beta is no longer read. If the target is kept elsewhere, add that file to the scan; where a namespace shows nothing of the kind, nothing is judged.',
  references: ['https://kubernetes.io/docs/concepts/workloads/autoscaling/'],
  attack: [],
  fix: {
    ...safe('The autoscaler finds no such kind as it is.'),
    edits: ({ path }) => (path.at(-1) === 'apiVersion' ? [{ op: 'set', path, value: 'apps/v1' }] : []),
  },
  appliesTo: kinds(VERTICAL_AUTOSCALER),
  looks: 'world',
  reads: [autoscalers],
  notApplicable: (view) => (hasOldSelector(view) ? undefined : whyTargetUnknown(view)),
  *evaluate(view) {
    if (hasOldSelector(view))
      yield view.at('spec.selector', { state: 'its pods by a selector, not by targetRef' });
    const fault = targetFault(view);
    if (!hasOldSelector(view) && fault !== undefined)
      yield view.at(['spec', 'targetRef', fault.field], { state: fault.state });
  },
});

function hasOldSelector({ resource: { object } }: { resource: { object: unknown } }): boolean {
  return (
    objectAt(object, 'spec', 'selector') !== undefined && objectAt(object, 'spec', 'targetRef') === undefined
  );
}
