import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';

export const rbacProviderIamAssumption = defineControl({
  id: 'rbac-provider-iam-assumption',
  aliases: [],
  title: 'Roles must not allow changing any service account',
  problem: 'allow changing any service account',
  message: '{resource} allows {verbs} on {target}, whatever their names.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Clouds tie an identity of theirs to a service account by an annotation on it. Where the cloud side trusts a whole cluster or namespace, whoever changes the annotation gets the rights of another identity. The account also lists pull secrets and Secrets that its pods may mount.',
  remediation:
    'Remove update and patch on serviceaccounts, or name the accounts in resourceNames. On the cloud side trust single service accounts, by namespace and name.',
  references: [
    'https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html',
    'https://kubernetes.io/docs/concepts/security/service-accounts/',
  ],
  attack: ['T1078.004'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: ['update', 'patch'], groups: [''], resources: ['serviceaccounts'] }]),
});
