import { defineControl, isControlled, workloads } from '@bulwark/core';
import { runsToCompletion, whyNotOperated } from '../resources/judged-pods.ts';
import { isPartial } from './replica-count.ts';

export const podNaked = defineControl({
  id: 'pod-naked',
  aliases: ['kubescape:C-0073', 'kyverno:prevent-bare-pods'],
  title: 'Pods must belong to a controller',
  problem: 'belong to no controller',
  message: '{resource} belongs to no controller.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Nothing makes a bare pod again when its node fails or is drained, and nothing updates it: it runs its old image until somebody remembers it. Bare pods are also what an intruder with the right to create pods leaves behind.',
  remediation:
    'Make it a Deployment, StatefulSet, DaemonSet or Job. Static pods, which the kubelet reads from files, must be bare: exempt their manifests.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/#working-with-pods'],
  attack: ['T1610'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable(view) {
    if (view.resource.groupKind !== 'Pod') return 'It is a controller itself.';
    if (isPartial(view.resource)) return 'Its containers have no images, so it is a part of a manifest.';
    return runsToCompletion(view) ? 'The pod runs to completion.' : whyNotOperated(view);
  },
  *evaluate({ resource }) {
    if (!isControlled(resource)) yield { path: ['metadata', 'ownerReferences'], facts: {} };
  },
});
