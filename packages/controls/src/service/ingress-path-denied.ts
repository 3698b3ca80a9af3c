import { defineControl } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { ingressKinds, ingressRulesOf } from './ingress-fields.ts';

/** Directories of the controller's container that hold its configuration, its token or its memory. */
const DIRECTORY = /^\/+(etc|proc|root|var\/run|run\/secrets|var\/lib\/kubelet)(\/|$)/;
/** White space, quotes and the end of a directive, none of which a path needs. */
const CHARACTERS = /[\s;"'`]/;

function whatIsWrong(url: string): string | undefined {
  if (DIRECTORY.test(url)) return "names a directory of the controller's container";
  return CHARACTERS.test(url) && !hasPlaceholder(url) ? 'has characters that can end a directive' : undefined;
}

export const ingressPathDenied = defineControl({
  id: 'ingress-path-denied',
  aliases: ['kyverno:restrict-ingress-paths'],
  title: 'The paths of an Ingress must not reach files of its controller',
  problem: 'have paths that can reach files of their controller',
  message: 'The path {url} of {resource} {reason}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "Versions of ingress-nginx write the path into their configuration as it is. A path to /etc or /var/run/secrets, or one that ends the directive, has been used to read the controller's token, and with it the Secrets of the cluster (CVE-2021-25745, CVE-2021-25748).",
  remediation:
    'Use another path for the application. Keep the controller up to date and its strict check of paths on.',
  references: [
    'https://github.com/kubernetes/ingress-nginx/issues/8502',
    'https://github.com/kubernetes/ingress-nginx/issues/8686',
  ],
  attack: ['T1552.001', 'T1190'],
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const { paths } of ingressRulesOf(resource))
      for (const { path, url } of paths) {
        const reason = whatIsWrong(url);
        if (reason !== undefined) yield at([...path, 'path'], { url, reason });
      }
  },
});
