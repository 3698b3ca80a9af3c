import { defineControl, mayBreak, removeField, workloads } from '@bulwark/core';
import { bypassesOf } from './mesh-injection.ts';

export const meshPortsSkipped = defineControl({
  id: 'mesh-ports-skipped',
  aliases: ['kyverno:prevent-linkerd-port-skipping'],
  title: "Pods must not lead traffic past the mesh's proxy",
  problem: "lead traffic past the mesh's proxy",
  message: 'The pods of {resource} lead traffic past their proxy by {setting}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Ports and addresses that skip the proxy are neither encrypted nor judged by the rules of the mesh, although the pod counts as part of it. An attacker in the pod can use the outbound ones to get around egress rules.',
  remediation:
    'Remove the annotation. For protocols where the server speaks first, declare the protocol of the port instead. Exempt the port that really cannot pass, and limit it with a NetworkPolicy.',
  references: [
    'https://istio.io/latest/docs/reference/config/annotations/',
    'https://linkerd.io/2/features/protocol-detection/',
  ],
  attack: ['T1557'],
  fix: removeField(
    mayBreak(
      'Traffic that the proxy cannot handle, such as protocols where the server speaks first, can fail.',
    ),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const { path, key } of bypassesOf(view)) yield view.atMetadata(path, { setting: key });
  },
});
