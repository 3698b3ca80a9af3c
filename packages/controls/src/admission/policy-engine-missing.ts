import { admissionPolicyBindings, podSecurityLevels } from '@bulwark/analyses';
import { defineControl, kinds, type WorldView } from '@bulwark/core';
import { failsOpen, seesNewPods, VALIDATING, webhooksOf } from './webhooks.ts';

/** A namespace that every cluster has and that files rarely do: the one place for a finding about the cluster. */
const CLUSTER = 'kube-system';

/** Whether anything refuses pods: a level of a namespace, a policy of the API server, or a webhook. */
function hasControl(world: WorldView): boolean {
  if (world.get(admissionPolicyBindings).anyDenies) return true;
  const levels = world.get(podSecurityLevels);
  if (world.namespaces().some((name) => levels.of(name).enforce.level !== 'privileged')) return true;
  return world
    .list(VALIDATING)
    .some((configuration) =>
      webhooksOf(configuration).some((webhook) => seesNewPods(webhook) && !failsOpen(configuration, webhook)),
    );
}

export const policyEngineMissing = defineControl({
  id: 'policy-engine-missing',
  aliases: ['kubescape:C-0192'],
  title: 'Something in the cluster must refuse dangerous pods',
  problem: 'belong to a cluster in which nothing refuses dangerous pods',
  message:
    'No namespace enforces a Pod Security Standard, no admission policy denies, and no webhook judges new pods.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Checks in a pipeline see what goes through the pipeline. Without control at admission, a stolen credential that may create pods can start a privileged one, whatever the manifests in the repository look like.',
  remediation:
    'Label namespaces with the Pod Security Standard to enforce: this is built in and needs no installation. For rules beyond it, use ValidatingAdmissionPolicy with validationActions [Deny], or a policy engine with failurePolicy Fail.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  ],
  attack: ['T1610', 'T1611'],
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: ['Namespace', VALIDATING, admissionPolicyBindings, podSecurityLevels],
  notApplicable: ({ resource }) =>
    resource.name === CLUSTER ? undefined : 'What holds for the cluster is judged once, at kube-system.',
  *evaluate({ world, at }) {
    if (!hasControl(world)) yield at('metadata.name');
  },
});
