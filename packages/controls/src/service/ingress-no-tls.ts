import { INGRESS_KINDS, ingressClassOf } from '@bulwark/analyses';
import { arrayAt, defineControl, kinds, objectAt, type Resource, stringAt } from '@bulwark/core';
import { annotation, isAcmeSolver, isForLocalNames } from './ingress-fields.ts';

const ROUTE = 'route.openshift.io/Route';

/** Annotations by which controllers get a certificate without the field, and values that mean one. */
const CERTIFICATES: readonly (readonly [annotation: string, values: RegExp])[] = [
  ['alb.ingress.kubernetes.io/certificate-arn', /./],
  ['alb.ingress.kubernetes.io/listen-ports', /HTTPS/],
  ['networking.gke.io/managed-certificates', /./],
  ['networking.gke.io/certmap', /./],
  ['ingress.gcp.kubernetes.io/pre-shared-cert', /./],
  ['traefik.ingress.kubernetes.io/router.tls', /^true$/],
  ['traefik.ingress.kubernetes.io/router.tls.certresolver', /./],
  ['traefik.ingress.kubernetes.io/router.entrypoints', /(^|,)\s*(websecure|https)\b/],
  ['appgw.ingress.kubernetes.io/appgw-ssl-certificate', /./],
  ['nginx.ingress.kubernetes.io/ssl-passthrough', /^true$/],
  ['haproxy.org/ssl-passthrough', /^true$/],
  ['haproxy-ingress.github.io/ssl-passthrough', /^true$/],
  ['konghq.com/protocols', /^https$/],
];
/** Controllers that serve every host with TLS. */
const ALWAYS_TLS = /^(tailscale|ngrok|cloudflare-tunnel)$/;

function hasTls(ingress: Resource): boolean {
  if ((arrayAt(ingress.object, 'spec', 'tls') ?? []).length > 0) return true;
  if (ALWAYS_TLS.test(ingressClassOf(ingress))) return true;
  return CERTIFICATES.some(([name, values]) => values.test(annotation(ingress, name)));
}

export const ingressNoTls = defineControl({
  id: 'ingress-no-tls',
  aliases: [
    'kubescape:C-0263',
    'polaris:tlsSettingsMissing',
    'kyverno:require-ingress-https',
    'kube-linter:insecure-route-termination',
  ],
  title: 'An Ingress or Route must use TLS',
  problem: 'publish HTTP without TLS',
  message: '{resource} {state}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Passwords, tokens and session cookies cross the network in plain text. Whoever is on the path reads them, and changes what users get to see.',
  remediation:
    'Add spec.tls with the hosts and the Secret of a certificate, which cert-manager can issue; on a Route set spec.tls.termination and let plain HTTP redirect. Where TLS ends in front of the controller, exempt the object or switch the control off.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  attack: ['T1557', 'T1040'],
  appliesTo: kinds(...INGRESS_KINDS, ROUTE),
  looks: 'object',
  reads: [],
  notApplicable({ resource }) {
    if (resource.groupKind === ROUTE) return undefined;
    if (isAcmeSolver(resource))
      return 'It answers the question of a certificate authority, which comes by HTTP.';
    if (annotation(resource, 'nginx.org/mergeable-ingress-type') === 'minion')
      return 'The Ingress that it belongs to has the certificate.';
    return isForLocalNames(resource) ? 'Its hosts are names of a single machine or network.' : undefined;
  },
  *evaluate({ resource, at }) {
    if (resource.groupKind !== ROUTE) {
      if (!hasTls(resource)) yield at('spec.tls', { state: 'has no certificate for its hosts' });
      return;
    }
    const tls = objectAt(resource.object, 'spec', 'tls');
    if (tls === undefined) yield at('spec.tls', { state: 'has no TLS termination' });
    else if (stringAt(tls, 'insecureEdgeTerminationPolicy') === 'Allow')
      yield at('spec.tls.insecureEdgeTerminationPolicy', { state: 'also serves plain HTTP' });
  },
});
