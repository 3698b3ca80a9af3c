import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacSaTokenCreate = defineControl({
  id: 'rbac-sa-token-create',
  aliases: ['kubescape:C-0282'],
  title: 'Roles must not allow issuing tokens for all service accounts',
  problem: 'allow issuing tokens for all service accounts',
  message: '{resource} allows {verbs} on {target}, whatever the name.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever may create serviceaccounts/token gets a token of any service account it covers, and with it all its rights. The token is valid outside the cluster, for as long as the request says, within the limit of the API server.',
  remediation:
    'Name the service accounts in resourceNames; this verb can be limited by name. The kubelet needs no such role for the tokens of its pods.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request',
    'https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/',
  ],
  attack: ['T1528'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropResource('Whatever uses the role to get tokens of service accounts can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: ['create'], groups: [''], resources: ['serviceaccounts/token'] }]),
});
