import { readFileSync } from 'node:fs';
import { type Finding, openFindings } from '@bulwark/core';
import { composeSplices } from '@bulwark/formats';
import { type Judged, type JudgeRequest, judgeAgain } from '../scan/pipeline.ts';
import type { InputFile } from '../source/input.ts';
import { type MendedFile, mend } from './mended-file.ts';
import { keyOf, type Proposal, type ProposalsByFile, proposalsFor } from './proposals.ts';

/** What a second scan proved, and what it did not. */
export interface Proof {
  /** Files as they would be, by their index in the request. */
  readonly files: ReadonlyMap<number, MendedFile>;
  /** Proposals that cannot be made in the text, or after which something is wrong that was not. */
  readonly refused: readonly Proposal[];
}

/** A proof of one round, with the scan that gave it. */
interface Round extends Proof {
  readonly judged: Judged;
  readonly request: JudgeRequest;
}

/** Rounds in which one fix makes room for another: what is no longer privileged can also do without escalation. */
const MOST_PASSES = 5;

/**
 * Mends what can be mended, until a scan of the result offers nothing more.
 *
 * @param wanted which proposals to make.
 */
export function mendAll(
  judged: Judged,
  request: JudgeRequest,
  wanted: (proposal: Proposal) => boolean,
): Proof {
  const files = new Map<number, MendedFile>();
  const refused = new Map<string, Proposal>();
  let state: Pick<Round, 'judged' | 'request'> = { judged, request };
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const isNew = (proposal: Proposal): boolean => wanted(proposal) && !refused.has(keyOf(proposal.finding));
    const proposals = filtered(proposalsFor(state.judged, state.request), isNew);
    if (proposals.size === 0) break;
    const round = prove(proposals, state.judged, state.request);
    for (const proposal of round.refused) refused.set(keyOf(proposal.finding), proposal);
    for (const [index, mended] of round.files) {
      const before = files.get(index);
      files.set(index, before === undefined ? mended : joined(before, mended));
    }
    if (round.files.size === 0) break;
    state = round;
  }
  return { files, refused: [...refused.values()] };
}

function filtered(proposals: ProposalsByFile, wanted: (proposal: Proposal) => boolean): ProposalsByFile {
  return new Map(
    [...proposals]
      .map(([index, all]) => [index, all.filter(wanted)] as const)
      .filter(([, all]) => all.length > 0),
  );
}

function joined(first: MendedFile, second: MendedFile): MendedFile {
  return {
    before: first.before,
    after: second.after,
    splices: composeSplices(first.before.length, first.splices, second.splices),
    proposals: [...first.proposals, ...second.proposals],
  };
}

/** Rounds in which what does not prove itself is left out; after the last one the whole object is left alone. */
const MOST_ROUNDS = 4;

/**
 * Makes proposals and judges the result: a proposal is kept when its finding is gone and no new one has come in its
 * place. What is left out can change what else comes out, so this goes on until a scan agrees with all that is kept.
 */
function prove(proposals: ProposalsByFile, judged: Judged, request: JudgeRequest): Round {
  const known = new Set(judged.findings.map(keyOf));
  const refused = new Set<Proposal>();
  for (let round = 0; ; round++) {
    const files = mendFiles(proposals, refused, request);
    if (files.size === 0) return { files, refused: [...refused], judged, request };
    const changed = inputsOf(files, request);
    const again = judgeAgain(judged, changed, request);
    const faults = faultsOf(files, openFindings(again.findings), known);
    if (faults.length === 0) {
      const now = request.files.map((file, index) => changed.get(index) ?? file);
      return { files, refused: [...refused], judged: again, request: { ...request, files: now } };
    }
    const isLast = round >= MOST_ROUNDS;
    for (const fault of faults)
      for (const { proposals: made } of files.values())
        for (const proposal of made)
          if (isLast ? isSameFile(proposal, fault) : isCause(proposal, fault)) refused.add(proposal);
  }
}

/** Every file with those of its proposals that are not refused; proposals that the text has no place for are refused. */
function mendFiles(
  proposals: ProposalsByFile,
  refused: Set<Proposal>,
  request: JudgeRequest,
): Map<number, MendedFile> {
  const files = new Map<number, MendedFile>();
  for (const [index, all] of proposals) {
    const wanted = all.filter((proposal) => !refused.has(proposal));
    const text = textOf(request.files[index]);
    const mended = text === undefined ? undefined : mend(text, wanted, request.kubernetes);
    const made = new Set(mended?.proposals);
    for (const proposal of wanted) if (!made.has(proposal)) refused.add(proposal);
    if (mended !== undefined && made.size > 0) files.set(index, mended);
  }
  return files;
}

/** The text of a file, where what was read is what stands in it: neither rendered nor in another encoding. */
function textOf(input: InputFile | undefined): string | undefined {
  if (input?.path === undefined || input.lineMap !== undefined) return undefined;
  // Mended in an earlier round, and read from its file before that.
  if (input.text !== undefined) return input.text;
  const bytes = readFileSync(input.path);
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) && !text.startsWith('\uFEFF') ? text : undefined;
}

function inputsOf(
  files: ReadonlyMap<number, MendedFile>,
  { files: inputs }: JudgeRequest,
): Map<number, InputFile> {
  const changed = new Map<number, InputFile>();
  for (const [index, { after }] of files) {
    const input = inputs[index];
    if (input?.path === undefined) continue;
    changed.set(index, { file: input.file, path: input.path, text: after, size: after.length });
  }
  return changed;
}

/** Findings that should be gone and are not, and findings that were not there before. */
function faultsOf(
  files: ReadonlyMap<number, MendedFile>,
  after: readonly Finding[],
  known: ReadonlySet<string>,
): Finding[] {
  const gone = new Set(
    [...files.values()].flatMap(({ proposals }) => proposals.map(({ finding }) => keyOf(finding))),
  );
  return after.filter((finding) => gone.has(keyOf(finding)) || !known.has(keyOf(finding)));
}

function isSameFile({ finding }: Proposal, fault: Finding): boolean {
  return finding.file === fault.file;
}

/** The proposal itself where its finding is still there; else every proposal for the object that has a new finding. */
function isCause({ finding }: Proposal, fault: Finding): boolean {
  if (keyOf(finding) === keyOf(fault)) return true;
  const [a, b] = [finding.resource, fault.resource];
  return finding.file === fault.file && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
