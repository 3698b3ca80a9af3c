import { networkPolicyKinds, type Peer, rulesOf, workloadIndex } from '@bulwark/analyses';
import { compileSelector, defineControl, type ObjectView, type Path, type Selector } from '@bulwark/core';

interface JudgedPeer {
  readonly path: Path;
  readonly namespace: string;
  readonly pods: Selector;
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** The one namespace of a peer: the policy's own, or the one that it names; undefined when it may be several. */
function namespaceOf({ spec }: Peer, own: string): string | undefined {
  const raw = spec['namespaceSelector'] ?? undefined;
  if (raw === undefined) return own;
  const selector = compileSelector(raw, { absent: 'nothing' });
  const [only, ...others] = selector.ok ? selector.value.requirements : [];
  const isName = only?.key === NAMESPACE_NAME && only.operator === 'In' && only.values.length === 1;
  return isName && others.length === 0 ? only.values[0] : undefined;
}

/** Peers that select some pods of one namespace of which pods are known. */
function judgedPeers({ resource, world }: ObjectView): readonly JudgedPeer[] {
  const index = world.get(workloadIndex);
  return rulesOf(resource)
    .flatMap(({ peers }) => peers ?? [])
    .flatMap((peer) => {
      const pods = compileSelector(peer.spec['podSelector'], { absent: 'everything' });
      const namespace = namespaceOf(peer, resource.namespace);
      if (!pods.ok || pods.value.empty || namespace === undefined) return [];
      if (index.inNamespace(namespace).length === 0) return [];
      return [{ path: [...peer.path, 'podSelector'], namespace, pods: pods.value }];
    });
}

export const networkPolicyPeerDangling = defineControl({
  id: 'network-policy-peer-dangling',
  aliases: ['kube-linter:dangling-networkpolicypeer-podselector'],
  title: 'The pod selector of a network policy rule must select a pod',
  problem: 'have rules whose pod selector selects no pod',
  message: 'A rule of {resource} names pods of namespace {namespace} of which there are none.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The rule allows nothing today. Either a connection that should work is cut, or whoever may create a pod with those labels gets a way in that nobody remembers.',
  remediation:
    'Correct the labels, add a namespaceSelector where the pods live elsewhere, or remove the rule. Where the pods come from an operator or another repository, exempt the policy.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  attack: [],
  appliesTo: networkPolicyKinds,
  looks: 'world',
  reads: [workloadIndex],
  notApplicable: (view) =>
    judgedPeers(view).length === 0
      ? 'No rule names pods of one namespace of which pods are known.'
      : undefined,
  *evaluate(view) {
    const index = view.world.get(workloadIndex);
    for (const { path, namespace, pods } of judgedPeers(view))
      if (index.matching(namespace, pods).length === 0) yield view.at(path, { namespace });
  },
});
