import { ANY_WORKLOAD, defineControl, kinds, objectAt, type WorldView } from '@bulwark/core';
import { whyNoLimits } from './judged-namespaces.ts';

const QUOTA = 'ResourceQuota';
/** Any of these bounds what the pods of a namespace take of it. */
const BOUNDS = {
  cpu: ['cpu', 'requests.cpu', 'limits.cpu'],
  memory: ['memory', 'requests.memory', 'limits.memory'],
} as const;

function unbounded(world: WorldView, namespace: string): readonly string[] {
  const hard = new Set(
    world
      .inNamespace(QUOTA, namespace)
      .flatMap(({ object }) => Object.keys(objectAt(object, 'spec', 'hard') ?? {})),
  );
  return Object.entries(BOUNDS)
    .filter(([, names]) => !names.some((name) => hard.has(name)))
    .map(([resource]) => resource);
}

export const resourceQuotaMissing = defineControl({
  id: 'resource-quota-missing',
  aliases: ['trivy:KSV-0040', 'kyverno:add-ns-quota'],
  title: 'Namespaces must have a quota for CPU and memory',
  problem: 'have no quota for CPU or memory',
  message: 'No ResourceQuota of {resource} bounds its {unbounded}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Without a quota one namespace can take the whole cluster: by a mistake, by a workload that scales without end, or by somebody who runs miners with a stolen credential.',
  remediation:
    'Add a ResourceQuota with requests.cpu, requests.memory and limits.memory. A LimitRange beside it gives requests and limits to pods that say nothing, which the quota would refuse. If the quotas are kept elsewhere, scan them together with the namespace.',
  references: ['https://kubernetes.io/docs/concepts/policy/resource-quotas/'],
  attack: ['T1496', 'T1499'],
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: [QUOTA, ANY_WORKLOAD],
  notApplicable: whyNoLimits,
  *evaluate({ resource, world, at }) {
    const missing = unbounded(world, resource.name);
    if (missing.length > 0) yield at('metadata.name', { unbounded: missing });
  },
});
