import { serviceTwins } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';

export const serviceSelectorDuplicate = defineControl({
  id: 'service-selector-duplicate',
  aliases: [],
  title: 'Two Services must not lead to the same ports of the same pods',
  problem: 'lead to the same ports of the same pods as another Service',
  message: '{resource} has the type, the ports and the selector of the Service {other}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A second Service that differs in nothing but its name is mostly a copy whose selector nobody changed: its clients talk to the wrong workload. Otherwise it is a name that limits and removals forget.',
  remediation:
    'Correct the selector of the copy, or remove one of the two. Exempt a name that is kept for old clients.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
  attack: [],
  appliesTo: kinds('Service'),
  looks: 'world',
  reads: [serviceTwins],
  *evaluate({ resource, world, at }) {
    const twin = world.get(serviceTwins).twinOf(resource);
    if (twin !== undefined) yield at('spec.selector', { other: twin.name });
  },
});
