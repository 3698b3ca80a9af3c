import { DEFAULT_SERVICE_ACCOUNT, hasWrittenNamespace, serviceAccountOf } from '@bulwark/analyses';
import { defineControl, type WorkloadView, workloads } from '@bulwark/core';
import { accountObject, runsAsDefault, whyNoAccount } from './pod-accounts.ts';

const KIND = 'ServiceAccount';

/** Accounts that the deploy tool puts into the namespace it chooses, which may well be the workload's. */
function isInUnwrittenNamespace({ spec, world }: WorkloadView): boolean {
  const account = world.find(KIND, DEFAULT_SERVICE_ACCOUNT, serviceAccountOf(spec));
  return account !== undefined && !hasWrittenNamespace(account);
}

/** Without any other account of the namespace, its accounts are simply not in these files. */
function whyUnknown({ resource, world }: WorkloadView): string | undefined {
  const others = world.inNamespace(KIND, resource.namespace);
  return others.some(({ name }) => name !== DEFAULT_SERVICE_ACCOUNT)
    ? undefined
    : 'No service account of the namespace is among the objects.';
}

export const serviceAccountNotFound = defineControl({
  id: 'service-account-not-found',
  aliases: ['kubescape:C-0307', 'kube-linter:non-existent-service-account'],
  title: 'The service account that a pod names must exist',
  problem: 'name a service account that does not exist',
  message: '{resource} runs as the service account {account}, which namespace {namespace} does not have.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The API server refuses pods whose service account does not exist, so the workload does not start, or no longer starts after its next eviction. Until then the name is free: whoever may create service accounts and bindings in the namespace decides what the workload can do.',
  remediation:
    'Correct serviceAccountName, or add the service account. When it is created elsewhere, scan it together with the workload or accept the finding.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#serviceaccount',
  ],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [KIND],
  notApplicable: (view) =>
    whyNoAccount(view) ?? (accountObject(view) === undefined ? whyUnknown(view) : undefined),
  *evaluate(view) {
    if (runsAsDefault(view) || accountObject(view) !== undefined || isInUnwrittenNamespace(view)) return;
    const { resource, spec } = view;
    yield view.at('serviceAccountName', {
      account: serviceAccountOf(spec),
      namespace: resource.namespace,
    });
  },
});
