import { defineControl } from '@bulwark/core';
import { routeBackends, routeKinds } from './gateway-backends.ts';
import { hasPort } from './service-ports.ts';

export const gatewayBackendPortMissing = defineControl({
  id: 'gateway-backend-port-missing',
  aliases: ['kubescape:C-0302'],
  title: 'A route must lead to a port that its Service has',
  problem: 'lead to a port that their Service does not have',
  message: '{resource} leads to port {port} of the Service {service}, which has no such port.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "The gateway answers 500 for the path. Mostly the number is that of the container, which a route does not know: it names the Service's own port.",
  remediation: "Write the number of one of the Service's ports.",
  references: ['https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional'],
  attack: [],
  appliesTo: routeKinds,
  looks: 'world',
  reads: ['Service'],
  notApplicable: (view) =>
    routeBackends(view).every(({ service }) => service === undefined)
      ? 'No Service that it leads to is known.'
      : undefined,
  *evaluate(view) {
    for (const { path, name, port, service } of routeBackends(view))
      if (service !== undefined && port !== undefined && !hasPort(service, port))
        yield view.at(path, { port, service: name });
  },
});
