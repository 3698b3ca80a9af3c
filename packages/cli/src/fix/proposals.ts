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
import { isSelected } from '../scan/judge-files.ts';
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

/** Which of the proposals that could be made are asked for. */
export interface Wishes {
  /** Controls whose findings are to be mended. */
  readonly controls: ReadonlySet<string>;
  /** Namespaces in which; all when empty. */
  readonly namespaces: readonly string[];
  readonly wantsProposal: (proposal: Proposal) => boolean;
}

/** The edits that controls offer for open findings, file by file. Whether they do what they should is not known yet. */
export function proposalsFor(judged: Judged, request: JudgeRequest, wishes: Wishes): ProposalsByFile {
  const fixable = openFindings(judged.findings).filter(
    ({ isFixable, control }) => isFixable && wishes.controls.has(control),
  );
  const open = new Set(fixable.map(regionKeyOf));
  const [controls, files] = [
    new Set(fixable.map(({ control }) => control)),
    new Set(fixable.map(({ file }) => file)),
  ];
  const plan = new Plan(request.controls.filter(({ id }) => controls.has(id)));
  const engine = new Engine(plan, request.kubernetes, judged.world);
  const byFile = new Map<number, Proposal[]>();
  for (const [index, { judged: resources }] of judged.files.entries()) {
    if (!files.has(request.files[index]?.file)) continue;
    const proposals = resources
      .filter(({ resource }) => isSelected(resource, wishes.namespaces))
      .flatMap(({ resource }) => proposalsOf(resource, engine, open))
      .filter(wishes.wantsProposal);
    if (proposals.length > 0) byFile.set(index, proposals);
  }
  return byFile;
}

/**
 * The open findings that are asked for in what a chart or an overlay renders, of controls that have a fix: their text is
 * no file that an edit could be made in.
 */
export function renderedFindings(
  { findings }: Judged,
  request: JudgeRequest,
  { controls, namespaces }: Wishes,
): Finding[] {
  const rendered = new Set(
    request.files.filter(({ lineMap }) => lineMap !== undefined).map(({ file }) => file),
  );
  if (rendered.size === 0) return [];
  const fixable = new Set(request.controls.filter(({ fix }) => fix !== undefined).map(({ id }) => id));
  return openFindings(findings).filter(
    ({ control, file, resource }) =>
      file !== undefined &&
      rendered.has(file) &&
      controls.has(control) &&
      fixable.has(control) &&
      isSelected(resource, namespaces),
  );
}

function proposalsOf(resource: Resource, engine: Engine, open: ReadonlySet<string>): Proposal[] {
  const maker = new FindingMaker(resource);
  const proposals: Proposal[] = [];
  engine.evaluate(resource, (control, { violations }) => {
    for (const violation of violations) {
      const finding = maker.of(control, violation);
      // Not asked for, accepted by an exception, or another object's to change.
      if (control.fix === undefined || !open.has(regionKeyOf(finding))) continue;
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

/** The same with its lines, which tell copies in one file apart, as long as nothing is edited. */
function regionKeyOf(finding: Finding): string {
  return `${keyOf(finding)}|${finding.region?.line ?? 0}|${finding.region?.column ?? 0}`;
}

/** Names what a finding is about without what its list items hold, which an edit changes. */
export function placeOf({ control, resource, file, container, semanticPath }: Finding): string {
  const { apiVersion, kind, namespace, name } = resource;
  const path = semanticPath.replaceAll(ITEM_BY_CONTENT, '[#]');
  return [control, file ?? '', apiVersion, kind, namespace, name, container ?? '', path].join('|');
}

/** How `semanticPath` names an item that has no name. */
const ITEM_BY_CONTENT = /\[#[0-9a-f]{32}\]/g;
