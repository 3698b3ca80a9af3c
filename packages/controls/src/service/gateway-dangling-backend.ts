import { defineControl, type ObjectView } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { type RouteBackend, routeBackends, routeKinds } from './gateway-backends.ts';

/** Backends in namespaces of which Services are known. */
function judged(view: ObjectView): readonly RouteBackend[] {
  return routeBackends(view).filter(
    ({ namespace, name }) => view.world.inNamespace('Service', namespace).length > 0 && !hasPlaceholder(name),
  );
}

export const gatewayDanglingBackend = defineControl({
  id: 'gateway-dangling-backend',
  aliases: ['kubescape:C-0302'],
  title: 'A route must lead to a Service that exists',
  problem: 'lead to a Service that does not exist',
  message: '{resource} leads to the Service {service}, which namespace {namespace} does not have.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The gateway answers 500 for the path, and whoever may create a Service of that name in the namespace receives the requests, with the cookies and the trust of the host.',
  remediation:
    'Correct the name or the namespace of the backend, or remove it. Where the Service comes from another repository, exempt the route.',
  references: ['https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional'],
  attack: [],
  appliesTo: routeKinds,
  looks: 'world',
  reads: ['Service'],
  notApplicable: (view) =>
    judged(view).length === 0 ? 'No Service of the namespaces that it leads to is known.' : undefined,
  *evaluate(view) {
    for (const { path, name, namespace, service } of judged(view))
      if (service === undefined) yield view.at(path, { service: name, namespace });
  },
});
