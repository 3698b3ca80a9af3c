import {
  arrayAt,
  defineControl,
  get,
  isObject,
  type Json,
  type JsonObject,
  kinds,
  objectAt,
  type Path,
  type Resource,
  stringAt,
} from '@bulwark/core';

const ISTIO = 'networking.istio.io/Gateway';

/** A port that a gateway opens. */
interface Listener {
  readonly path: Path;
  readonly protocol: string;
  /** Empty for every host. */
  readonly hosts: readonly string[];
  readonly redirects: boolean;
}

const TLS = new Set(['HTTPS', 'TLS']);
const PLAIN = new Set(['HTTP', 'HTTP2', 'GRPC']);
/** Classes whose gateways are inside: of a mesh, or of a private network. */
const INSIDE = /waypoint|mesh|rilb|internal|private/;

function listenersOf(resource: Resource): readonly Listener[] {
  const isIstio = resource.groupKind === ISTIO;
  const field = isIstio ? 'servers' : 'listeners';
  return (arrayAt(resource.object, 'spec', field) ?? []).flatMap((entry, index): Listener[] => {
    if (!isObject(entry)) return [];
    return [{ path: ['spec', field, index], ...(isIstio ? ofServer(entry) : ofListener(entry)) }];
  });
}

function ofServer(server: JsonObject): Omit<Listener, 'path'> {
  const hosts = (arrayAt(server, 'hosts') ?? []).filter((host) => typeof host === 'string');
  return {
    protocol: stringAt(server, 'port', 'protocol') ?? '',
    // A host may stand behind a namespace; `*` alone is every host.
    hosts: hosts.map((host) => host.slice(host.indexOf('/') + 1)).filter((host) => host !== '*'),
    redirects: get(server, 'tls', 'httpsRedirect') === true,
  };
}

function ofListener(listener: JsonObject): Omit<Listener, 'path'> {
  const host = stringAt(listener, 'hostname') ?? '';
  return {
    protocol: stringAt(listener, 'protocol') ?? '',
    hosts: host === '' ? [] : [host],
    redirects: false,
  };
}

function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}

/** Whether one of the TLS listeners is for a host of a plain one, so that this may be there to redirect. */
function hasTlsFor({ hosts }: Listener, listeners: readonly Listener[]): boolean {
  return listeners.some(
    (other) =>
      TLS.has(other.protocol) &&
      (hosts.length === 0 ||
        other.hosts.length === 0 ||
        hosts.some((host) => other.hosts.some((name) => covers(name, host) || covers(host, name)))),
  );
}

function isInside({ object, groupKind }: Resource): boolean {
  if (groupKind !== ISTIO) return INSIDE.test(stringAt(object, 'spec', 'gatewayClassName') ?? '');
  const selector: JsonObject = objectAt(object, 'spec', 'selector') ?? {};
  return Object.values(selector).some(
    (value: Json | undefined) => typeof value === 'string' && value.includes('egress'),
  );
}

export const gatewayListenerInsecure = defineControl({
  id: 'gateway-listener-insecure',
  aliases: [],
  title: 'A Gateway that speaks HTTP must offer TLS for the same hosts',
  problem: 'have listeners for HTTP whose hosts have no TLS',
  message: '{resource} listens for HTTP, and has no listener with TLS for the same hosts.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Passwords, tokens and session cookies cross the network in plain text. Whoever is on the path reads them, and changes what users get to see.',
  remediation:
    'Add a listener with protocol HTTPS and a certificate, and let the one for HTTP only redirect: by a RequestRedirect filter of its route, or httpsRedirect with Istio. Where TLS ends in front of the gateway, exempt it.',
  references: [
    'https://gateway-api.sigs.k8s.io/guides/tls/',
    'https://istio.io/latest/docs/reference/config/networking/gateway/',
  ],
  attack: ['T1557', 'T1040'],
  appliesTo: kinds('gateway.networking.k8s.io/Gateway', ISTIO),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    isInside(resource) ? 'Its class or selector says that it is a gateway inside.' : undefined,
  *evaluate({ resource, at }) {
    const listeners = listenersOf(resource);
    for (const listener of listeners)
      if (PLAIN.has(listener.protocol) && !listener.redirects && !hasTlsFor(listener, listeners))
        yield at(listener.path);
  },
});
