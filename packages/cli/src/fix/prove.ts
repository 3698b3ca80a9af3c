import { readFileSync } from 'node:fs';
import { type Finding, openFindings, type Resource } from '@bulwark/core';
import { composeSplices } from '@bulwark/formats';
import { type Judged, type JudgeRequest, judgeAgain } from '../scan/pipeline.ts';
import type { InputFile } from '../source/input.ts';
import { isAsWanted, type MendedFile, mend, mendOneByOne } from './mended-file.ts';
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
    const proposals = filtered(proposalsFor(state.judged, state.request, new Set(refused.keys())), isNew);
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
  const open = new Set(openFindings(state.judged.findings).map(keyOf));
  // What another fix has mended as well is not missed.
  return { files, refused: [...refused.values()].filter(({ finding }) => open.has(keyOf(finding))) };
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
    wanted: second.wanted,
  };
}

/** Scans that a proof may take; what is not proven by then is refused. Mostly the first one proves it all. */
const MOST_SCANS = 80;

/** Makes proposals and judges the result; where something is wrong then, finds those that it is not because of. */
function prove(proposals: ProposalsByFile, judged: Judged, request: JudgeRequest): Round {
  const trial = new Trial(proposals, judged, request);
  const all = [...proposals.values()].flat();
  // What else an edit of a role or a binding changes shows only in workloads, so these come after.
  const isOther = ({ resource }: Proposal): boolean => resource.workloads.length === 0;
  trial.admit([...all.filter(isOther), ...all.filter((proposal) => !isOther(proposal))]);
  return trial.end();
}

interface Run {
  readonly files: ReadonlyMap<number, MendedFile>;
  readonly changed: ReadonlyMap<number, InputFile>;
  readonly judged: Judged;
  readonly faults: readonly Finding[];
}

/** Proposals that were made together, and proven together. */
class Trial {
  private readonly proposals: ProposalsByFile;
  private readonly request: JudgeRequest;
  private readonly start: Judged;
  private readonly known: ReadonlySet<string>;
  private readonly accepted = new Set<Proposal>();
  private proven: Run;
  private scans = 0;

  constructor(proposals: ProposalsByFile, judged: Judged, request: JudgeRequest) {
    this.proposals = proposals;
    this.start = judged;
    this.request = request;
    this.known = new Set(judged.findings.map(keyOf));
    this.proven = { files: new Map(), changed: new Map(), judged, faults: [] };
  }

  /** Takes what of some proposals proves itself beside those that are taken already. */
  admit(proposals: readonly Proposal[]): void {
    if (proposals.length === 0 || this.scans >= MOST_SCANS) return;
    const run = this.run([...this.accepted, ...proposals]);
    if (run.faults.length === 0) {
      for (const proposal of proposals) this.accepted.add(proposal);
      this.proven = run;
      return;
    }
    if (proposals.length === 1) return;
    const remaining = new Set(run.faults.map(keyOf));
    const faulty = new Set(run.faults.map(objectOf));
    const rest = proposals.filter(({ finding }) => !remaining.has(keyOf(finding)));
    const calm = rest.filter(({ finding }) => !faulty.has(objectOf(finding)));
    const half = rest.length >> 1;
    const parts =
      calm.length > 0 && calm.length < rest.length
        ? [calm, rest.filter(({ finding }) => faulty.has(objectOf(finding)))]
        : rest.length < proposals.length
          ? [rest]
          : [rest.slice(0, half), rest.slice(half)];
    for (const part of parts) this.admit(part);
  }

  end(): Round {
    const { files, changed, judged } = this.proven;
    const made = new Set([...files.values()].flatMap((file) => file.proposals));
    const refused = [...this.proposals.values()].flat().filter((proposal) => !made.has(proposal));
    const now = this.request.files.map((file, index) => changed.get(index) ?? file);
    return { files, refused, judged, request: { ...this.request, files: now } };
  }

  private run(wanted: readonly Proposal[]): Run {
    const files = this.mendFiles(new Set(wanted));
    const first = this.judge(files);
    const broken = [...files.keys()].filter((index) => !this.isAsWanted(index, files, first));
    if (broken.length === 0) return first;
    for (const index of broken) {
      const mended = this.mendOneByOne(index, files.get(index)?.proposals ?? []);
      if (mended === undefined) files.delete(index);
      else files.set(index, mended);
    }
    return this.judge(files);
  }

  private judge(files: ReadonlyMap<number, MendedFile>): Run {
    if (files.size === 0) return { files, changed: new Map(), judged: this.start, faults: [] };
    this.scans++;
    const changed = inputsOf(files, this.request);
    const judged = judgeAgain(this.start, changed, this.request);
    const gone = new Set(
      [...files.values()].flatMap((file) => file.proposals.map(({ finding }) => keyOf(finding))),
    );
    const faults = openFindings(judged.findings).filter(
      (finding) => gone.has(keyOf(finding)) || !this.known.has(keyOf(finding)),
    );
    return { files, changed, judged, faults };
  }

  private isAsWanted(index: number, files: ReadonlyMap<number, MendedFile>, { judged }: Run): boolean {
    const mended = files.get(index);
    return (
      mended === undefined || isAsWanted(mended, resourcesIn(this.start, index), resourcesIn(judged, index))
    );
  }

  private mendFiles(wanted: ReadonlySet<Proposal>): Map<number, MendedFile> {
    const files = new Map<number, MendedFile>();
    for (const [index, all] of this.proposals) {
      const own = all.filter((proposal) => wanted.has(proposal));
      const text = own.length === 0 ? undefined : textOf(this.request.files[index]);
      const mended = text === undefined ? undefined : (mend(text, own) ?? this.mendOneByOne(index, own));
      if (mended !== undefined) files.set(index, mended);
    }
    return files;
  }

  private mendOneByOne(index: number, proposals: readonly Proposal[]): MendedFile | undefined {
    const text = textOf(this.request.files[index]);
    const before = resourcesIn(this.start, index);
    const { kubernetes } = this.request;
    return text === undefined ? undefined : mendOneByOne(text, proposals, { before, kubernetes });
  }
}

function resourcesIn({ files }: Judged, index: number): Resource[] {
  return files[index]?.judged.map(({ resource }) => resource) ?? [];
}

/** Names the object of a finding, in its file. */
function objectOf({ resource, file }: Finding): string {
  return [file ?? '', resource.apiVersion, resource.kind, resource.namespace, resource.name].join('|');
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
