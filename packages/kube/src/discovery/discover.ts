import {
  arrayAt,
  err,
  type GroupKind,
  get,
  groupOf,
  isObject,
  type Json,
  type JsonObject,
  ok,
  type Result,
  stringAt,
} from '@bulwark/core';
import type { KubeClient } from '../client/client.ts';
import { failure, isPassing, type KubeFailure } from '../client/failure.ts';
import { Gate } from '../client/gate.ts';
import { apiVersionOf, type Discovery, isUnknown, kindsOf, type ServedResource } from './served-kind.ts';

/** The form in which one answer tells of all groups (since 1.26), and what is understood without it. */
const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** How many versions are asked for at a time. */
const PLACES = 6;
/** The only version of the core group that there is. */
const CORE = 'v1';
/** Every API server has core kinds, and groups besides. */
const NOTHING = failure('garbled', 'The answer does not name anything that the cluster serves.');

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
      list['kind'] === 'APIGroupDiscoveryList' ? aggregated(list) : await oneByOne(client, list, signal);
    if (!part.ok) return part;
    found.push(part.value);
  }
  return ok(discoveryOf(...found));
}

/**
 * What a cluster serves, with what it did not name of kinds that it served before: their groups are asked one by one, as an
 * answer for all groups can leave out those whose server is away, or that it has not heard of yet. A group is gone only
 * where the server answers that there is none.
 */
export async function confirmed(
  client: KubeClient,
  discovery: Discovery,
  { before, signal }: { readonly before: Iterable<GroupKind>; readonly signal: AbortSignal },
): Promise<Discovery> {
  const named = new Set(discovery.kinds.map(({ groupKind }) => groupKind));
  const missing = [...before].filter((groupKind) => !named.has(groupKind)).map(groupOf);
  const kinds = [...discovery.kinds];
  const unknown = [...discovery.unknown];
  for (const group of new Set(missing)) {
    if (isUnknown(group, unknown)) continue;
    const found = await oneGroup(client, group, signal);
    if (found.ok) {
      kinds.push(...found.value.kinds.filter(({ groupKind }) => !named.has(groupKind)));
      unknown.push(...found.value.unknown);
    } else unknown.push(group === '' ? CORE : apiVersionOf({ group, version: '*' }));
  }
  return { kinds, unknown };
}

async function oneGroup(
  client: KubeClient,
  group: string,
  signal: AbortSignal,
): Promise<Result<Discovery, KubeFailure>> {
  const got = await client.get(group === '' ? '/api' : `/apis/${group}`, { signal });
  if (!got.ok) return got.error.kind === 'not-found' && group !== '' ? ok(discoveryOf()) : got;
  const { value } = got.value;
  const found = await oneByOne(client, group === '' ? value : { groups: [value] }, signal);
  return found.ok ? ok(discoveryOf(found.value)) : found;
}

function discoveryOf(...found: readonly Found[]): Discovery {
  return {
    kinds: kindsOf(found.flatMap(({ resources }) => resources)),
    unknown: found.flatMap(({ unknown }) => unknown),
  };
}

function aggregated(list: JsonObject): Result<Found, KubeFailure> {
  const resources: ServedResource[] = [];
  const unknown: string[] = [];
  for (const item of arrayAt(list, 'items') ?? []) {
    const group = stringAt(item, 'metadata', 'name') ?? '';
    for (const each of arrayAt(item, 'versions') ?? []) {
      const version = stringAt(each, 'version') ?? '';
      if (stringAt(each, 'freshness') === 'Stale') unknown.push(apiVersionOf({ group, version }));
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
  return resources.length + unknown.length === 0 ? err(NOTHING) : ok({ resources, unknown });
}

/** Discovery before 1.26: each version of each group is asked for. */
async function oneByOne(
  client: KubeClient,
  root: JsonObject,
  signal: AbortSignal | undefined,
): Promise<Result<Found, KubeFailure>> {
  const versions = versionsOf(root);
  if (versions.length === 0) return err(NOTHING);
  const gate = new Gate(PLACES);
  const answers = await Promise.all(
    versions.map(async ({ group, version }) => {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      return { group, version, got: await gate.run(() => client.get(path, { signal })) };
    }),
  );
  const resources: ServedResource[] = [];
  const unknown: string[] = [];
  for (const { group, version, got } of answers) {
    const list = got.ok ? got.value.value : undefined;
    if (list?.['kind'] === 'APIResourceList') resources.push(...resourcesOf(list, group, version));
    // An extension that answers nobody must not keep everything else from being seen.
    else if (group !== '' || got.ok || got.error.kind === 'not-found' || isPassing(got.error))
      unknown.push(apiVersionOf({ group, version }));
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
