import { arrayAt, defineControl, mayBreak, removeField } from '@bulwark/core';
import { annotation, ingressKinds } from './ingress-fields.ts';

const REDIRECTS = [
  'nginx.ingress.kubernetes.io/ssl-redirect',
  'haproxy-ingress.github.io/ssl-redirect',
  'haproxy.org/ssl-redirect',
  'nginx.org/ssl-redirect',
  'ingress.kubernetes.io/ssl-redirect',
];

export const ingressTlsRedirectDisabled = defineControl({
  id: 'ingress-tls-redirect-disabled',
  aliases: [],
  title: 'An Ingress with TLS must redirect plain HTTP',
  problem: 'have TLS and serve plain HTTP beside it',
  message: '{resource} has TLS, but switches the redirect of plain HTTP off by {annotation}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A link or a bookmark with http:// keeps working, and nobody notices that its cookies and passwords go in plain text.',
  remediation: 'Remove the annotation; with TLS the redirect is the default.',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect',
  ],
  attack: ['T1557', 'T1040'],
  fix: removeField(
    mayBreak(
      'Clients that use HTTP and follow no redirect fail; behind a proxy that ends TLS the redirect can loop.',
    ),
  ),
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    (arrayAt(resource.object, 'spec', 'tls') ?? []).length === 0 ? 'It has no TLS section.' : undefined,
  *evaluate({ resource, at }) {
    for (const name of REDIRECTS)
      if (annotation(resource, name) === 'false')
        yield at(['metadata', 'annotations', name], { annotation: name });
  },
});
