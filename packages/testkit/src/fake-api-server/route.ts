import type { RequestFacts } from './faults.ts';
import type { ResourceType } from './resource-type.ts';

/** What a path and its query ask for. */
export interface Route {
  readonly facts: RequestFacts;
  readonly type: ResourceType | undefined;
  readonly version: string;
  /** For one object. */
  readonly name: string | undefined;
}

/** Finds out what a request is about. */
export function routeOf(url: URL, types: readonly ResourceType[]): Route {
  const { group, version, rest } = rootOf(url.pathname);
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [resource = '', name] = isNamespaced ? rest.slice(2) : rest;
  const namespace = isNamespaced ? (rest[1] ?? '') : '';
  const type = types.find(
    (each) => each.group === group && each.resource === resource && each.versions.includes(version),
  );
  const verb = verbOf(url, resource, name);
  return { facts: { verb, group, resource, namespace, path: url.pathname }, type, version, name };
}

function rootOf(path: string): { group: string; version: string; rest: readonly string[] } {
  const [root, ...parts] = path.split('/').slice(1);
  if (root === 'api') return { group: '', version: parts[0] ?? '', rest: parts.slice(1) };
  if (root === 'apis') return { group: parts[0] ?? '', version: parts[1] ?? '', rest: parts.slice(2) };
  return { group: '', version: '', rest: [] };
}

function verbOf(url: URL, resource: string, name: string | undefined): RequestFacts['verb'] {
  if (resource === '') return 'discovery';
  if (name !== undefined) return 'get';
  return /^(1|true)$/.test(url.searchParams.get('watch') ?? '') ? 'watch' : 'list';
}
