import { defineControl } from '@bulwark/core';
import { annotationsOf, ingressKinds } from './ingress-fields.ts';

const SNIPPET = /^nginx\.ingress\.kubernetes\.io\/(configuration|server|stream|auth|modsecurity)-snippet$/;

export const ingressNginxSnippet = defineControl({
  id: 'ingress-nginx-snippet',
  aliases: ['kyverno:disallow-ingress-nginx-custom-snippets', 'checkov:CKV_K8S_153'],
  title: 'An Ingress must not bring directives of its own into ingress-nginx',
  problem: 'bring directives of their own into ingress-nginx',
  message: '{resource} has the annotation {annotation}, whose text becomes configuration of nginx.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The controller serves all tenants and mostly reads every Secret of the cluster. Directives of one Ingress can have it print its service account token, serve files, or answer for the hosts of others (CVE-2021-25742).',
  remediation:
    'Say it with annotations that mean one thing, or in the ConfigMap of the controller, which only its operators can write. Leave allow-snippet-annotations off in the controller.',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations',
    'https://github.com/kubernetes/ingress-nginx/issues/7837',
  ],
  attack: ['T1190', 'T1552.001'],
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [name, value] of Object.entries(annotationsOf(resource)))
      if (SNIPPET.test(name) && typeof value === 'string' && value.trim() !== '')
        yield at(['metadata', 'annotations', name], { annotation: name });
  },
});
