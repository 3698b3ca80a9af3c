import { clusterRules, parseKubernetesVersion, stringAt } from '@bulwark/core';
import { type ClusterFacts, hashedObjects, type Store, scopeOf } from '@bulwark/store';
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
  return clusters.flatMap(({ version }) => spanOf(version));
}

function spanOf(version: string): readonly VersionSpan[] {
  if (version === '') return [];
  const { minor } = clusterRules(version).version;
  return [{ from: minor, to: minor }];
}

/**
 * The versions of clusters at a moment. Of one that is not known, as it was not kept yet, it is known between which it was: no API
 * server goes back to an older version than it had, and none is older than a kubelet of its nodes.
 * That all its nodes are looked at, whatever namespaces are asked for, tells nobody more than these numbers.
 */
export async function versionsAt(
  store: Store,
  { clusters, asOf }: { readonly clusters: readonly ClusterFacts[]; readonly asOf: Date },
): Promise<readonly VersionSpan[]> {
  const unknown = clusters.filter(({ versionThen }) => versionThen === null).map(({ id }) => id);
  const scope = scopeOf({ clusters: unknown, namespaces: 'all' });
  const nodes = await hashedObjects(store, scope, { kinds: ['Node'], withWorkloads: false, asOf });
  const minors = await kubelets.of(
    store,
    scope,
    nodes.map(({ bodyHash }) => bodyHash),
  );
  const byCluster = groupBy(nodes, ({ clusterId }) => clusterId);
  return clusters.flatMap(({ id, version, versionThen }) => {
    if (versionThen !== null) return spanOf(versionThen);
    const own = (byCluster.get(id) ?? []).map(({ bodyHash }) => minors.get(bodyHash) ?? 0);
    return spanOf(version).map(({ to }) => ({ from: Math.min(to, Math.max(0, ...own)), to }));
  });
}
