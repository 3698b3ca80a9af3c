import { clusterRules, parseKubernetesVersion, stringAt } from '@bulwark/core';
import { type ClusterFacts, hashedObjects, type Scope, type Store, scopeOf } from '@bulwark/store';
import { BodyFacts } from './body-facts.ts';
import { groupBy } from './group-by.ts';

/** Between which minor versions of Kubernetes the API server of a cluster is or was, both included. */
export interface VersionSpan {
  readonly from: number;
  readonly to: number;
}

/** The minor version of the kubelet of a node, by its body; 0 where that does not say. */
const kubelets = new BodyFacts<number>((body) => {
  const version = parseKubernetesVersion(stringAt(body, 'status', 'nodeInfo', 'kubeletVersion') ?? '');
  return version.ok ? version.value.minor : 0;
});

/** The versions of clusters as they are now; one that was never reached has none. */
export function versionsNow(clusters: readonly ClusterFacts[]): readonly VersionSpan[] {
  return clusters.flatMap(({ version }) => {
    if (version === '') return [];
    const { minor } = clusterRules(version).version;
    return [{ from: minor, to: minor }];
  });
}

/**
 * The versions of clusters at a moment, as far as they are known: of the past they are not kept. No API server goes back to an
 * older version than it had, and none is older than a kubelet of its nodes.
 *
 * @param scope whose clusters they are: that all their nodes are looked at tells nobody more than these numbers.
 */
export async function versionsAt(
  store: Store,
  { clusters: ids }: Scope,
  { clusters, asOf }: { readonly clusters: readonly ClusterFacts[]; readonly asOf: Date },
): Promise<readonly VersionSpan[]> {
  const scope = scopeOf({ clusters: ids, namespaces: 'all' });
  const nodes = await hashedObjects(store, scope, { kinds: ['Node'], withWorkloads: false, asOf });
  const minors = await kubelets.of(
    store,
    scope,
    nodes.map(({ bodyHash }) => bodyHash),
  );
  const byCluster = groupBy(nodes, ({ clusterId }) => clusterId);
  return clusters.flatMap((cluster) =>
    versionsNow([cluster]).map(({ to }) => {
      const own = (byCluster.get(cluster.id) ?? []).map(({ bodyHash }) => minors.get(bodyHash) ?? 0);
      return { from: Math.min(to, Math.max(0, ...own)), to };
    }),
  );
}
