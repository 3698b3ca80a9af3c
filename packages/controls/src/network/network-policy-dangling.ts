import { networkPolicyKinds, workloadIndex } from '@bulwark/analyses';
import { compileSelector, defineControl, get, type ObjectView, type Selector } from '@bulwark/core';

function selectorOf({ resource }: ObjectView): Selector | undefined {
  const selector = compileSelector(get(resource.object, 'spec', 'podSelector'), { absent: 'everything' });
  return selector.ok ? selector.value : undefined;
}

export const networkPolicyDangling = defineControl({
  id: 'network-policy-dangling',
  aliases: ['kubescape:C-0299', 'kube-linter:dangling-networkpolicy', 'kube-score:networkpolicy-targets-pod'],
  title: 'A network policy must select a pod',
  problem: 'select no pod',
  message: '{resource} selects none of the pods of namespace {namespace}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A policy that selects nothing protects nothing. Mostly a label was renamed or mistyped, and the pods that it was written for have been open since.',
  remediation:
    'Compare podSelector with the labels of the pod template, not with those of the Deployment. Where the pods come from an operator or another repository, exempt the policy.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  attack: [],
  appliesTo: networkPolicyKinds,
  looks: 'world',
  reads: [workloadIndex],
  notApplicable(view) {
    if (selectorOf(view) === undefined) return 'Its selector is invalid, which another control judges.';
    const { resource, world } = view;
    const isEmpty = world.get(workloadIndex).inNamespace(resource.namespace).length === 0;
    return isEmpty ? 'No pod of its namespace is known.' : undefined;
  },
  *evaluate(view) {
    const { resource, world, at } = view;
    const selector = selectorOf(view);
    if (selector === undefined) return;
    if (world.get(workloadIndex).matching(resource.namespace, selector).length === 0)
      yield at('spec.podSelector', { namespace: resource.namespace });
  },
});
