import { readFileSync } from 'node:fs';
import { err, type Finding, type Look, ok, openFindings, type Resource, type Result } from '@bulwark/core';
import { type Judged, type JudgeRequest, judgeAgain } from '../scan/pipeline.ts';
import type { InputFile } from '../source/input.ts';
import { isFile } from '../source/text-file.ts';
import { reasonOf } from '../source/walk.ts';
import { isAsWanted, type MendedFile, mend, mendOneByOne } from './mended-file.ts';
import { keyOf, type Proposal, type ProposalsByFile } from './proposals.ts';

/** A proposal that is not made, and why, as the end of a sentence. */
export interface Refusal {
  readonly proposal: Proposal;
  readonly why: string;
}

/** What a trial came to: the files as they would be, by their index in the request, and the scan that proves them. */
export interface Round {
  readonly files: ReadonlyMap<number, MendedFile>;
  readonly refused: readonly Refusal[];
  readonly judged: Judged;
  /** The request with the mended files in it. */
  readonly request: JudgeRequest;
}

/** Scans that a trial may take; what is not proven by then is refused. Mostly the first one proves it all. */
const MOST_SCANS = 80;

const REMAINS = 'the finding remains';
const NO_PLACE = 'the text has no place for it alone';
const UNPROVEN = 'too many scans would be needed to prove it';

interface Run {
  readonly files: ReadonlyMap<number, MendedFile>;
  readonly changed: ReadonlyMap<number, InputFile>;
  readonly judged: Judged;
  readonly faults: readonly Finding[];
}

/** Proposals that were made together, and proven together. */
export class Trial {
  private readonly proposals: ProposalsByFile;
  private readonly request: JudgeRequest;
  private readonly start: Judged;
  /** How many open findings there were of each key. */
  private readonly open: ReadonlyMap<string, number>;
  private readonly looks: ReadonlyMap<string, Look>;
  private readonly accepted = new Set<Proposal>();
  private readonly whyNot = new Map<Proposal, string>();
  private proven: Run;
  private scans = 0;

  constructor(proposals: ProposalsByFile, judged: Judged, request: JudgeRequest) {
    this.proposals = proposals;
    this.start = judged;
    this.request = request;
    this.open = countsOf(openFindings(judged.findings).map(keyOf));
    this.looks = new Map(request.controls.map(({ id, looks }) => [id, looks]));
    this.proven = { files: new Map(), changed: new Map(), judged, faults: [] };
  }

  /** Takes what of some proposals proves itself beside those that are taken already. */
  admit(proposals: readonly Proposal[]): void {
    if (proposals.length === 0) return;
    if (this.scans >= MOST_SCANS) {
      for (const proposal of proposals) this.whyNot.set(proposal, UNPROVEN);
      return;
    }
    const run = this.run([...this.accepted, ...proposals]);
    if (run.faults.length === 0) {
      for (const proposal of proposals) this.accepted.add(proposal);
      this.proven = run;
      return;
    }
    const rest = this.withoutRefuted(proposals, run.faults);
    for (const part of partsOf(rest, proposals.length, run.faults)) this.admit(part);
  }

  end(): Round {
    const { files, changed, judged } = this.proven;
    const made = new Set([...files.values()].flatMap((file) => file.proposals));
    const refused = [...this.proposals.values()]
      .flat()
      .filter((proposal) => !made.has(proposal))
      .map((proposal) => ({ proposal, why: this.whyNot.get(proposal) ?? NO_PLACE }));
    const now = this.request.files.map((file, index) => changed.get(index) ?? file);
    return { files, refused, judged, request: { ...this.request, files: now } };
  }

  /** What a run has not refuted by itself: the others cannot be what its faults are because of. */
  private withoutRefuted(proposals: readonly Proposal[], faults: readonly Finding[]): Proposal[] {
    const faulty = new Set(faults.map(keyOf));
    const brought = grouped(faults, objectOf);
    const together = countsOf(proposals.map(({ finding }) => objectOf(finding)));
    return proposals.filter((proposal) => {
      const object = objectOf(proposal.finding);
      const own = brought.get(object) ?? [];
      // A control that looks at the object only sees nothing of what is done to others.
      const isToBlame =
        together.get(object) === 1 && own.some((fault) => this.looks.get(fault.control) === 'object');
      if (faulty.has(keyOf(proposal.finding))) this.whyNot.set(proposal, REMAINS);
      else if (proposals.length === 1) this.whyNot.set(proposal, bringing(faults));
      else if (isToBlame) this.whyNot.set(proposal, bringing(own));
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
    return { files, changed, judged, faults: this.faultsOf(judged, files) };
  }

  /** Open findings that an edit was to mend, or that were not there before; of copies, as many as before may be. */
  private faultsOf({ findings }: Judged, files: ReadonlyMap<number, MendedFile>): Finding[] {
    const mended = countsOf(
      [...files.values()].flatMap((file) => file.proposals.map(({ finding }) => keyOf(finding))),
    );
    const found = openFindings(findings);
    const counts = countsOf(found.map(keyOf));
    return found.filter((finding) => {
      const key = keyOf(finding);
      return (counts.get(key) ?? 0) > (this.open.get(key) ?? 0) - (mended.get(key) ?? 0);
    });
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
      if (own.length === 0) continue;
      const text = textOf(this.request.files[index]);
      const mended = text.ok ? (mend(text.value, own) ?? this.mendOneByOne(index, own)) : undefined;
      if (mended !== undefined) files.set(index, mended);
      if (!text.ok) for (const proposal of own) this.whyNot.set(proposal, text.error);
    }
    return files;
  }

  private mendOneByOne(index: number, proposals: readonly Proposal[]): MendedFile | undefined {
    const text = textOf(this.request.files[index]);
    const before = resourcesIn(this.start, index);
    const { kubernetes } = this.request;
    return text.ok ? mendOneByOne(text.value, proposals, { before, kubernetes }) : undefined;
  }
}

/**
 * How to go on with what is left of some proposals: apart from the objects on which something is wrong; else each such
 * object's own halves, all objects at a time; else halves.
 */
function partsOf(rest: readonly Proposal[], before: number, faults: readonly Finding[]): Proposal[][] {
  const faulty = new Set(faults.map(objectOf));
  const calm = rest.filter(({ finding }) => !faulty.has(objectOf(finding)));
  if (calm.length > 0 && calm.length < rest.length)
    return [calm, rest.filter(({ finding }) => faulty.has(objectOf(finding)))];
  if (rest.length < before) return [[...rest]];
  const byObject = [...grouped(rest, ({ finding }) => objectOf(finding)).values()];
  const isOneEach = byObject.every((own) => own.length === 1);
  if (calm.length > 0 || isOneEach) return halvesOf(rest);
  const halves = byObject.map(halvesOf);
  return [halves.flatMap(([first]) => first), halves.flatMap(([, second]) => second)];
}

function halvesOf(proposals: readonly Proposal[]): [Proposal[], Proposal[]] {
  const half = proposals.length >> 1;
  return [proposals.slice(0, half), proposals.slice(half)];
}

function bringing(faults: readonly Finding[]): string {
  return `it would bring ${[...new Set(faults.map(({ control }) => control))].sort().join(', ')}`;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function countsOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function resourcesIn({ files }: Judged, index: number): Resource[] {
  return files[index]?.judged.map(({ resource }) => resource) ?? [];
}

/** Names the object of a finding, in its file. */
function objectOf({ resource, file }: Finding): string {
  return [file ?? '', resource.apiVersion, resource.kind, resource.namespace, resource.name].join('|');
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
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? ok(text) : err('the file is not UTF-8');
  } catch (error) {
    return err(reasonOf(error));
  }
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
