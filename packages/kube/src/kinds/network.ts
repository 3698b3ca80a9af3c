import { kindsOfGroup, type WatchedKind } from './watched-kind.ts';

const CALICO = [
  ['NetworkPolicy', 'networkpolicies', 'namespaced', 'Which connections of pods are allowed or refused.'],
  [
    'GlobalNetworkPolicy',
    'globalnetworkpolicies',
    'cluster',
    'Which connections are allowed or refused everywhere.',
  ],
  ['NetworkSet', 'networksets', 'namespaced', 'Addresses that policies name.'],
  ['GlobalNetworkSet', 'globalnetworksets', 'cluster', 'Addresses that policies name.'],
  ['HostEndpoint', 'hostendpoints', 'cluster', 'Interfaces of nodes that policies protect.'],
  ['Tier', 'tiers', 'cluster', 'The order of policies.'],
  [
    'FelixConfiguration',
    'felixconfigurations',
    'cluster',
    'What happens to traffic without a policy; encryption.',
  ],
  ['IPPool', 'ippools', 'cluster', 'The addresses of pods.'],
] as const;

/** Kinds of the network: routes into the cluster, and policies beyond those of Kubernetes. */
export const NETWORK_KINDS: readonly WatchedKind[] = [
  ...kindsOfGroup('Gateway API', 'gateway.networking.k8s.io', [
    ['GatewayClass', 'gatewayclasses', 'cluster', 'Which controller serves a Gateway.'],
    [
      'Gateway',
      'gateways',
      'namespaced',
      'What is reachable from outside, and which namespaces may attach to it.',
    ],
    ['ListenerSet', 'listenersets', 'namespaced', 'Further listeners of a Gateway.'],
    ['HTTPRoute', 'httproutes', 'namespaced', 'Which service lies behind a Gateway.'],
    ['GRPCRoute', 'grpcroutes', 'namespaced', 'Which service lies behind a Gateway.'],
    ['TLSRoute', 'tlsroutes', 'namespaced', 'Which service lies behind a Gateway.'],
    ['TCPRoute', 'tcproutes', 'namespaced', 'Which service lies behind a Gateway.'],
    ['UDPRoute', 'udproutes', 'namespaced', 'Which service lies behind a Gateway.'],
    ['ReferenceGrant', 'referencegrants', 'namespaced', 'Which namespaces may refer to objects of this one.'],
    [
      'BackendTLSPolicy',
      'backendtlspolicies',
      'namespaced',
      'Whether a Gateway checks the service behind it.',
    ],
  ]),
  ...kindsOfGroup('Network Policy API', 'policy.networking.k8s.io', [
    [
      'ClusterNetworkPolicy',
      'clusternetworkpolicies',
      'cluster',
      'Connections that are allowed or refused everywhere.',
    ],
    [
      'AdminNetworkPolicy',
      'adminnetworkpolicies',
      'cluster',
      'Connections that are allowed or refused everywhere.',
    ],
    [
      'BaselineAdminNetworkPolicy',
      'baselineadminnetworkpolicies',
      'cluster',
      'What applies where no policy does.',
    ],
  ]),
  ...kindsOfGroup('Cilium', 'cilium.io', [
    [
      'CiliumNetworkPolicy',
      'ciliumnetworkpolicies',
      'namespaced',
      'Which connections of pods are allowed or refused.',
    ],
    [
      'CiliumClusterwideNetworkPolicy',
      'ciliumclusterwidenetworkpolicies',
      'cluster',
      'Which connections are allowed or refused everywhere.',
    ],
    ['CiliumCIDRGroup', 'ciliumcidrgroups', 'cluster', 'Addresses that policies name.'],
    ['CiliumEgressGatewayPolicy', 'ciliumegressgatewaypolicies', 'cluster', 'By which node traffic leaves.'],
    [
      'CiliumLocalRedirectPolicy',
      'ciliumlocalredirectpolicies',
      'namespaced',
      'Where traffic is sent instead.',
    ],
    ['CiliumEnvoyConfig', 'ciliumenvoyconfigs', 'namespaced', 'What a proxy does with traffic.'],
    [
      'CiliumClusterwideEnvoyConfig',
      'ciliumclusterwideenvoyconfigs',
      'cluster',
      'What a proxy does with traffic.',
    ],
  ]),
  ...kindsOfGroup('Calico', 'projectcalico.org', CALICO),
  ...kindsOfGroup('Calico', 'crd.projectcalico.org', CALICO),
  ...kindsOfGroup('Istio', 'security.istio.io', [
    ['AuthorizationPolicy', 'authorizationpolicies', 'namespaced', 'Which requests are allowed or refused.'],
    ['PeerAuthentication', 'peerauthentications', 'namespaced', 'Whether pods talk over mutual TLS.'],
    ['RequestAuthentication', 'requestauthentications', 'namespaced', 'Which tokens of callers are checked.'],
  ]),
  ...kindsOfGroup('Istio', 'networking.istio.io', [
    ['Gateway', 'gateways', 'namespaced', 'What is reachable from outside.'],
    ['VirtualService', 'virtualservices', 'namespaced', 'Which service lies behind a Gateway.'],
    ['DestinationRule', 'destinationrules', 'namespaced', 'Whether traffic to a service is encrypted.'],
    ['ServiceEntry', 'serviceentries', 'namespaced', 'Which services outside belong to the mesh.'],
    ['Sidecar', 'sidecars', 'namespaced', 'What a workload may reach.'],
    ['WorkloadEntry', 'workloadentries', 'namespaced', 'Which machines outside belong to the mesh.'],
    ['EnvoyFilter', 'envoyfilters', 'namespaced', 'Changes of proxies that pass by every other rule.'],
  ]),
  ...kindsOfGroup('Istio', 'extensions.istio.io', [
    ['WasmPlugin', 'wasmplugins', 'namespaced', 'Code that proxies load from a registry.'],
  ]),
  ...kindsOfGroup('Linkerd', 'policy.linkerd.io', [
    ['Server', 'servers', 'namespaced', 'Ports whose callers are authorised.'],
    ['ServerAuthorization', 'serverauthorizations', 'namespaced', 'Who may call a port.'],
    ['AuthorizationPolicy', 'authorizationpolicies', 'namespaced', 'Who may call what.'],
    ['MeshTLSAuthentication', 'meshtlsauthentications', 'namespaced', 'Identities that policies name.'],
    ['NetworkAuthentication', 'networkauthentications', 'namespaced', 'Networks that policies name.'],
  ]),
];
