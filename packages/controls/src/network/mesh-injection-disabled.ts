import { defineControl, mayBreak, removeField, workloads } from '@bulwark/core';
import { optOutsOf } from './mesh-injection.ts';

/** Pods that must end were kept out of meshes for as long as a sidecar kept them running. */
const ENDING = new Set(['batch/Job', 'batch/CronJob']);

export const meshInjectionDisabled = defineControl({
  id: 'mesh-injection-disabled',
  aliases: ['kyverno:prevent-disabling-injection-pods', 'kyverno:prevent-linkerd-pod-injection-override'],
  title: 'Pods must not opt out of the service mesh',
  problem: 'opt out of the service mesh',
  message: 'The pods of {resource} stay out of the mesh by {setting}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Without the proxy a pod speaks plain text and no rule of the mesh holds for it. It also forces its partners to accept callers without an identity.',
  remediation: 'Remove the label or annotation. Exempt what cannot run with a proxy, and say why.',
  references: [
    'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/',
    'https://linkerd.io/2/features/proxy-injection/',
  ],
  attack: ['T1557'],
  fix: removeField(
    mayBreak('A proxy is added to the pods; protocols where the server speaks first can hang behind it.'),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable({ resource, spec }) {
    if (ENDING.has(resource.groupKind)) return 'Its pods end.';
    return spec['hostNetwork'] === true ? "A pod in the host's network gets no proxy." : undefined;
  },
  *evaluate(view) {
    for (const { path, key } of optOutsOf(view)) yield view.atMetadata(path, { setting: key });
  },
});
