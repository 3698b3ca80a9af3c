import { defineControl, isObject, objectAt } from '@bulwark/core';
import { ingressKinds } from './ingress-fields.ts';

export const ingressDefaultBackend = defineControl({
  id: 'ingress-default-backend',
  aliases: ['kyverno:restrict-ingress-defaultbackend'],
  title: 'An Ingress must not have a default backend',
  problem: 'have a default backend',
  message: '{resource} has a default backend, which takes every request that no rule matches.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'With many controllers the default backend of one Ingress is that of all hosts: its workload also gets requests that were meant for others or were never meant to be answered.',
  remediation: 'Write rules with hosts and paths. Leave the default to the controller, which answers 404.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#default-backend'],
  attack: ['T1190'],
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const spec = objectAt(resource.object, 'spec');
    for (const field of ['defaultBackend', 'backend']) if (isObject(spec?.[field])) yield at(['spec', field]);
  },
});
