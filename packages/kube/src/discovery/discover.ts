import { arrayAt, get, isObject, type Json, type JsonObject, ok, type Result, stringAt } from '@bulwark/core';
import type { KubeClient } from '../client/client.ts';
import { isPassing, type KubeFailure } from '../client/failure.ts';
import { type Discovery, kindsOf, type ServedResource } from './served-kind.ts';

/** The form in which one answer tells of all groups (since 1.26), and what is understood without it. */
const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

interface Found {
  readonly resources: readonly ServedResource[];
  readonly unknown: readonly string[];
}

/** Asks a cluster what it serves. */
export async function discover(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<Result<Discovery, KubeFailure>> {
  const found: Found[] = [];
  for (const root of ['/api', '/apis']) {
    const got = await client.get(root, { accept: ACCEPT, signal });
    if (!got.ok) return got;
    const list = got.value.value;
    const part =
      list['kind'] === 'APIGroupDiscoveryList' ? ok(aggregated(list)) : await oneByOne(client, list, signal);
    if (!part.ok) return part;
    found.push(part.value);
  }
  return ok({
    kinds: kindsOf(found.flatMap(({ resources }) => resources)),
    unknown: found.flatMap(({ unknown }) => unknown),
  });
}

function aggregated(list: JsonObject): Found {
  const resources: ServedResource[] = [];
  const unknown: string[] = [];
  for (const item of arrayAt(list, 'items') ?? []) {
    const group = stringAt(item, 'metadata', 'name') ?? '';
    for (const each of arrayAt(item, 'versions') ?? []) {
      const version = stringAt(each, 'version') ?? '';
      if (stringAt(each, 'freshness') === 'Stale') unknown.push(nameOf(group, version));
      for (const resource of arrayAt(each, 'resources') ?? [])
        resources.push({
          group,
          version,
          kind: stringAt(resource, 'responseKind', 'kind') ?? '',
          resource: stringAt(resource, 'resource') ?? '',
          namespaced: stringAt(resource, 'scope') === 'Namespaced',
          verbs: textsAt(resource, 'verbs'),
        });
    }
  }
  return { resources, unknown };
}

/** Discovery before 1.26: each version of each group is asked for. */
async function oneByOne(
  client: KubeClient,
  root: JsonObject,
  signal: AbortSignal | undefined,
): Promise<Result<Found, KubeFailure>> {
  const answers = await Promise.all(
    versionsOf(root).map(async ({ group, version }) => {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      return { group, version, got: await client.get(path, { signal }) };
    }),
  );
  const resources: ServedResource[] = [];
  const unknown: string[] = [];
  for (const { group, version, got } of answers) {
    if (got.ok) resources.push(...resourcesOf(got.value.value, group, version));
    else if (got.error.kind === 'not-found' || isPassing(got.error)) unknown.push(nameOf(group, version));
    else return got;
  }
  return ok({ resources, unknown });
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** The versions of the core group, or of all others; the preferred one of each first. */
function versionsOf(root: JsonObject): GroupVersion[] {
  if (root['kind'] === 'APIVersions')
    return textsAt(root, 'versions').map((version) => ({ group: '', version }));
  return (arrayAt(root, 'groups') ?? []).flatMap((item) => {
    const group = stringAt(item, 'name') ?? '';
    const versions = (arrayAt(item, 'versions') ?? []).map((each) => stringAt(each, 'version') ?? '');
    const preferred = stringAt(item, 'preferredVersion', 'version');
    versions.sort((a, b) => Number(b === preferred) - Number(a === preferred));
    return versions.map((version) => ({ group, version }));
  });
}

function resourcesOf(list: JsonObject, group: string, version: string): ServedResource[] {
  return (arrayAt(list, 'resources') ?? []).filter(isObject).map((item) => ({
    group,
    version,
    kind: stringAt(item, 'kind') ?? '',
    resource: stringAt(item, 'name') ?? '',
    namespaced: get(item, 'namespaced') === true,
    verbs: textsAt(item, 'verbs'),
  }));
}

function textsAt(value: Json, field: string): string[] {
  return (arrayAt(value, field) ?? []).filter((each) => typeof each === 'string');
}

function nameOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
