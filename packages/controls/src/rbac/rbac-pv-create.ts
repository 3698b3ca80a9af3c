import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';

export const rbacPvCreate = defineControl({
  id: 'rbac-pv-create',
  aliases: ['kubescape:C-0278'],
  title: 'Cluster roles must not allow creating persistent volumes',
  problem: 'allow creating persistent volumes',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "A persistent volume may be a directory of the node, and Pod Security does not look into it: a pod that claims it sees the node's files. It may also name the storage of another tenant.",
  remediation:
    'Leave persistent volumes to the provisioner of a storage class, and let everybody else use claims.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/',
  ],
  attack: ['T1611'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: ['create'], groups: [''], resources: ['persistentvolumes'] }]),
});
