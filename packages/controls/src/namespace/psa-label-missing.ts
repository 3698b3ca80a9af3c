import { defineControl, kinds, labelsOf, mayBreak, objectAt, setValue } from '@bulwark/core';
import { whyOfTheCluster } from './cluster-namespaces.ts';

const LABEL = 'pod-security.kubernetes.io/enforce';
const LEVELS = new Set(['privileged', 'baseline', 'restricted']);

export const psaLabelMissing = defineControl({
  id: 'psa-label-missing',
  aliases: ['kyverno:add-psa-labels'],
  title: 'Namespaces must say which Pod Security Standard is enforced in them',
  problem: 'do not say which Pod Security Standard is enforced in them',
  message: `{resource} {state} the label ${LABEL}.`,
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The built-in admission controller judges pods by the standard that the label of their namespace names. Where the label is missing it applies the default of the cluster, which is privileged unless an administrator has changed it: whoever may create a pod there may create a privileged one and take over the node.',
  remediation: `Label the namespace with ${LABEL}: restricted, or baseline where that asks too much. Set the warn and audit labels to the level you aim for, to see first what it would refuse. Namespaces of node agents can name privileged, which at least is then a decision that shows.`,
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
  ],
  attack: ['T1610', 'T1611'],
  // Pod Security Admission is on by default since it was beta.
  kubernetes: { from: 23 },
  fix: setValue(
    'baseline',
    mayBreak(
      'Pods that break the baseline level, such as node agents with host access, are refused in the namespace when they are next created.',
    ),
  ),
  appliesTo: kinds('Namespace'),
  looks: 'object',
  reads: [],
  notApplicable: whyOfTheCluster,
  *evaluate({ resource, at }) {
    const level = labelsOf(objectAt(resource.object, 'metadata'))[LABEL];
    if (level !== undefined && LEVELS.has(level)) return;
    const state = level === undefined ? 'lacks' : 'has no level that exists in';
    yield at(['metadata', 'labels', LABEL], { state });
  },
});
