import {
  Engine,
  type GroupKind,
  groupKindOf,
  groupOf,
  inNoNamespace,
  type Plan,
  type Resource,
  type ResourceRef,
  stringAt,
} from '@bulwark/core';
import type { BatchResult } from './batch.ts';
import { isSelected, type JudgedFile, type JudgeSettings, ResourceJudge, type Tally } from './judge-files.ts';

const DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';

/**
 * Puts into no namespace what a definition among the files says to lie in none. Each file was judged alone, and custom objects
 * that have pods were taken to lie in the default namespace. Cost: a look at each resource, and those are judged again.
 */
export function placeClusterWide(
  batches: readonly BatchResult[],
  plan: Plan,
  settings: JudgeSettings,
): readonly BatchResult[] {
  const kinds = clusterWideKinds(batches);
  if (kinds.size === 0) return batches;
  const judge = new ResourceJudge(new Engine(plan.looking('object'), settings.kubernetes), settings);
  return batches.map(({ files, tally }) => ({
    files: files.map((file) => placeFile(file, kinds, judge)),
    tally: placeTally(tally, kinds, settings),
  }));
}

function clusterWideKinds(batches: readonly BatchResult[]): ReadonlySet<GroupKind> {
  const kinds = new Set<GroupKind>();
  for (const { files } of batches)
    for (const { judged } of files)
      for (const { resource } of judged)
        if (resource.groupKind === DEFINITION && stringAt(resource.object, 'spec', 'scope') === 'Cluster')
          kinds.add(definedKind(resource));
  return kinds;
}

function definedKind({ object }: Resource): GroupKind {
  const kind = stringAt(object, 'spec', 'names', 'kind') ?? '';
  return groupKindOf(stringAt(object, 'spec', 'group') ?? '', kind);
}

function isMisplaced({ apiVersion, kind, namespace }: ResourceRef, kinds: ReadonlySet<GroupKind>): boolean {
  return namespace !== '' && kinds.has(groupKindOf(groupOf(apiVersion), kind));
}

function placeFile(file: JudgedFile, kinds: ReadonlySet<GroupKind>, judge: ResourceJudge): JudgedFile {
  const moved = new Map<Resource, Resource>();
  // What is seen in pods is in their namespace, wherever its object lies.
  for (const { resource } of file.judged)
    if (resource.seenInPods === undefined && isMisplaced(resource, kinds))
      moved.set(resource, inNoNamespace(resource));
  if (moved.size === 0) return file;
  return {
    ...file,
    judged: file.judged.map((each) => {
      const resource = moved.get(each.resource);
      return resource === undefined ? each : { resource, findings: judge.judge(resource) };
    }),
    commented: file.commented.map((each) => ({
      ...each,
      resource: moved.get(each.resource) ?? each.resource,
    })),
  };
}

function placeTally(tally: Tally, kinds: ReadonlySet<GroupKind>, { namespaces }: JudgeSettings): Tally {
  return {
    ...tally,
    verdicts: tally.verdicts.flatMap((record) => {
      if (!isMisplaced(record.resource, kinds)) return [record];
      const resource = { ...record.resource, namespace: '' };
      return isSelected(resource, namespaces) ? [{ ...record, resource }] : [];
    }),
  };
}
