import {
  type Control,
  type Edit,
  Engine,
  editsFor,
  type Finding,
  FindingMaker,
  openFindings,
  Plan,
  type Resource,
} from '@bulwark/core';
import type { Judged, JudgeRequest } from '../scan/pipeline.ts';

/** A remedy for one finding, as edits of its object. */
export interface Proposal {
  readonly finding: Finding;
  readonly control: Control;
  readonly resource: Resource;
  readonly edits: readonly Edit[];
}

/** Proposals by the index of their file in the request. */
export type ProposalsByFile = ReadonlyMap<number, readonly Proposal[]>;

/** The edits that controls offer for the open findings, file by file. Whether they do what they should is not known yet. */
export function proposalsFor(judged: Judged, request: JudgeRequest): ProposalsByFile {
  const open = new Set(openFindings(judged.findings).map(keyOf));
  const plan = new Plan(request.controls.filter((control) => control.fix !== undefined));
  const engine = new Engine(plan, request.kubernetes, judged.world);
  const byFile = new Map<number, Proposal[]>();
  for (const [index, file] of judged.files.entries())
    for (const { resource } of file.judged) {
      const maker = new FindingMaker(resource);
      engine.evaluate(resource, (control, { violations }) => {
        for (const violation of violations) {
          const finding = maker.of(control, violation);
          // Not asked for, accepted by an exception, or another object's to change.
          if (control.fix === undefined || !open.has(keyOf(finding))) continue;
          const edits = editsFor(control.fix, violation, resource);
          if (edits.length === 0) continue;
          const proposals = byFile.get(index) ?? [];
          proposals.push({ finding, control, resource, edits });
          byFile.set(index, proposals);
        }
      });
    }
  return byFile;
}

/** Names a finding in its file: a fingerprint alone may stand for copies of an object in several files. */
export function keyOf({ fingerprint, file }: Finding): string {
  return `${file ?? ''}|${fingerprint}`;
}
