import { defineControl, type ObjectView, type Violation } from '@bulwark/core';
import { clusterRoles, factsOf, type Power, resourceGrants, whyNotJudged, writtenRules } from './grants.ts';

/** A limit to these is none: they make client certificates, or stand for all of Kubernetes. */
const CLIENT_SIGNERS = new Set([
  'kubernetes.io/*',
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/legacy-unknown',
]);

const GROUPS = ['certificates.k8s.io'];
const ON_SIGNERS = { verbs: ['approve', 'sign'], groups: GROUPS, resources: ['signers'] };
const SIGNERS: Power = { ...ON_SIGNERS, evenFor: (names) => names.some((name) => CLIENT_SIGNERS.has(name)) };
const ANY_SIGNER: Power = { ...ON_SIGNERS, evenFor: () => true };
const APPROVAL: Power = {
  verbs: ['update', 'patch'],
  groups: GROUPS,
  resources: ['certificatesigningrequests/approval'],
};

function* evaluate({ resource, at }: ObjectView): Iterable<Violation> {
  const rules = writtenRules(resource.object);
  // An approval takes the right on the signer as well; only a role that says nothing of signers is judged without.
  const saysSigners = rules.some((written) => resourceGrants(written, [ANY_SIGNER]).length > 0);
  for (const written of rules)
    for (const grant of resourceGrants(written, [saysSigners ? SIGNERS : APPROVAL]))
      yield at(grant.path, factsOf(grant));
}

export const rbacCsrApprove = defineControl({
  id: 'rbac-csr-approve',
  aliases: ['kubescape:C-0280', 'checkov:CKV_K8S_156', 'kyverno:restrict-clusterrole-csr'],
  title: 'Cluster roles must not allow issuing client certificates',
  problem: 'allow issuing client certificates',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever may approve or sign certificate signing requests, and file one, gets a client certificate with the name of any user, node or service account. Nobody can revoke it before it expires.',
  remediation:
    'Name the signer in resourceNames, such as kubernetes.io/kubelet-serving or that of your own issuer, and leave out those that make client certificates. Where certificates come from outside the cluster, remove the rule.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing',
    'https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization',
  ],
  attack: ['T1098'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate,
});
