import type { JsonObject } from '@bulwark/core';
import { halves } from '../app/pod-template.ts';

/** What the internet reaches. */
interface IngressSpec {
  /** `namespace/name`. */
  readonly ingress: string;
  readonly host: string;
  readonly path?: string;
  /** A Service of the namespace, by its port 80. */
  readonly service: string;
  readonly tls?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const NGINX = 'nginx.ingress.kubernetes.io';
const LOGIN = {
  [`${NGINX}/auth-url`]: 'https://login.hearthside.example/oauth2/auth',
  [`${NGINX}/auth-signin`]: 'https://login.hearthside.example/oauth2/start',
};

const INGRESSES: readonly IngressSpec[] = [
  { ingress: 'storefront/web', host: 'www.hearthside.example', service: 'web', tls: 'www-tls' },
  {
    ingress: 'checkout/checkout',
    host: 'www.hearthside.example',
    path: '/checkout',
    service: 'checkout-api',
    tls: 'www-tls',
  },
  { ingress: 'accounts/login', host: 'login.hearthside.example', service: 'login', tls: 'login-tls' },
  {
    ingress: 'support/helpdesk',
    host: 'help.hearthside.example',
    service: 'helpdesk',
    tls: 'help-tls',
    annotations: LOGIN,
  },
  { ingress: 'support/live-chat', host: 'chat.hearthside.example', service: 'live-chat', tls: 'chat-tls' },
  {
    ingress: 'platform/portal',
    host: 'portal.hearthside.example',
    service: 'developer-portal',
    tls: 'portal-tls',
    annotations: LOGIN,
  },
  {
    ingress: 'gitops/argocd',
    host: 'deploy.hearthside.example',
    service: 'argocd-server',
    tls: 'deploy-tls',
    annotations: LOGIN,
  },
  {
    ingress: 'monitoring/grafana',
    host: 'metrics.hearthside.example',
    service: 'grafana',
    tls: 'metrics-tls',
    annotations: LOGIN,
  },
  {
    ingress: 'analytics/superset',
    host: 'numbers.hearthside.example',
    service: 'superset',
    tls: 'numbers-tls',
    annotations: LOGIN,
  },
  { ingress: 'streaming/kafka-ui', host: 'kafka.hearthside.example', service: 'kafka-ui' },
  {
    ingress: 'marketing/blog',
    host: 'blog.hearthside.example',
    service: 'blog',
    tls: 'blog-tls',
    annotations: { [`${NGINX}/configuration-snippet`]: 'more_set_headers "X-Powered-By: cats";' },
  },
  { ingress: 'marketing/landing-pages', host: 'go.hearthside.example', service: 'landing-pages' },
  { ingress: 'staging/web', host: '*.staging.hearthside.example', service: 'web' },
];

/** Addresses that the cluster gives out beside its ingress controllers. */
const BALANCERS: readonly {
  readonly service: string;
  readonly app: string;
  readonly port: number;
  readonly address: string;
  readonly sources?: readonly string[];
}[] = [
  { service: 'ingress/ingress-nginx', app: 'ingress-nginx-controller', port: 8080, address: '203.0.113.10' },
  {
    service: 'warehouse/scanners',
    app: 'scanner-gateway',
    port: 7070,
    address: '203.0.113.24',
    sources: ['198.51.100.0/24'],
  },
  { service: 'sandbox/chatbot-public', app: 'chatbot-poc', port: 11_434, address: '203.0.113.77' },
];

/** Ingresses, load balancers and the gateway. */
export function edgeObjects(): JsonObject[] {
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
    ...INGRESSES.map(ingressObject),
    ...BALANCERS.map(({ service, app, port, address, sources }) =>
      balancerObject({ service, app, port, address, sources }),
    ),
    nodePort(),
    ...gateway(),
  ];
}

/** TLS Secrets that Ingresses name, as `namespace/name`. */
export function ingressCertificates(): { readonly secret: string; readonly host: string }[] {
  const known = new Map<string, string>();
  for (const { ingress, host, tls } of INGRESSES)
    if (tls !== undefined) known.set(`${halves(ingress, '/')[0]}/${tls}`, host);
  known.set('ingress/mobile-tls', 'api.hearthside.example');
  return [...known].map(([secret, host]) => ({ secret, host }));
}

function ingressObject({ ingress, host, path = '/', service, tls, annotations }: IngressSpec): JsonObject {
  const [namespace, name] = halves(ingress, '/');
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, ...(annotations !== undefined && { annotations }) },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
      ...(tls !== undefined && { tls: [{ hosts: [host], secretName: tls }] }),
    },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
  };
}

/** A Service of type LoadBalancer in front of an application. */
export function balancerObject(spec: {
  readonly service: string;
  readonly app: string;
  readonly port: number;
  readonly address: string;
  readonly sources?: readonly string[] | undefined;
}): JsonObject {
  const [namespace, name] = halves(spec.service, '/');
  const isTls = name === 'ingress-nginx';
  const label = namespace === 'warehouse' || namespace === 'sandbox' ? 'app' : 'app.kubernetes.io/name';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { [label]: spec.app } },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: isTls ? 'Local' : 'Cluster',
      selector: { [label]: spec.app },
      ports: [
        {
          name: isTls ? 'https' : 'tcp',
          port: isTls ? 443 : spec.port,
          protocol: 'TCP',
          targetPort: spec.port,
        },
      ],
      ...(spec.sources !== undefined && { loadBalancerSourceRanges: [...spec.sources] }),
    },
    status: { loadBalancer: { ingress: [{ ip: spec.address, ipMode: 'VIP' }] } },
  };
}

/** The old customer database is still reached by the nodes' addresses. */
function nodePort(): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'crm-office', namespace: 'crm-old', labels: { app: 'crm' } },
    spec: {
      type: 'NodePort',
      externalIPs: ['192.0.2.40'],
      selector: { app: 'crm' },
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30_880 }],
    },
  };
}

/** The newer way in: a gateway of the platform team, and a route to it from a team's namespace. */
function gateway(): JsonObject[] {
  const group = 'gateway.networking.k8s.io';
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'GatewayClass',
      metadata: { name: 'envoy' },
      spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'Gateway',
      metadata: { name: 'public', namespace: 'ingress' },
      spec: {
        gatewayClassName: 'envoy',
        listeners: [
          {
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            hostname: 'api.hearthside.example',
            tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'mobile-tls' }] },
            allowedRoutes: {
              namespaces: {
                from: 'Selector',
                selector: { matchLabels: { 'kubernetes.io/metadata.name': 'storefront' } },
              },
            },
          },
        ],
      },
      status: { addresses: [{ type: 'IPAddress', value: '203.0.113.11' }] },
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'HTTPRoute',
      metadata: { name: 'mobile-api', namespace: 'storefront' },
      spec: {
        parentRefs: [{ name: 'public', namespace: 'ingress' }],
        hostnames: ['api.hearthside.example'],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ name: 'mobile-api', port: 80 }],
          },
        ],
      },
    },
  ];
}
