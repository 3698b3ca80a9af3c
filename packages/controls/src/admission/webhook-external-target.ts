import { defineControl, kinds, type Path, type Resource, stringAt } from '@bulwark/core';
import { MUTATING, VALIDATING, webhooksOf } from './webhooks.ts';

const DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';
const CONVERSIONS: readonly Path[] = [
  ['spec', 'conversion', 'webhook', 'clientConfig', 'url'],
  ['spec', 'conversion', 'webhookClientConfig', 'url'],
];

/** The host of a URL, without user, port and brackets. */
const HOST = /^https?:\/\/(?:[^/?#@]*@)?(?:\[([^\]]*)\]|([^/?#:]*))/i;
/** The API server's own machine, names of the cluster, and addresses that the internet does not route. */
const INSIDE =
  /^(localhost|127\..*|10\..*|192\.168\..*|169\.254\..*|172\.(1[6-9]|2\d|3[01])\..*|::1|f[cd][0-9a-f]{2}:.*|[^.:]+|.*\.svc(\..*)?|.*\.cluster\.local\.?)$/i;

function urlPaths(resource: Resource): readonly Path[] {
  return resource.groupKind === DEFINITION
    ? CONVERSIONS
    : webhooksOf(resource).map(({ index }) => ['webhooks', index, 'clientConfig', 'url']);
}

function outsideHost(url: string): string | undefined {
  const match = HOST.exec(url);
  const host = match?.[1] ?? match?.[2] ?? '';
  return host === '' || INSIDE.test(host) ? undefined : host;
}

export const webhookExternalTarget = defineControl({
  id: 'webhook-external-target',
  aliases: ['webhook-insecure-target', 'crd-conversion-webhook-risk'],
  title: 'Webhooks of the API server must stay inside the cluster',
  problem: 'send objects to a host outside of the cluster',
  message: '{resource} sends objects to {host}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server sends every object that the rules cover to the webhook, Secrets among them where they are covered, and does what it answers. A mutating or converting webhook can rewrite a pod on its way in, so whoever holds the host, its name or its certificate holds the cluster. Attackers register such webhooks to stay.',
  remediation:
    'Run the webhook in the cluster and name its Service in clientConfig.service. If a provider you trust has to be asked, limit the rules to the kinds that it needs, never Secrets, and accept the finding.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook',
    'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
  ],
  attack: ['T1546', 'T1557'],
  appliesTo: kinds(VALIDATING, MUTATING, DEFINITION),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const path of urlPaths(resource)) {
      const url = stringAt(resource.object, ...path);
      const host = url === undefined ? undefined : outsideHost(url);
      if (host !== undefined) yield at(path, { host });
    }
  },
});
