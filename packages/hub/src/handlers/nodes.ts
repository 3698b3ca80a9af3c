import {
  arrayAt,
  type JsonObject,
  joinContent,
  nameInQuery,
  objectAt,
  RESOURCE_FIELDS,
  standingOfNode,
  stringAt,
} from '@bulwark/core';
import {
  clusterFacts,
  listResources,
  objectsOf,
  podsByNode,
  type ResourceRecord,
  type Scope,
  type Store,
  sharedKindNames,
  within,
} from '@bulwark/store';
import { clusterOf, iso } from './convert.ts';
import { type Asked, listRequestOf } from './list-request.ts';
import { seenKinds } from './passport-context.ts';

/** What the nodes of one cluster are described with. */
interface Surroundings {
  readonly objects: ReadonlyMap<string, JsonObject>;
  /** How many there are on a node; null where pods are not seen. */
  readonly podsOn: (node: string) => number | null;
  /** The API server's version; empty where it is not known, as that of the past is not. */
  readonly apiServer: string;
  readonly today: string;
}

/** Nodes, the versions of what runs on them, and how these stand. */
export async function nodeItems(store: Store, scope: Scope, asked: Asked, now: Date) {
  const request = listRequestOf(asked, RESOURCE_FIELDS, now);
  const page = await listResources(store, scope, { ...request, kind: 'Node' });
  const clusters = [...new Set(page.items.map(({ clusterId }) => clusterId))];
  const namesIn = (cluster: number): readonly string[] =>
    page.items.filter(({ clusterId }) => clusterId === cluster).map(({ name }) => name);
  const [facts, shared] = await Promise.all([
    clusterFacts(store, scope, request.asOf),
    sharedKindNames(store, scope),
  ]);
  const kindInQueries = nameInQuery('Node', shared);
  const surroundings = new Map(
    await Promise.all(
      clusters.map(async (cluster): Promise<[number, Surroundings]> => {
        const own = { cluster, asOf: request.asOf };
        const known = facts.find(({ id }) => id === cluster);
        const [objects, pods] = await Promise.all([
          objectsOf(store, within(scope, cluster), { ...own, kinds: ['Node'], names: namesIn(cluster) }),
          podsByNode(store, within(scope, cluster), own),
        ]);
        return [
          cluster,
          {
            objects: new Map(objects.map((each) => [each.name, joinContent(each)])),
            podsOn: (node) => (seenKinds(known)('Pod') ? (pods.get(node) ?? 0) : null),
            apiServer: request.asOf === undefined ? (known?.version ?? '') : '',
            today: (request.asOf ?? now).toISOString().slice(0, 10),
          },
        ];
      }),
    ),
  );
  return {
    ...page,
    items: page.items.map((record) => ({
      ...nodeItem(record, surroundings.get(record.clusterId)),
      kindInQueries,
    })),
  };
}

function nodeItem(record: ResourceRecord, around: Surroundings | undefined) {
  const object = around?.objects.get(record.name);
  const info = objectAt(object, 'status', 'nodeInfo');
  const of = (field: string): string => stringAt(info, field) ?? '';
  const versions = {
    kubelet: of('kubeletVersion'),
    runtime: of('containerRuntimeVersion'),
    os: of('osImage'),
  };
  const standing = standingOfNode(versions, around?.apiServer ?? '', around?.today ?? '');
  return {
    cluster: clusterOf(record),
    name: record.name,
    ...versions,
    kernel: of('kernelVersion'),
    architecture: of('architecture'),
    addresses: (arrayAt(object, 'status', 'addresses') ?? []).flatMap(
      (each) => stringAt(each, 'address') ?? [],
    ),
    roles: Object.keys(record.labels)
      .filter((label) => label.startsWith(ROLE))
      .map((label) => label.slice(ROLE.length)),
    taints: (arrayAt(object, 'spec', 'taints') ?? []).map(
      (taint) => `${stringAt(taint, 'key') ?? ''}:${stringAt(taint, 'effect') ?? ''}`,
    ),
    pods: around?.podsOn(record.name) ?? null,
    skew: standing.behind ?? null,
    endOfLife: standing.kubernetesEnd ?? null,
    runtimeEndOfLife: standing.runtimeEnd ?? null,
    osEndOfLife: standing.osEnd ?? null,
    problems: [...standing.problems],
    firstSeen: iso(record.firstSeen),
  };
}

const ROLE = 'node-role.kubernetes.io/';
