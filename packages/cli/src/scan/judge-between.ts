import {
  Engine,
  type Plan,
  type Resource,
  standsBetween,
  type WorldView,
  withoutTemplate,
} from '@bulwark/core';
import type { BatchResult } from './batch.ts';
import { isLeftOut, type JudgedFile, type JudgeSettings, ResourceJudge, type Tally } from './judge-files.ts';

/**
 * Judges what was left out where each file was judged alone: whether the template of a ReplicaSet or a Job is judged depends on its
 * owner, which any file may have. So a dump of a cluster is judged as the cluster is, and not by its versions of before.
 */
export function judgeBetween(
  batches: readonly BatchResult[],
  plan: Plan,
  settings: JudgeSettings,
): { readonly files: readonly JudgedFile[]; readonly tallies: readonly Tally[] } {
  const files = batches.flatMap((batch) => batch.files);
  const tallies = batches.map(({ tally }) => tally);
  if (!files.some(({ judged }) => judged.some(({ resource }) => isLeftOut(resource))))
    return { files, tallies };
  const judge = new ResourceJudge(new Engine(plan.looking('object'), settings.kubernetes), settings);
  const owners = ownersIn(files);
  const judged = files.map((file) => judgeLeftOut(file, owners, judge));
  return { files: judged, tallies: [...tallies, judge.tally] };
}

function judgeLeftOut(file: JudgedFile, owners: Pick<WorldView, 'find'>, judge: ResourceJudge): JudgedFile {
  const bare = new Map<Resource, Resource>();
  const judged = file.judged.map((each) => {
    if (!isLeftOut(each.resource)) return each;
    const isBetween = standsBetween(owners, each.resource);
    const resource = isBetween ? withoutTemplate(each.resource) : each.resource;
    bare.set(each.resource, resource);
    return { resource, findings: judge.judge(resource) };
  });
  if (bare.size === 0) return file;
  const commented = file.commented.map((each) => ({
    ...each,
    resource: bare.get(each.resource) ?? each.resource,
  }));
  return { ...file, judged, commented };
}

function ownersIn(files: readonly JudgedFile[]): Pick<WorldView, 'find'> {
  const byId = new Map<string, Resource>();
  for (const { judged } of files)
    for (const { resource } of judged) if (!byId.has(resource.id)) byId.set(resource.id, resource);
  return { find: (kind, namespace, name) => byId.get(`${kind}|${namespace}|${name}`) };
}
