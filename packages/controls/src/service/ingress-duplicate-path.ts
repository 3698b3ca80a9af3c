import { ingressClaims } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';
import { ingressKinds } from './ingress-fields.ts';

export const ingressDuplicatePath = defineControl({
  id: 'ingress-duplicate-path',
  aliases: ['kyverno:unique-ingress-host-and-path'],
  title: 'No two Ingresses must claim the same host and path',
  problem: 'claim a host and path that is claimed twice',
  message: '{resource} claims {url} of {host}, which the Ingress {other} claims as well.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Which of the two gets the requests depends on the controller, often on age. The other is dead, or starts to receive the requests, with their cookies, once the first is made anew. In another namespace that is a way to take over a path.',
  remediation:
    'Remove one of the two, or give them different hosts or paths. Let admission refuse hosts that belong to another namespace.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches'],
  attack: ['T1557'],
  appliesTo: ingressKinds,
  looks: 'world',
  reads: [ingressClaims],
  *evaluate({ resource, world, at }) {
    const claims = world.get(ingressClaims);
    for (const claim of claims.claimsOf(resource)) {
      const rival = claims.rivalOf(claim)?.ingress;
      if (rival === undefined) continue;
      const host = claim.host === '' ? 'every host' : claim.host;
      yield at(claim.path, { url: claim.url, host, other: `${rival.namespace}/${rival.name}` });
    }
  },
});
