import type { ResourceType } from './resource-type.ts';

/** The media type in which one answer tells of all groups. */
export const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The answer for `/api` or `/apis` that tells everything. `stale` names groups whose server does not answer. */
export function aggregatedDiscovery(types: readonly ResourceType[], stale: ReadonlySet<string>): unknown {
  const items = [...grouped(types)].map(([group, members]) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versionsOf(members).map((version) => ({
      version,
      freshness: stale.has(group) ? 'Stale' : 'Current',
      resources: stale.has(group)
        ? []
        : members.filter(({ versions }) => versions.includes(version)).map(aggregatedResource),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedResource({
  resource,
  kind,
  namespaced,
  verbs = ['list', 'watch'],
}: ResourceType): unknown {
  return {
    resource,
    responseKind: { group: '', version: '', kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.toLowerCase(),
    verbs,
    subresources: [{ subresource: 'status', responseKind: { group: '', version: '', kind }, verbs: ['get'] }],
  };
}

/** The answers of discovery before 1.26, by path. */
export function plainDiscovery(types: readonly ResourceType[], path: string): unknown {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupList(types) };
  const [, root, ...rest] = path.split('/');
  const group = root === 'api' ? '' : (rest[0] ?? '');
  if (root === 'apis' && rest.length === 1) {
    const [found] = groupList(types.filter((type) => type.group === group));
    return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...found };
  }
  const version = root === 'api' ? rest[0] : rest[1];
  const members = types.filter((type) => type.group === group && type.versions.includes(version ?? ''));
  if (members.length === 0) return undefined;
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: members.flatMap(plainResources),
  };
}

function plainResources({ resource, kind, namespaced, verbs = ['list', 'watch'] }: ResourceType): unknown[] {
  return [
    { name: resource, singularName: '', namespaced, kind, verbs },
    { name: `${resource}/status`, singularName: '', namespaced, kind, verbs: ['get', 'list'] },
  ];
}

function groupList(types: readonly ResourceType[]): object[] {
  return [...grouped(types.filter(({ group }) => group !== ''))].map(([name, members]) => {
    const versions = versionsOf(members).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: versions.toReversed(), preferredVersion: versions[0] };
  });
}

function grouped(types: readonly ResourceType[]): Map<string, ResourceType[]> {
  const groups = new Map<string, ResourceType[]>();
  for (const type of types) groups.set(type.group, [...(groups.get(type.group) ?? []), type]);
  return groups;
}

function versionsOf(types: readonly ResourceType[]): string[] {
  return [...new Set(types.flatMap(({ versions }) => versions))];
}
