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

/**
 * The edits that controls offer for the open findings, file by file. Whether they do what they should is not known yet.
 *
 * @param refused findings, by `keyOf`, for which nothing is offered again.
 */
export function proposalsFor(
  judged: Judged,
  request: JudgeRequest,
  refused: ReadonlySet<string>,
): ProposalsByFile {
  const fixable = openFindings(judged.findings).filter(
    (finding) => finding.isFixable && !refused.has(keyOf(finding)),
  );
  const open = new Set(fixable.map(keyOf));
  const [controls, files] = [
    new Set(fixable.map(({ control }) => control)),
    new Set(fixable.map(({ file }) => file)),
  ];
  const plan = new Plan(request.controls.filter(({ id }) => controls.has(id)));
  const engine = new Engine(plan, request.kubernetes, judged.world);
  const byFile = new Map<number, Proposal[]>();
  for (const [index, { judged: resources }] of judged.files.entries()) {
    if (!files.has(request.files[index]?.file)) continue;
    const proposals = resources.flatMap(({ resource }) => proposalsOf(resource, engine, open));
    if (proposals.length > 0) byFile.set(index, proposals);
  }
  return byFile;
}

function proposalsOf(resource: Resource, engine: Engine, open: ReadonlySet<string>): Proposal[] {
  const maker = new FindingMaker(resource);
  const proposals: Proposal[] = [];
  engine.evaluate(resource, (control, { violations }) => {
    for (const violation of violations) {
      const finding = maker.of(control, violation);
      // Not asked for, accepted by an exception, or another object's to change.
      if (control.fix === undefined || !open.has(keyOf(finding))) continue;
      const edits = editsFor(control.fix, violation, resource);
      if (edits.length > 0) proposals.push({ finding, control, resource, edits });
    }
  });
  return proposals;
}

/** Names a finding in its file: a fingerprint alone may stand for copies of an object in several files. */
export function keyOf({ fingerprint, file }: Finding): string {
  return `${file ?? ''}|${fingerprint}`;
}
