import { defineControl, stringAt, textsParam, workloads } from '@bulwark/core';

export const runtimeClassRequired = defineControl({
  id: 'runtime-class-required',
  aliases: ['kubescape:C-0297'],
  title: 'Pods must run in one of the runtime classes that the team allows',
  problem: 'run outside of the runtime classes that the team allows',
  message: '{resource} {state}; allowed are {allowed}.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'A sandboxed runtime, such as gVisor or Kata Containers, puts a kernel of its own between the container and the node. Code that nobody vouches for belongs in one, and a pod without the runtime class runs on the kernel of the node.',
  remediation:
    'Set runtimeClassName on the pod to one of the allowed runtime classes. The node needs the runtime that it names.',
  references: ['https://kubernetes.io/docs/concepts/containers/runtime-class/'],
  attack: ['T1611'],
  params: {
    runtimeClasses: textsParam('The names of the runtime classes that pods may use.', { minimum: 1 }),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, params, at }) {
    const name = stringAt(spec, 'runtimeClassName') ?? '';
    if (params.runtimeClasses.includes(name)) return;
    const state = name === '' ? 'has no runtime class' : `has the runtime class ${name}`;
    yield at('runtimeClassName', { state, allowed: params.runtimeClasses });
  },
});
