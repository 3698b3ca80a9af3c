import { limitRangeDefaults, quotaDemands, verticalAutoscalers } from '@bulwark/analyses';
import { type ContainerView, containers, defineControl, objectAt } from '@bulwark/core';
import {
  limitPath,
  POD_LEVEL_RESOURCES,
  requestPath,
  resourcesAtRun,
  whyNoResources,
} from './container-resources.ts';

/** Whether the API server counts the amounts of the pod, and asks nothing of its containers. */
function countsAsWhole({ kubernetes, spec }: ContainerView): boolean {
  if (kubernetes.minor < POD_LEVEL_RESOURCES) return false;
  return ['limits', 'requests'].some(
    (field) => Object.keys(objectAt(spec, 'resources', field) ?? {}).length > 0,
  );
}

export const quotaAmountMissing = defineControl({
  id: 'quota-amount-missing',
  aliases: [],
  title: 'Containers must state the amounts that a ResourceQuota counts',
  problem: 'do not state what the quota of their namespace counts',
  message:
    'In {resource}, the container {container} has no {name} {field}, which the ResourceQuota {quota} demands.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'In a namespace whose quota counts CPU or memory, the API server refuses every pod with a container that does not state it. A Deployment or Job with it is accepted, and no pod of it ever comes to be.',
  remediation:
    'Set the amount on the container, or give the namespace a default with a LimitRange. A LimitRange that is not among the files that were read cannot be seen here.',
  references: ['https://kubernetes.io/docs/concepts/policy/resource-quotas/'],
  attack: [],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults, quotaDemands, verticalAutoscalers],
  notApplicable(view) {
    const reason = whyNoResources(view);
    if (reason !== undefined) return reason;
    if (view.resource.group === 'tekton.dev') return 'Tekton sets amounts of its own.';
    const demands = view.world.get(quotaDemands).of(view.resource.namespace);
    return demands.length === 0 ? 'No quota that counts CPU or memory is known here.' : undefined;
  },
  *evaluate(view) {
    if (countsAsWhole(view)) return;
    const { resource, container, world } = view;
    const stated = resourcesAtRun(view);
    const written = world.get(verticalAutoscalers).requestedFor(resource, container.name);
    for (const { field, name, quota } of world.get(quotaDemands).of(resource.namespace)) {
      if (stated[field].has(name) || (field === 'requests' && written.includes(name))) continue;
      const path = field === 'limits' ? limitPath(view, name) : requestPath(view, name);
      yield view.at(path, { field: field === 'limits' ? 'limit' : 'request', name, quota });
    }
  },
});
