import { defineControl, textsParam, workloads } from '@bulwark/core';
import { isListed, PATTERN_RULE } from './name-patterns.ts';
import { secretReferences } from './secret-references.ts';

export const secretReferenceNotAllowed = defineControl({
  id: 'secret-reference-not-allowed',
  aliases: ['kyverno:restrict-secrets-by-name'],
  title: 'Pods must use only Secrets that are allowed',
  problem: 'use Secrets that are not allowed',
  message: '{resource} uses Secret {secret}, which is not on the list of allowed ones.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Every pod of a namespace may use every Secret in it, so whoever may create a pod has them all. A list of names shows who uses one that was meant for another.',
  remediation:
    'Use a Secret that is allowed, or put the name on the list. Secrets that must be kept apart belong in namespaces of their own.',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  attack: ['T1552.007'],
  params: { allowed: textsParam(`The Secrets that pods may use. ${PATTERN_RULE}`) },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ workload, params }) {
    for (const { path, name } of secretReferences(workload))
      if (!isListed(name, params.allowed)) yield { path, facts: { secret: name } };
  },
});
