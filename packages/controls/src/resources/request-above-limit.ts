import { limitRangeDefaults } from '@bulwark/analyses';
import { compareQuantity, containers, defineControl, mayBreak, removeField } from '@bulwark/core';
import { requestPath, resourcesAtRun, whyNoResources } from './container-resources.ts';

export const requestAboveLimit = defineControl({
  id: 'request-above-limit',
  aliases: [],
  title: 'Requests must not be above limits',
  problem: 'request more than their limit allows',
  message: 'In {resource}, the container {container} requests more {name} than {limit} allows.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses such a pod. Where the limit is the default of a LimitRange, nothing of it shows in the manifest: the Deployment is accepted, and its pods never come to be.',
  remediation:
    'Lower the request or raise the limit. Where the limit is a default, write one on the container.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
  attack: [],
  fix: removeField(mayBreak('The limit becomes the request, which may be less than the container needs.')),
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: whyNoResources,
  *evaluate(view) {
    const { limits, requests } = resourcesAtRun(view);
    for (const [name, request] of requests) {
      const limit = limits.get(name);
      if (limit === undefined || compareQuantity(request.amount, limit.amount) <= 0) continue;
      // Nothing of the object is wrong where both are defaults.
      if (request.source !== 'container') continue;
      const from = limit.source === 'container' ? 'its limit' : 'the default limit of the namespace';
      yield view.at(requestPath(view, name), { name, limit: from });
    }
  },
});
