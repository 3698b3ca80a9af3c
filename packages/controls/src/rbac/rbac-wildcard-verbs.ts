import { defineControl } from '@bulwark/core';
import { roles, whyNotJudged } from './grants.ts';
import { dropVerb } from './less-rights.ts';
import { wildcards } from './wildcards.ts';

export const rbacWildcardVerbs = defineControl({
  id: 'rbac-wildcard-verbs',
  aliases: [
    'trivy:KSV-0045',
    'checkov:CKV_K8S_49',
    'kubescape:C-0187',
    'kube-linter:wildcard-in-rules',
    'kyverno:restrict-wildcard-verbs',
  ],
  title: "Roles must name the verbs on Kubernetes' own resources",
  problem: "allow every verb on some of Kubernetes' own resources",
  message: '{resource} allows every verb on {target} of {groups}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A wildcard includes deletecollection, which empties a namespace with one request, and verbs that nobody thinks of: impersonate on service accounts, bind and escalate on roles, approve and sign on signers. It also allows what later versions add.',
  remediation:
    'List the verbs that are needed. Where it has to be all of the ordinary ones, these are get, list, watch, create, update, patch, delete and deletecollection.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb',
  ],
  attack: ['T1098.006'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropVerb('The ordinary verbs stay allowed; special ones such as impersonate, bind or approve do not.'),
  notApplicable: whyNotJudged,
  evaluate: (view) => wildcards(view, 'verbs'),
});
