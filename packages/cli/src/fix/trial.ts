import { readFileSync } from 'node:fs';
import { err, type Finding, ok, openFindings, type Resource, type Result } from '@bulwark/core';
import { type Judged, type JudgeRequest, judgeAgain } from '../scan/pipeline.ts';
import type { InputFile } from '../source/input.ts';
import { isFile } from '../source/text-file.ts';
import { reasonOf } from '../source/walk.ts';
import { mendMost } from './mend-most.ts';
import { type MendedFile, mend, mendingOf, notAsWanted } from './mended-file.ts';
import { grouped, isMixed, objectOf, objectOfProposal, partsOf } from './parts.ts';
import { keyOf, type Proposal, type ProposalsByFile, placeOf } from './proposals.ts';

/** A proposal that is not made, and why, as the end of a sentence. */
export interface Refusal {
  readonly proposal: Proposal;
  readonly why: string;
}

/** How many scans may still be made. What is not proven by then is refused. */
export interface Budget {
  scans: number;
}

/** What a trial starts from. */
export interface TrialStart {
  readonly judged: Judged;
  readonly request: JudgeRequest;
  readonly budget: Budget;
}

/** What a trial came to: the files as they would be, by their index in the request, and the scan that proves them. */
export interface Round {
  readonly files: ReadonlyMap<number, MendedFile>;
  readonly refused: readonly Refusal[];
  readonly judged: Judged;
  /** The request with the mended files in it. */
  readonly request: JudgeRequest;
}

const REMAINS = 'the finding remains';
const NOT_AS_MEANT = 'in this text its edit alone would break or change something else';
const UNPROVEN = 'too many scans would be needed to prove it; a run on fewer files at a time needs fewer';

interface Run {
  readonly files: ReadonlyMap<number, MendedFile>;
  readonly judged: Judged;
  readonly faults: readonly Finding[];
}

/** Proposals that were made together, and proven together. */
export class Trial {
  private readonly proposals: ProposalsByFile;
  private readonly request: JudgeRequest;
  private readonly start: Judged;
  /** The findings that were open. */
  private readonly open: readonly Finding[];
  private known: ReadonlySet<string> | undefined;
  private readonly accepted = new Set<Proposal>();
  private readonly whyNot = new Map<Proposal, string>();
  private readonly budget: Budget;
  private proven: Run;

  constructor(proposals: ProposalsByFile, { judged, request, budget }: TrialStart) {
    this.proposals = proposals;
    this.start = judged;
    this.request = request;
    this.budget = budget;
    this.open = openFindings(judged.findings);
    this.proven = { files: new Map(), judged, faults: [] };
  }

  /** Takes what of some proposals proves itself beside those that are taken already. */
  admit(proposals: readonly Proposal[]): void {
    if (proposals.length === 0) return;
    if (this.budget.scans <= 0) {
      for (const proposal of proposals) this.whyNot.set(proposal, UNPROVEN);
      return;
    }
    const run = this.run([...this.accepted, ...proposals]);
    if (run.faults.length === 0) {
      for (const file of run.files.values())
        for (const proposal of file.proposals) this.accepted.add(proposal);
      this.proven = run;
      return;
    }
    const rest = this.withoutRefuted(proposals, run.faults);
    for (const part of partsOf(rest, proposals.length, run.faults)) this.admit(part);
  }

  end(): Round {
    const { files, judged } = this.proven;
    const refused = [...this.proposals].flatMap(([index, all]) => this.refusalsOf(index, all));
    const now = this.request.files.map((file, index) => this.inputOf(index, files) ?? file);
    return { files, refused, judged, request: { ...this.request, files: now } };
  }

  private refusalsOf(index: number, all: readonly Proposal[]): Refusal[] {
    const own = all.filter((proposal) => !this.accepted.has(proposal));
    if (own.length === 0) return [];
    const text = textOf(this.request.files[index]);
    return own.map((proposal) => ({
      proposal,
      why: this.whyNot.get(proposal) ?? (text.ok ? whyNotIn(text.value, proposal) : text.error),
    }));
  }

  /**
   * What a run has not refuted. Where something new is wrong with an object of which one thing only was mended, this is
   * taken for what it is because of; but not as long as objects are mended on which workloads depend.
   */
  private withoutRefuted(proposals: readonly Proposal[], faults: readonly Finding[]): Proposal[] {
    const faulty = new Set(faults.map(keyOf));
    const brought = grouped(faults, objectOf);
    const together = countsOf(proposals.map(objectOfProposal));
    const isBlaming = !isMixed(proposals);
    return proposals.filter((proposal) => {
      const object = objectOfProposal(proposal);
      const own = brought.get(object) ?? [];
      if (faulty.has(keyOf(proposal.finding))) this.whyNot.set(proposal, REMAINS);
      else if (proposals.length === 1) this.whyNot.set(proposal, bringing(faults));
      else if (own.length > 0 && together.get(object) === 1 && isBlaming)
        this.whyNot.set(proposal, bringing(own));
      else return true;
      return false;
    });
  }

  private run(wanted: readonly Proposal[]): Run {
    const files = this.mendFiles(new Set(wanted));
    const first = this.judge(files);
    const broken = [...files.keys()].filter((index) => !this.isAsWanted(index, files, first));
    if (broken.length === 0) return first;
    for (const index of broken) {
      const mended = this.mendMost(index, files.get(index)?.proposals ?? []);
      if (mended === undefined) files.delete(index);
      else files.set(index, mended);
    }
    return this.judge(files);
  }

  /** Judges files as they would be. Those that are as they were proven are not read again. */
  private judge(files: ReadonlyMap<number, MendedFile>): Run {
    if (files.size === 0) return { files, judged: this.start, faults: [] };
    this.budget.scans--;
    const changed = new Map<number, InputFile>();
    for (const index of new Set([...files.keys(), ...this.proven.files.keys()])) {
      const input = this.inputOf(index, files);
      if (input !== undefined && files.get(index) !== this.proven.files.get(index)) changed.set(index, input);
    }
    const judged = judgeAgain(this.proven.judged, changed, this.request);
    return { files, judged, faults: this.faultsOf(judged, files) };
  }

  /** A file as it would be. */
  private inputOf(index: number, files: ReadonlyMap<number, MendedFile>): InputFile | undefined {
    const input = this.request.files[index];
    const text = files.get(index)?.after;
    if (input?.path === undefined || text === undefined) return input;
    return { file: input.file, path: input.path, text, size: text.length };
  }

  /**
   * Open findings that an edit was to mend, or that were not there before. In a list without names an item is known by
   * what it holds, so a finding beside an edit may only seem new; but there may be no more of them than are left.
   */
  private faultsOf({ findings }: Judged, files: ReadonlyMap<number, MendedFile>): Finding[] {
    this.known ??= new Set(this.open.map(keyOf));
    const { known } = this;
    const mended = [...files.values()].flatMap((file) => file.proposals.map(({ finding }) => finding));
    const gone = new Set(mended.map(keyOf));
    const found = openFindings(findings);
    const suspicious = found.filter((finding) => gone.has(keyOf(finding)) || !known.has(keyOf(finding)));
    // Mostly there are none, and places cost more than keys.
    if (suspicious.length === 0) return [];
    const [before, taken, now] = [this.open, mended, found].map((all) => countsOf(all.map(placeOf)));
    return suspicious.filter((finding) => {
      const place = placeOf(finding);
      return (now?.get(place) ?? 0) > (before?.get(place) ?? 0) - (taken?.get(place) ?? 0);
    });
  }

  private isAsWanted(index: number, files: ReadonlyMap<number, MendedFile>, { judged }: Run): boolean {
    const mended = files.get(index);
    if (mended === undefined) return true;
    return notAsWanted(mended, resourcesIn(this.start, index), resourcesIn(judged, index))?.size === 0;
  }

  private mendFiles(wanted: ReadonlySet<Proposal>): Map<number, MendedFile> {
    const files = new Map<number, MendedFile>();
    for (const [index, all] of this.proposals) {
      const own = all.filter((proposal) => wanted.has(proposal));
      if (own.length === 0) continue;
      const proven = this.proven.files.get(index);
      const isProven = proven !== undefined && isSameList(proven.proposals, own);
      const mended = isProven ? proven : this.mendFile(index, own);
      if (mended !== undefined) files.set(index, mended);
    }
    return files;
  }

  private mendFile(index: number, own: readonly Proposal[]): MendedFile | undefined {
    const text = textOf(this.request.files[index]);
    if (text.ok) return mend(text.value, own);
    for (const proposal of own) this.whyNot.set(proposal, text.error);
    return undefined;
  }

  private mendMost(index: number, proposals: readonly Proposal[]): MendedFile | undefined {
    const text = textOf(this.request.files[index]);
    const resources = resourcesIn(this.start, index);
    const { kubernetes } = this.request;
    return text.ok ? mendMost({ text: text.value, resources, kubernetes }, proposals) : undefined;
  }
}

/** Why a text has no place for a proposal. */
function whyNotIn(text: string, proposal: Proposal): string {
  return mendingOf(text, [proposal]).failed.get(proposal.resource) ?? NOT_AS_MEANT;
}

function isSameList(one: readonly Proposal[], other: readonly Proposal[]): boolean {
  return one.length === other.length && one.every((proposal, index) => proposal === other[index]);
}

function bringing(faults: readonly Finding[]): string {
  return `it would bring ${[...new Set(faults.map(({ control }) => control))].sort().join(', ')}`;
}

function countsOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function resourcesIn({ files }: Judged, index: number): Resource[] {
  return files[index]?.judged.map(({ resource }) => resource) ?? [];
}

/** The text of a file, where what was read is what stands in it; else why it cannot be changed. */
function textOf(input: InputFile | undefined): Result<string, string> {
  if (input?.path === undefined) return err('it was not read from a file');
  // Mended in an earlier round, and read from its file before that.
  if (input.text !== undefined) return ok(input.text);
  // A pipe has nothing more to say, and reading it again could block for ever.
  if (!isFile(input.path)) return err('it was not read from a file');
  try {
    const bytes = readFileSync(input.path);
    // The proof would fail as well, but not say why.
    if (bytes.length !== input.size) return err('the file has changed since it was judged');
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? ok(text) : err('the file is not UTF-8');
  } catch (error) {
    return err(reasonOf(error));
  }
}
