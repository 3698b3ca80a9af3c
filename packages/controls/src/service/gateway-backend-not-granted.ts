import { arrayAt, defineControl, type Json, type ObjectView, stringAt } from '@bulwark/core';
import { type RouteBackend, routeBackends, routeKinds } from './gateway-backends.ts';

const GRANT = 'gateway.networking.k8s.io/ReferenceGrant';

/** Backends of other namespaces that are known. */
function foreign(view: ObjectView): readonly RouteBackend[] {
  return routeBackends(view).filter(
    ({ namespace, service }) => namespace !== view.resource.namespace && service !== undefined,
  );
}

function isGranted({ resource, world }: ObjectView, { namespace, name }: RouteBackend): boolean {
  const isFrom = (entry: Json): boolean =>
    stringAt(entry, 'namespace') === resource.namespace &&
    stringAt(entry, 'kind') === resource.kind &&
    stringAt(entry, 'group') === resource.group;
  const isTo = (entry: Json): boolean =>
    stringAt(entry, 'kind') === 'Service' && (stringAt(entry, 'name') ?? name) === name;
  return world.inNamespace(GRANT, namespace).some(({ object }) => {
    const [from, to] = [arrayAt(object, 'spec', 'from') ?? [], arrayAt(object, 'spec', 'to') ?? []];
    return from.some(isFrom) && to.some(isTo);
  });
}

export const gatewayBackendNotGranted = defineControl({
  id: 'gateway-backend-not-granted',
  aliases: [],
  title: 'A route must lead to another namespace only where that grants it',
  problem: 'lead to another namespace that does not grant it',
  message:
    '{resource} leads to the Service {service} of namespace {namespace}, where no ReferenceGrant allows it.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A gateway ignores a backend of another namespace until a ReferenceGrant there allows it, so the path answers 500. One that does not ask would let a tenant publish the services of another.',
  remediation:
    "Let the owner of the Service's namespace add a ReferenceGrant for this kind of route, or move the route. Where grants live in another repository, exempt it.",
  references: ['https://gateway-api.sigs.k8s.io/api-types/referencegrant/'],
  attack: [],
  appliesTo: routeKinds,
  looks: 'world',
  reads: ['Service', GRANT],
  notApplicable: (view) =>
    foreign(view).length === 0 ? 'It leads to no known Service of another namespace.' : undefined,
  *evaluate(view) {
    for (const backend of foreign(view))
      if (!isGranted(view, backend))
        yield view.at(backend.path, { service: backend.name, namespace: backend.namespace });
  },
});
