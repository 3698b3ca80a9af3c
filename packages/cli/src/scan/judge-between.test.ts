import type { JsonObject } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { type Report, scan, scanCluster, written } from './scanned.testing.ts';

const podOf = (isPrivileged: boolean): JsonObject => ({
  containers: [{ name: 'a', image: 'example.com/a:1', securityContext: { privileged: isPrivileged } }],
});
const templateOf = (isPrivileged: boolean): JsonObject => ({
  metadata: { labels: { app: 'w' } },
  spec: podOf(isPrivileged),
});

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}
const DEPLOYMENT: Owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' };
const ROLLER: Owner = { apiVersion: 'example.org/v1', kind: 'Roller', name: 'w' };

function object({ apiVersion, kind, name }: Owner, rest: JsonObject, owner?: Owner): JsonObject {
  const owners = owner && { ownerReferences: [{ ...owner, uid: 'u', controller: true }] };
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...owners }, ...rest };
}
const replicaSet = (
  name: string,
  { replicas, isPrivileged }: { readonly replicas: number; readonly isPrivileged: boolean },
  owner?: Owner,
): JsonObject =>
  object(
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name },
    { spec: { replicas, template: templateOf(isPrivileged) } },
    owner,
  );
const pod = (name: string, owner: string | undefined, isPrivileged: boolean, phase = 'Running'): JsonObject =>
  object(
    { apiVersion: 'v1', kind: 'Pod', name },
    { spec: podOf(isPrivileged), status: { phase } },
    owner === undefined ? undefined : { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner },
  );

const MENDED = object(DEPLOYMENT, { spec: { replicas: 1, template: templateOf(false) } });
const NOW = replicaSet('w-2', { replicas: 1, isPrivileged: false }, DEPLOYMENT);
const BEFORE = replicaSet('w-1', { replicas: 0, isPrivileged: true }, DEPLOYMENT);
const ROLLED_OUT = [MENDED, BEFORE, NOW, pod('w-2-a', 'w-2', false)];

/** What a dump is found to be: all objects in one list, as kubectl writes it. */
const scanDump = (objects: readonly JsonObject[]): Promise<Report> =>
  scan(written({ 'dump.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) }));

const privilegedIn = ({ findings }: Report): string[] =>
  findings
    .filter(({ control }) => control === 'privileged-container')
    .map(({ resource }) => `${resource.kind}/${resource.name}`);
const fingerprintsOf = ({ findings }: Report): string[] =>
  findings.map(({ fingerprint }) => fingerprint).sort();

describe('a dump of a cluster', () => {
  it.each([
    ['a version of before of what was mended', ROLLED_OUT, []],
    [
      'what its owner has',
      [object(DEPLOYMENT, { spec: { template: templateOf(true) } }), BEFORE],
      ['Deployment/w'],
    ],
    ['a pod of before that still runs', [...ROLLED_OUT, pod('w-1-a', 'w-1', true)], ['Deployment/w']],
    ['a pod of before that has ended', [...ROLLED_OUT, pod('w-1-a', 'w-1', true, 'Failed')], []],
    ['a pod of nobody that has ended', [pod('once', undefined, true, 'Succeeded')], []],
    ['a version of before without the owner', [BEFORE], []],
    [
      'what runs without the owner',
      [replicaSet('w-1', { replicas: 2, isPrivileged: true }, DEPLOYMENT)],
      ['ReplicaSet/w-1'],
    ],
    [
      'what an operator makes',
      [replicaSet('w-1', { replicas: 2, isPrivileged: true }, ROLLER)],
      ['ReplicaSet/w-1'],
    ],
    ['what nobody made', [replicaSet('w-1', { replicas: 0, isPrivileged: true })], ['ReplicaSet/w-1']],
  ])('tells of %s as the cluster does', async (_what, objects, expected) => {
    const dump = await scanDump(objects);

    expect(privilegedIn(dump)).toEqual(expected);
    expect(fingerprintsOf(dump)).toEqual(fingerprintsOf(await scanCluster(objects)));
  });

  it('is judged so whatever stands first, and in whichever file', async () => {
    const expected = fingerprintsOf(await scanDump(ROLLED_OUT));
    const files = ROLLED_OUT.map((each, index) => [
      `${ROLLED_OUT.length - index}.json`,
      JSON.stringify(each),
    ]);

    expect(expected).not.toEqual([]);
    expect(fingerprintsOf(await scanDump(ROLLED_OUT.toReversed()))).toEqual(expected);
    expect(fingerprintsOf(await scan(written(Object.fromEntries(files) as Record<string, string>)))).toEqual(
      expected,
    );
  });

  it('has no verdict on a template that is not judged, and counts none', async () => {
    const { verdicts, summary } = await scanDump(ROLLED_OUT);
    const on = (name: string): string[] =>
      verdicts
        .filter(({ resource, control }) => resource.name === name && control === 'privileged-container')
        .map(({ control }) => control);

    expect([on('w'), on('w-1'), on('w-2')]).toEqual([['privileged-container'], [], []]);
    expect(summary.workloads).toBe(1);
  });
});
