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
  const path = url.pathname;
  const parts = path.split('/').slice(1);
  const isCore = parts[0] === 'api';
  const [version = '', ...rest] = isCore ? parts.slice(1) : parts.slice(2);
  const group = isCore ? '' : (parts[1] ?? '');
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [resource = '', name] = isNamespaced ? rest.slice(2) : rest;
  const namespace = isNamespaced ? (rest[1] ?? '') : '';
  const isApi = isCore || parts[0] === 'apis';
  const type = types.find(
    (each) => each.group === group && each.resource === resource && each.versions.includes(version),
  );
  const isDiscovery = !isApi || resource === '';
  const isWatch = /^(1|true)$/.test(url.searchParams.get('watch') ?? '');
  const verb = isDiscovery ? 'discovery' : name !== undefined ? 'get' : isWatch ? 'watch' : 'list';
  return { facts: { verb, group, resource, namespace, path }, type, version, name };
}
