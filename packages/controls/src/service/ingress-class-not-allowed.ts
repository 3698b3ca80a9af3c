import { ingressClassOf } from '@bulwark/analyses';
import { defineControl, stringAt, textsParam } from '@bulwark/core';
import { annotation, ingressKinds } from './ingress-fields.ts';

const ANNOTATION = 'kubernetes.io/ingress.class';

export const ingressClassNotAllowed = defineControl({
  id: 'ingress-class-not-allowed',
  aliases: ['kyverno:restrict-ingress-classes'],
  title: 'An Ingress must be of a class that the team allows',
  problem: 'are of a class that the team does not allow',
  message: '{resource} is of {ingressClass}, which is not among the classes that are allowed.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'The class decides which controller publishes a workload, and so who reaches it: the internet, or the company. Where none is written the default of the cluster decides, which may change.',
  remediation: 'Write one of the allowed classes in spec.ingressClassName.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class'],
  attack: [],
  params: { classes: textsParam('The classes that an Ingress may have.', { minimum: 1 }) },
  appliesTo: ingressKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at, params }) {
    const name = ingressClassOf(resource);
    if (params.classes.includes(name)) return;
    const isField = stringAt(resource.object, 'spec', 'ingressClassName') !== undefined;
    const isAnnotation = !isField && annotation(resource, ANNOTATION) !== '';
    yield at(isAnnotation ? ['metadata', 'annotations', ANNOTATION] : 'spec.ingressClassName', {
      ingressClass: name === '' ? "the cluster's default class" : `class ${name}`,
    });
  },
});
