import {
  type Container,
  defineControl,
  integerParam,
  objectAt,
  parseQuantity,
  quantityToNumber,
  stringAt,
  textsParam,
  type WorkloadView,
  workloads,
} from '@bulwark/core';

/** Names of accelerators among extended resources, such as nvidia.com/gpu, gpu.intel.com/i915 and google.com/tpu. */
const ACCELERATOR = /(^|[./-])(gpu|mig|i915|xe|gaudi|tpu|neuron|neuroncore|neurondevice)([./-]|$)/;

/** How many accelerators a container asks for. */
function accelerators({ spec }: Container): number {
  let sum = 0;
  for (const [name, amount] of Object.entries(objectAt(spec, 'resources', 'limits') ?? {})) {
    const parsed = parseQuantity(amount);
    if (parsed.ok && name.includes('/') && ACCELERATOR.test(name)) sum += quantityToNumber(parsed.value);
  }
  return sum;
}

function hasAccelerators({ workload }: WorkloadView): boolean {
  return workload.containers.some((container) => accelerators(container) > 0);
}

export const gpuWorkloadPolicy = defineControl({
  id: 'gpu-workload-policy',
  aliases: [],
  title: 'Pods with accelerators must keep to the runtime classes and numbers that are agreed',
  problem: 'use accelerators in a way that is not agreed',
  message: '{resource} {state}.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Accelerators are the dearest part of a cluster and the first thing that a stolen credential is used for. Their drivers are large programs of the kernel, so teams often agree on a runtime that keeps pods away from them, and on how many one container may take.',
  remediation:
    'Name one of the agreed runtime classes in runtimeClassName, and ask for no more accelerators than agreed, or change the agreement in the configuration.',
  references: ['https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/'],
  attack: ['T1496'],
  params: {
    runtimeClasses: textsParam('The runtime classes that pods with accelerators may have.', { minimum: 1 }),
    maximum: integerParam('How many accelerators one container may ask for.', { default: 8, minimum: 1 }),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: (view) => (hasAccelerators(view) ? undefined : 'No container asks for an accelerator.'),
  *evaluate({ workload, spec, params, at }) {
    const runtimeClass = stringAt(spec, 'runtimeClassName') ?? '';
    if (!params.runtimeClasses.includes(runtimeClass))
      yield at('runtimeClassName', {
        state: runtimeClass === '' ? 'names no runtime class' : 'names a runtime class that is not agreed',
      });
    for (const container of workload.containers)
      if (accelerators(container) > params.maximum)
        yield {
          path: [...container.path, 'resources', 'limits'],
          facts: { state: `asks for more than ${params.maximum} accelerators in ${container.name}` },
        };
  },
});
