import { defineControl, stringAt, workloads } from '@bulwark/core';
import { whyNoSandbox } from './agent-sandboxes.ts';

export const agentSandboxRuntimeClass = defineControl({
  id: 'agent-sandbox-runtime-class',
  aliases: ['agent-sandbox-policy', 'kubescape:C-0297'],
  title: 'Sandboxes of agents must have a runtime class that isolates them',
  problem: "run an agent's code with the ordinary runtime",
  message: '{resource} names no runtimeClassName, so its code shares the kernel of the node.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A sandbox runs code that a model wrote or that somebody talked it into. The sandbox controller only manages the pod: without a runtime such as gVisor or Kata Containers, that code calls the kernel of the node directly, and a flaw there leads to everything on the node.',
  remediation:
    'Install a runtime that isolates on nodes for sandboxes, and name its RuntimeClass in runtimeClassName of the pod template.',
  references: [
    'https://agent-sandbox.sigs.k8s.io/docs/',
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
  ],
  attack: ['T1611'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoSandbox,
  *evaluate({ spec, at }) {
    if ((stringAt(spec, 'runtimeClassName') ?? '') === '') yield at('runtimeClassName');
  },
});
