import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupKindOf, type JsonObject } from '@bulwark/core';
import { CONTROL_PLANE } from '@bulwark/testkit';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LivePlane, lineOf, READY_MS, settled } from './control-plane.testing.ts';
import { CUSTOM_KINDS, definitionOf, objectOf } from './custom-kinds.testing.ts';
import { rbacManifests } from './kinds/rbac-manifests.ts';
import { WATCHED_KINDS } from './kinds/watched-kinds.ts';

/** Kinds of Kubernetes that only other versions or settings serve. Their groups are its own: they cannot be defined. */
const UNSERVED = [
  'certificates.k8s.io ClusterTrustBundle clustertrustbundles Cluster',
  'policy PodSecurityPolicy podsecuritypolicies Cluster',
];

/**
 * Proves of every kind that is watched that the list has its group, kind, name in paths and scope right: by what the control
 * plane serves by itself, and else by definitions made from a table that does not come from the list. Proves of the kinds in
 * the table besides that the generated role, which is made from the list, is enough to read them, and that their objects
 * are collected as kubectl lists them. The kinds that are served anyway have that proof beside this one.
 */
describe.skipIf(CONTROL_PLANE === undefined)('every kind that is watched (needs shared/testbed)', () => {
  const live = new LivePlane();

  beforeAll(async () => {
    await live.plane.apply(...CUSTOM_KINDS.map(definitionOf));
    await live.plane.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
    const objects = CUSTOM_KINDS.map(objectOf);
    // A kind is established a moment before it is found by everyone.
    await vi.waitFor(() => live.plane.apply(...objects), { timeout: READY_MS, interval: 500 });

    const role = join(live.plane.folder, 'rbac.yaml');
    writeFileSync(role, rbacManifests()['rbac.yaml']);
    await live.plane.kubectl('apply', '-f', role);
    const binding = ['clusterrolebinding', 'every-kind', '--clusterrole=bulwark-hub'];
    await live.plane.kubectl('create', ...binding, '--user=testbed-nobody');
  }, 4 * READY_MS);

  it('has its group, kind, name and scope as it is served', async () => {
    const served = new Set(
      (await live.plane.kubectl('api-resources', '--no-headers')).split('\n').map(rowOf),
    );
    const listed = WATCHED_KINDS.map(({ group, kind, resource, namespaced }) =>
      [group, kind, resource, namespaced ? 'Namespaced' : 'Cluster'].join(' '),
    );
    const defined = CUSTOM_KINDS.map(({ group, kind, plural, scope }) =>
      [group, kind, plural, scope].join(' '),
    );

    expect(listed.filter((row) => !served.has(row)).sort()).toEqual(UNSERVED);
    expect(defined.filter((row) => !listed.includes(row))).toEqual([]);
  });

  it('is collected with the generated role as kubectl lists it', async () => {
    const names = CUSTOM_KINDS.map(({ plural, version, group }) => `${plural}.${version}.${group}`);
    const printed = await live.plane.kubectl('get', names.join(','), '-A', '-o', 'json');
    const there = (JSON.parse(printed) as { readonly items: readonly JsonObject[] }).items.map(lineOf);
    expect(there).toHaveLength(CUSTOM_KINDS.length);

    const inventory = live.collect('nobody');
    await settled(inventory);

    const groupKinds = CUSTOM_KINDS.map(({ group, kind }) => groupKindOf(group, kind));
    const unseen = groupKinds.filter((groupKind) => inventory.states.get(groupKind)?.state !== 'live');
    expect(unseen).toEqual([]);
    const seen = groupKinds.flatMap((groupKind) => [...(inventory.objects.get(groupKind)?.values() ?? [])]);
    expect(seen.map(lineOf).sort()).toEqual(there.sort());
  }, 120_000);
});

/** A line of `kubectl api-resources`: name, perhaps short names, apiVersion, whether it is namespaced, kind. */
function rowOf(line: string): string {
  const columns = line.trim().split(/\s+/);
  const [apiVersion = '', namespaced, kind] = columns.slice(-3);
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, columns[0], namespaced === 'true' ? 'Namespaced' : 'Cluster'].join(' ');
}
