import { defineControl, mayBreak, removeField, workloads } from '@bulwark/core';

export const shareProcessNamespace = defineControl({
  id: 'share-process-namespace',
  aliases: [],
  title: 'Containers of a pod must not share their processes',
  problem: "let the containers of a pod see one another's processes",
  message: 'The containers of {resource} share their processes.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "With shareProcessNamespace every container sees the processes of the others, can signal those of the same user, and reads their environment and their files through /proc. An attacker in the weakest sidecar then has the application's secrets.",
  remediation:
    'Remove shareProcessNamespace. To debug, attach an ephemeral container with a target container; to signal a process, let it watch a file in a shared volume or listen on localhost.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/'],
  attack: ['T1057'],
  fix: removeField(
    mayBreak('A container that signals or inspects processes of another no longer finds them.'),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, workload, at }) {
    if (spec['shareProcessNamespace'] !== true) return;
    // An init container has ended before the others start.
    const together = workload.containers.filter(({ type }) => type === 'regular' || type === 'sidecar');
    if (together.length > 1) yield at('shareProcessNamespace');
  },
});
