import { defineControl, everything, kindsParam } from '@bulwark/core';
import { isChosen } from './chosen-kinds.ts';

export const forbiddenKind = defineControl({
  id: 'forbidden-kind',
  aliases: [],
  title: 'Objects must not be of a kind that the team forbids',
  problem: 'are of a kind that the team forbids',
  message: '{resource} is of the kind {kind}, which the team forbids.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Some kinds belong to those who run the cluster, or to a way of working that a team has left: cluster-wide roles, bare pods, an old ingress controller. A rule in the repository says so before the object reaches a cluster.',
  remediation:
    'Remove the object, or write it as a kind that the team uses. Where this one is meant, make an exception for it, with the reason.',
  references: ['https://kubernetes.io/docs/reference/using-api/api-concepts/'],
  attack: [],
  params: { kinds: kindsParam('The kinds that no object may have.') },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  *evaluate({ resource, params, at }) {
    if (isChosen(params.kinds, resource)) yield at('kind', { kind: resource.groupKind });
  },
});
