import { limitRangeDefaults } from '@bulwark/analyses';
import { amountsParam, compareQuantity, containers, defineControl, parseQuantity } from '@bulwark/core';
import { limitPath, requestPath, resourcesAtRun, whyNoResources } from './container-resources.ts';

export const resourceAboveMaximum = defineControl({
  id: 'resource-above-maximum',
  aliases: ['kubescape:C-0004', 'kubescape:C-0050'],
  title: 'Containers must stay below the maximum of their team',
  problem: 'have a limit or request above the maximum',
  message:
    'In {resource}, the {name} {field} of the container {container} is above the maximum of {maximum}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'A typing error such as 16Gi for 16Mi, or a hijacked workload that grows, takes the place of many others and costs money. Only a team knows what is too much.',
  remediation:
    'Lower the amount, or exempt the workload with a reason. A LimitRange makes the API server enforce a maximum.',
  references: ['https://kubernetes.io/docs/concepts/policy/limit-range/'],
  attack: ['T1496'],
  params: {
    maximum: amountsParam('The most that a container may have, by resource: {"cpu": "4", "memory": "8Gi"}.'),
  },
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: whyNoResources,
  *evaluate(view) {
    const { maximum } = view.params;
    const { limits, requests } = resourcesAtRun(view);
    for (const [name, amount] of Object.entries(maximum)) {
      const most = parseQuantity(amount);
      if (!most.ok) throw new Error(`the maximum of ${name} is no quantity: ${most.error.message}`);
      const [limit, request] = [limits.get(name), requests.get(name)];
      const isAbove = (found: typeof limit) => found && compareQuantity(found.amount, most.value) > 0;
      const facts = { name, maximum: amount };
      if (isAbove(limit)) yield view.at(limitPath(view, name), { ...facts, field: 'limit' });
      else if (isAbove(request)) yield view.at(requestPath(view, name), { ...facts, field: 'request' });
    }
  },
});
