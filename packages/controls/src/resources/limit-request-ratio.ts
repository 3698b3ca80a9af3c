import { limitRangeDefaults } from '@bulwark/analyses';
import { containers, defineControl, numberParam, quantityToNumber, textsParam } from '@bulwark/core';
import { requestPath, resourcesAtRun, whyNoResources } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

export const limitRequestRatio = defineControl({
  id: 'limit-request-ratio',
  aliases: [],
  title: 'Limits must not exceed requests by far',
  problem: 'have limits far above their requests',
  message: 'In {resource}, the {name} limit of the container {container} is {ratio} times its request.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The scheduler counts requests only. Where limits are many times as high, the containers of a node together may take far more than it has, and when they do the kernel kills some of them.',
  remediation:
    'Raise the request to what the container really needs, or lower the limit. CPU is not judged by default, because a busy CPU is shared and nothing is killed.',
  references: ['https://kubernetes.io/docs/concepts/policy/limit-range/'],
  attack: [],
  refines: ['memory-requests-equal-limits'],
  params: {
    maximum: numberParam('How many times its request a limit may be.', { default: 4, minimum: 1 }),
    resources: textsParam('The resources that are judged, such as memory and cpu.', { default: ['memory'] }),
  },
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: (view) => whyNoResources(view) ?? whyNotOperated(view),
  *evaluate(view) {
    const { limits, requests } = resourcesAtRun(view);
    for (const name of view.params.resources) {
      const limit = limits.get(name);
      const request = requests.get(name);
      if (limit === undefined || request === undefined || request.amount.nano <= 0n) continue;
      const ratio = quantityToNumber(limit.amount) / quantityToNumber(request.amount);
      if (ratio > view.params.maximum)
        yield view.at(requestPath(view, name), { name, ratio: Math.round(ratio * 10) / 10 });
    }
  },
});
