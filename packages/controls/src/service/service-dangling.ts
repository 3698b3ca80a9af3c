import { serviceTargets, workloadIndex } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';
import { whyNoPods } from './selected-pods.ts';

export const serviceDangling = defineControl({
  id: 'service-dangling',
  aliases: ['kubescape:C-0293', 'kube-linter:dangling-service', 'kube-score:service-targets-pod'],
  title: 'A Service must select a pod',
  problem: 'select no pod',
  message: '{resource} selects none of the pods of namespace {namespace}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A Service without pods answers nobody. Mostly a label was renamed or mistyped; and whoever may create a pod with those labels receives what its clients send.',
  remediation:
    'Compare the selector with the labels of the pod template, not with those of the Deployment. Where the pods come from an operator or another repository, exempt the Service.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service'],
  attack: [],
  appliesTo: kinds('Service'),
  looks: 'world',
  reads: [serviceTargets, workloadIndex],
  notApplicable: whyNoPods,
  *evaluate({ resource, world, at }) {
    if (world.get(serviceTargets).targetsOf(resource).length === 0)
      yield at('spec.selector', { namespace: resource.namespace });
  },
});
