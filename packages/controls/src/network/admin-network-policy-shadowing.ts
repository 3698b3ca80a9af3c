import { arrayAt, compileSelector, defineControl, get, isObject, type Json, kinds } from '@bulwark/core';

const DIRECTIONS = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const;

function isEverything(selector: Json | undefined): boolean {
  if (!isObject(selector)) return false;
  const compiled = compileSelector(selector, { absent: 'nothing' });
  return compiled.ok && compiled.value.empty;
}

/** Whether a peer is every pod of the cluster. */
function isEveryPod(peer: Json): boolean {
  const pods = get(peer, 'pods');
  return (
    isEverything(get(peer, 'namespaces')) ||
    (isEverything(get(pods, 'namespaceSelector')) && isEverything(get(pods, 'podSelector')))
  );
}

/** Whether a rule decides on all traffic with pods. */
function decidesAll(rule: Json, field: string): boolean {
  // v1alpha1 restricts ports in `ports`, v1alpha2 in `protocols`.
  if ((arrayAt(rule, 'ports') ?? arrayAt(rule, 'protocols') ?? []).length > 0) return false;
  return (arrayAt(rule, field) ?? []).some(isEveryPod);
}

/** Whether a rule is only about pods: addresses, nodes and names are none. */
function isAboutPods(rule: Json, field: string): boolean {
  const peers = arrayAt(rule, field) ?? [];
  return (
    peers.length > 0 &&
    peers.every((peer) => isObject(get(peer, 'namespaces')) || isObject(get(peer, 'pods')))
  );
}

export const adminNetworkPolicyShadowing = defineControl({
  id: 'admin-network-policy-shadowing',
  aliases: [],
  title: 'Rules of a cluster-wide network policy must not stand behind one that decides everything',
  problem: 'have rules that never apply',
  message:
    'A rule in {direction} of {resource} never applies: rule {earlier} before it decides on every pod.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Rules of these policies are tried in their order and the first that matches decides, Pass included. A rule behind one that matches every pod on every port is dead: what it was written to allow or deny does not happen.',
  remediation: 'Move the general rule to the end, or remove the rules behind it.',
  references: ['https://network-policy-api.sigs.k8s.io/api-overview/'],
  attack: [],
  appliesTo: kinds(
    'policy.networking.k8s.io/AdminNetworkPolicy',
    'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
    'policy.networking.k8s.io/ClusterNetworkPolicy',
  ),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [direction, field] of DIRECTIONS) {
      const rules = arrayAt(resource.object, 'spec', direction) ?? [];
      const earlier = rules.findIndex((rule) => decidesAll(rule, field));
      if (earlier < 0) continue;
      for (const [index, rule] of rules.entries())
        if (index > earlier && isAboutPods(rule, field))
          yield at(['spec', direction, index], { direction, earlier });
    }
  },
});
