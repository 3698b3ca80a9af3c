import { type BoundServiceAccounts, boundServiceAccounts, serviceAccountOf } from '@bulwark/analyses';
import { defineControl, mayBreak, setValue, type WorkloadView, workloads } from '@bulwark/core';
import {
  accountObject,
  hasCloudIdentity,
  mountsToken,
  runsAsDefault,
  whyNoAccount,
  whyTest,
} from './pod-accounts.ts';

function isBound({ resource, spec, world }: WorkloadView): boolean {
  const bound: BoundServiceAccounts = world.get(boundServiceAccounts);
  return bound.isBound(resource, serviceAccountOf(spec));
}

/** A named account that is not here has its bindings elsewhere too, so whether the token is needed is not known. */
function whyUnknown(view: WorkloadView): string | undefined {
  if (!mountsToken(view) || runsAsDefault(view) || isBound(view)) return undefined;
  return accountObject(view) === undefined ? 'The service account is not among the objects.' : undefined;
}

export const automountServiceAccountToken = defineControl({
  id: 'automount-service-account-token',
  aliases: [
    'trivy:KSV-0036',
    'kubescape:C-0034',
    'kubescape:C-0190',
    'kubescape:C-0261',
    'checkov:CKV_K8S_38',
    'polaris:automountServiceAccountToken',
    'kyverno:restrict-automount-sa-token',
    'kubesec:AutomountServiceAccountToken',
  ],
  title: 'Pods must not get a token that they have no use for',
  problem: 'get a service account token although nothing is granted to the account',
  message: '{resource} gets a token of the service account {account}, to which no binding gives anything.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The token lies in a file of every container. It lets an attacker ask the API server as an authenticated user: which kinds exist, whether a flaw of the server is open, and whatever somebody grants to the account or to all accounts later.',
  remediation:
    'Set automountServiceAccountToken to false on the pod, or on the service account for all its pods. Pods that call the API server need the token: bind a role to an account of their own, and this control leaves them alone. When the bindings are in another repository, scan both together.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    'https://kubernetes.io/docs/concepts/security/service-accounts/',
  ],
  attack: ['T1528', 'T1613'],
  fix: setValue(
    false,
    mayBreak(
      'A container that calls the API server, even only as an authenticated user, can no longer do so.',
    ),
  ),
  appliesTo: workloads,
  looks: 'world',
  reads: ['ServiceAccount', boundServiceAccounts],
  notApplicable: (view) => whyNoAccount(view) ?? whyTest(view) ?? whyUnknown(view),
  *evaluate(view) {
    if (!mountsToken(view) || isBound(view) || hasCloudIdentity(accountObject(view))) return;
    yield view.at('automountServiceAccountToken', { account: serviceAccountOf(view.spec) });
  },
});
