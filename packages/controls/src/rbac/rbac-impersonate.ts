import { CLUSTER_ROLE } from '@bulwark/analyses';
import { defineControl, type ObjectView } from '@bulwark/core';
import { type Power, roles, verbViolations, whyNotJudged } from './grants.ts';
import { dropVerb } from './less-rights.ts';

/** Names that stand for all rights, or nearly: of the group above authorization, and of the control plane. */
const MIGHTY = new Set([
  'system:masters',
  'system:admin',
  'system:apiserver',
  'system:kube-controller-manager',
  'kubernetes-admin',
  'kubernetes-super-admin',
]);

const evenFor = (names: readonly string[]): boolean => names.some((name) => MIGHTY.has(name));

const ACCOUNTS: Power = { verbs: ['impersonate'], groups: [''], resources: ['serviceaccounts'] };
/** These belong to no namespace, so a Role cannot give them. */
const USERS: Power = { verbs: ['impersonate'], groups: [''], resources: ['users', 'groups'], evenFor };

function powersOf({ resource }: ObjectView): readonly Power[] {
  return resource.groupKind === CLUSTER_ROLE ? [ACCOUNTS, USERS] : [ACCOUNTS];
}

export const rbacImpersonate = defineControl({
  id: 'rbac-impersonate',
  aliases: ['trivy:KSV-0043', 'kubescape:C-0065', 'kubescape:C-0191', 'checkov:CKV2_K8S_3'],
  title: 'Roles must not allow impersonation of any user, group or service account',
  problem: 'allow impersonation of any user, group or service account',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "Whoever may impersonate without limit sends requests as anybody. As the group system:masters that is above all authorization; as a service account of kube-system it has the rights of the cluster's own controllers. The verb * on service accounts includes impersonate.",
  remediation:
    'Remove the verb impersonate, and list verbs instead of *. A gateway that acts for its users needs it: limit it to their names and groups with resourceNames, and never let system:masters be one of them.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#impersonate-verb',
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation',
  ],
  attack: ['T1078'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropVerb('Whatever uses the role to act as somebody else can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) => verbViolations(view, powersOf(view)),
});
