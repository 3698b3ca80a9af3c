import { limitRangeDefaults } from '@bulwark/analyses';
import { compareQuantity, containers, defineControl, get, mayBreak, valueAt } from '@bulwark/core';
import { requestPath, resourcesAtRun, whyNoResources } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

export const memoryRequestsEqualLimits = defineControl({
  id: 'memory-requests-equal-limits',
  aliases: ['kube-score:container-resource-requests-equal-limits', 'kyverno:memory-requests-equal-limits'],
  title: 'Containers must request as much memory as their limit allows',
  problem: 'request less memory than their limit allows',
  message: 'In {resource}, the container {container} requests less memory than its limit allows.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'What lies between the request and the limit is memory that the node may not have. A container that has reserved all it may use is not killed because others took too much, and with equal CPU amounts its pod is Guaranteed, the last to be evicted.',
  remediation:
    'Set requests.memory to the value of limits.memory, or leave the request out where the limit is written: then it is the request too.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/'],
  attack: [],
  fix: {
    ...mayBreak('The pod reserves more, so a full node or a ResourceQuota may have no room for it.'),
    edits: ({ path }, { object }) => {
      const value = get(valueAt(object, path.slice(0, -2)), 'limits', 'memory');
      // The limit may be the namespace's default, which is not the object's to repeat.
      return value === undefined || value === null ? [] : [{ op: 'set', path, value }];
    },
  },
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: (view) => {
    const reason = whyNoResources(view) ?? whyNotOperated(view);
    if (reason !== undefined) return reason;
    return resourcesAtRun(view).limits.has('memory') ? undefined : 'The container has no memory limit.';
  },
  *evaluate(view) {
    const { limits, requests } = resourcesAtRun(view);
    const limit = limits.get('memory');
    const request = requests.get('memory');
    if (limit === undefined || (request && compareQuantity(request.amount, limit.amount) >= 0)) return;
    yield view.at(requestPath(view, 'memory'));
  },
});
