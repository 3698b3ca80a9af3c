import { defineControl, textsParam } from '@bulwark/core';
import { annotationsOf, ingressKinds } from './ingress-fields.ts';

/** Raw configuration of controllers; that of ingress-nginx has a control of its own. */
const RAW = new Set([
  'nginx.org/server-snippets',
  'nginx.org/location-snippets',
  'haproxy.org/backend-config-snippet',
  'haproxy-ingress.github.io/config-backend',
  'haproxy-ingress.github.io/config-frontend',
  'haproxy-ingress.github.io/config-backend-early',
  'haproxy-ingress.github.io/config-backend-late',
  'ingress.kubernetes.io/config-backend',
  'ingress.kubernetes.io/config-frontend',
]);
/** Values that ingress-nginx has written into its configuration as they are. */
const COPIED =
  /^nginx\.ingress\.kubernetes\.io\/(auth-(url|signin|tls-match-cn|tls-error-page|cache-key|request-redirect)|mirror-(target|host)|(permanent|temporal)-redirect|rewrite-target|app-root|server-alias|upstream-(vhost|hash-by)|x-forwarded-prefix|proxy-(redirect-(from|to)|ssl-name|cookie-(domain|path))|modsecurity-transaction-id)$/;
/** A variable, what a template fills in later, or how often an expression repeats. */
const HARMLESS_BRACES = /\$\{[^{}\n;]*\}|\{\{[^{}\n;]*\}\}|\{\d+(,\d*)?\}/g;
/** The end of a line, of a block, or of a directive. */
const ENDS_DIRECTIVE = /[\n\r{}]|;(\s|$)/;

function whatIsWrong(name: string, value: string, denied: readonly string[]): string | undefined {
  if (denied.includes(name)) return 'which the configuration of this check does not allow';
  if (RAW.has(name)) return "which puts text into its controller's configuration";
  const isInjection = COPIED.test(name) && ENDS_DIRECTIVE.test(value.replaceAll(HARMLESS_BRACES, ''));
  return isInjection ? 'whose value has characters that end a directive of nginx' : undefined;
}

export const ingressAnnotationDenied = defineControl({
  id: 'ingress-annotation-denied',
  aliases: ['kyverno:restrict-annotations'],
  title: "An Ingress must not write into its controller's configuration by annotation",
  problem: "write into their controller's configuration by annotation",
  message: '{resource} has the annotation {annotation}, {reason}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The controller runs for all tenants and mostly reads the Secrets of the whole cluster. Whoever gets text into its configuration can have it serve files, its own token or the requests of others, and in several versions run code (CVE-2025-1974, CVE-2025-24514, CVE-2025-1097).',
  remediation:
    'Remove the annotation, or the characters from its value. Use annotations that mean one thing, or the custom resources of the controller. Switch snippets off in the controller, and keep it up to date.',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/',
    'https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/',
  ],
  attack: ['T1190', 'T1552.001'],
  params: {
    annotations: textsParam('Names of further annotations that an Ingress must not have.', { default: [] }),
  },
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at, params }) {
    for (const [name, value] of Object.entries(annotationsOf(resource))) {
      if (typeof value !== 'string') continue;
      const reason = whatIsWrong(name, value, params.annotations);
      if (reason !== undefined) yield at(['metadata', 'annotations', name], { annotation: name, reason });
    }
  },
});
