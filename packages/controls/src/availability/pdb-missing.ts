import { autoscalers, disruptionBudgets } from '@bulwark/analyses';
import { defineControl, workloads } from '@bulwark/core';
import { whyNotSeveral } from './replica-count.ts';

export const pdbMissing = defineControl({
  id: 'pdb-missing',
  aliases: [
    'kube-score:deployment-has-poddisruptionbudget',
    'kube-score:statefulset-has-poddisruptionbudget',
    'polaris:missingPodDisruptionBudget',
    'kyverno:require-pdb',
  ],
  title: 'Workloads with several replicas must have a disruption budget',
  problem: 'have no disruption budget',
  message: 'No PodDisruptionBudget selects the pods of {resource}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Without a budget, draining nodes one after the other, as every upgrade does, may stop all replicas at once.',
  remediation:
    'Add a PodDisruptionBudget that selects the labels of the pod template, with maxUnavailable 1 or a percentage. If it is kept elsewhere, add that file to the scan.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/disruptions/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [autoscalers, disruptionBudgets],
  notApplicable: whyNotSeveral,
  *evaluate({ resource, world, atMetadata }) {
    if (world.get(disruptionBudgets).budgetsOf({ resource }).length === 0) yield atMetadata('labels');
  },
});
