import { autoscalers, HORIZONTAL_AUTOSCALER } from '@bulwark/analyses';
import { defineControl, kinds, safe } from '@bulwark/core';
import { targetFault, whyTargetUnknown } from './scale-targets.ts';

export const hpaTargetMissing = defineControl({
  id: 'hpa-target-missing',
  aliases: [
    'kubescape:C-0300',
    'kube-linter:dangling-horizontalpodautoscaler',
    'kube-score:horizontalpodautoscaler-has-target',
  ],
  title: 'Autoscalers must scale something that exists',
  problem: 'scale nothing',
  message: '{resource} scales {state}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An autoscaler that finds no target does nothing and says so only in its status. The workload that it was written for stays at its own number of pods, whatever the load.',
  remediation:
    'Correct apiVersion, kind or name in scaleTargetRef. If the target is kept elsewhere, add that file to the scan; where a namespace shows nothing of the kind, nothing is judged.',
  references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  attack: [],
  fix: {
    ...safe('The autoscaler finds no such kind as it is.'),
    edits: ({ path }) => (path.at(-1) === 'apiVersion' ? [{ op: 'set', path, value: 'apps/v1' }] : []),
  },
  appliesTo: kinds(HORIZONTAL_AUTOSCALER),
  looks: 'world',
  reads: [autoscalers],
  notApplicable: whyTargetUnknown,
  *evaluate(view) {
    const fault = targetFault(view);
    if (fault !== undefined) yield view.at(['spec', 'scaleTargetRef', fault.field], { state: fault.state });
  },
});
