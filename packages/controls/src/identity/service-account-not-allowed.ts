import { serviceAccountOf } from '@bulwark/analyses';
import { defineControl, textsParam, workloads } from '@bulwark/core';
import { whyNoAccount } from './pod-accounts.ts';

/** A text in which `*` stands for any characters, none included. */
function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

export const serviceAccountNotAllowed = defineControl({
  id: 'service-account-not-allowed',
  aliases: [],
  title: 'Pods must run as a service account that the team allows',
  problem: 'run as a service account that is not allowed',
  message: '{resource} runs as the service account {account}, which the configuration does not allow.',
  severity: 'medium',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Whoever may create pods in a namespace may run them as any of its service accounts. A list of those that workloads are meant to have shows a pod that borrows the account of a controller or of a deploy tool.',
  remediation: 'Run the pod as an account of the list, or add its account to the list.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation'],
  attack: ['T1078'],
  params: {
    accounts: textsParam(
      'The service accounts that pods may run as, as namespace/name, where * stands for any characters.',
      { minimum: 1 },
    ),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoAccount,
  *evaluate({ resource, spec, params, at }) {
    const account = `${resource.namespace}/${serviceAccountOf(spec)}`;
    if (!params.accounts.some((pattern) => matchesPattern(pattern, account)))
      yield at('serviceAccountName', { account });
  },
});
