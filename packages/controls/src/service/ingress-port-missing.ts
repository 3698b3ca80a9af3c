import { ingressBackends } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { ingressKinds } from './ingress-fields.ts';
import { hasPort } from './service-ports.ts';

export const ingressPortMissing = defineControl({
  id: 'ingress-port-missing',
  aliases: ['kube-linter:dangling-ingress', 'kube-score:ingress-targets-service'],
  title: 'An Ingress must lead to a port that its Service has',
  problem: 'lead to a port that their Service does not have',
  message: '{resource} leads to port {port} of the Service {service}, which has no such port.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "Requests for the path fail. Mostly the number is that of the container, which an Ingress does not know: it names the Service's own port.",
  remediation: "Write the number or the name of one of the Service's ports.",
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/'],
  attack: [],
  appliesTo: ingressKinds,
  looks: 'world',
  reads: [ingressBackends],
  notApplicable: ({ resource, world }) =>
    world
      .get(ingressBackends)
      .backendsOf(resource)
      .every(({ service }) => service === undefined)
      ? 'No Service that it leads to is known.'
      : undefined,
  *evaluate({ resource, world, at }) {
    for (const { path, serviceName, port, service } of world.get(ingressBackends).backendsOf(resource))
      if (
        service !== undefined &&
        port !== undefined &&
        !hasPlaceholder(String(port)) &&
        !hasPort(service, port)
      )
        yield at(path, { port, service: serviceName });
  },
});
