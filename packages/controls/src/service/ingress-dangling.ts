import { ingressBackends } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { ingressKinds, isAcmeSolver } from './ingress-fields.ts';

/** By this port a load balancer of AWS finds an action in an annotation, not a Service. */
const NO_SERVICE = 'use-annotation';

export const ingressDangling = defineControl({
  id: 'ingress-dangling',
  aliases: ['kubescape:C-0298', 'kube-linter:dangling-ingress', 'kube-score:ingress-targets-service'],
  title: 'An Ingress must lead to a Service that exists',
  problem: 'lead to a Service that does not exist',
  message: '{resource} leads to the Service {service}, which namespace {namespace} does not have.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Requests for the path fail, and whoever may create a Service of that name in the namespace receives them, with the cookies and the trust of the host.',
  remediation:
    'Correct the name, or remove the path. An Ingress cannot lead to another namespace. Where the Service comes from another repository, exempt the Ingress.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/'],
  attack: [],
  appliesTo: ingressKinds,
  looks: 'world',
  reads: [ingressBackends, 'Service'],
  notApplicable({ resource, world }) {
    if (isAcmeSolver(resource)) return 'Its Service is made for minutes.';
    return world.inNamespace('Service', resource.namespace).length === 0
      ? 'No Service of its namespace is known.'
      : undefined;
  },
  *evaluate({ resource, world, at }) {
    for (const { path, serviceName, port, service } of world.get(ingressBackends).backendsOf(resource))
      if (service === undefined && port !== NO_SERVICE && !hasPlaceholder(serviceName))
        yield at(path, { service: serviceName, namespace: resource.namespace });
  },
});
