import { CLUSTER_ROLE } from '@bulwark/analyses';
import { defineControl, type ObjectView, type Violation } from '@bulwark/core';
import { factsOf, type Power, resourceGrants, roles, whyNotJudged, writtenRules } from './grants.ts';

const NAMES: readonly string[] = ['aws-auth'];

const POWER: Power = {
  verbs: ['update', 'patch'],
  groups: [''],
  resources: ['configmaps'],
  evenFor: (names) => names.some((name) => NAMES.includes(name)),
};

function* evaluate({ resource, at }: ObjectView): Iterable<Violation> {
  const isClusterRole = resource.groupKind === CLUSTER_ROLE;
  if (!isClusterRole && resource.namespace !== 'kube-system') return;
  for (const written of writtenRules(resource.object)) {
    // Over all ConfigMaps other controls judge; most clusters have no aws-auth.
    if (written.rule.resourceNames.length === 0) continue;
    for (const grant of resourceGrants(written, [POWER])) yield at(grant.path, factsOf(grant));
  }
}

export const rbacAwsAuthConfigmap = defineControl({
  id: 'rbac-aws-auth-configmap',
  aliases: ['trivy:KSV-0115'],
  title: 'Roles must not allow changing who is an administrator of an EKS cluster',
  problem: 'allow changing who is an administrator of an EKS cluster',
  message: '{resource} allows {verbs} on the ConfigMap aws-auth of kube-system.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'On EKS the ConfigMap aws-auth maps AWS identities to users and groups of Kubernetes. Whoever may change it makes any AWS identity an administrator of the cluster.',
  remediation:
    'Use access entries of EKS, which are managed through AWS, and set the authentication mode of the cluster to API. Until then let only the deployment pipeline of the cluster itself write aws-auth.',
  references: [
    'https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html',
    'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
  ],
  attack: ['T1078.004', 'T1098'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate,
});
