import { limitRangeDefaults } from '@bulwark/analyses';
import { ANY_WORKLOAD, defineControl, kinds } from '@bulwark/core';
import { whyNoLimits } from './judged-namespaces.ts';

export const limitRangeMissing = defineControl({
  id: 'limit-range-missing',
  aliases: ['trivy:KSV-0039', 'kyverno:add-ns-quota'],
  title: 'Namespaces must have a LimitRange with defaults for containers',
  problem: 'give no default memory limit to containers that say nothing',
  message: 'No LimitRange of {resource} gives containers a default memory limit.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Somebody always forgets the limits of one container, a debug pod or a job. Without a default it can take the memory of its node, and what runs beside it is killed.',
  remediation:
    'Add a LimitRange with an item of type Container whose default and defaultRequest name memory. Where every container has limits of its own, nothing changes. If the LimitRanges are kept elsewhere, scan them together with the namespace.',
  references: ['https://kubernetes.io/docs/concepts/policy/limit-range/'],
  attack: ['T1499'],
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: [limitRangeDefaults, ANY_WORKLOAD],
  notApplicable: whyNoLimits,
  *evaluate({ resource, world, at }) {
    if (!world.get(limitRangeDefaults).of(resource.name).limits.has('memory')) yield at('metadata.name');
  },
});
