import { isAbsolute, relative, sep } from 'node:path';
import type { Finding } from '@bulwark/core';
import { unifiedDiff, visibleLine } from '@bulwark/formats';
import { namedFramework } from '../catalogue.ts';
import { configurationFor } from '../config/find.ts';
import { ExitCode } from '../exit.ts';
import type { MendedFile } from '../fix/mended-file.ts';
import { keyOf, type Proposal, renderedFindings, type Wishes } from '../fix/proposals.ts';
import { mendAll } from '../fix/prove.ts';
import type { Refusal } from '../fix/trial.ts';
import { writeFiles } from '../fix/write.ts';
import type { FixFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { judge } from '../scan/pipeline.ts';
import { realPath } from '../source/walk.ts';
import { chooseControls } from './choose-controls.ts';
import { type Preparation, prepare } from './preparation.ts';

/** `bulwark fix`: prints a diff, or writes the files. */
export async function runFix(paths: readonly string[], flags: FixFlags, io: Io): Promise<number> {
  const progress = new Progress(io, true);
  const { judgement, chosen, coverage } = await prepareFix(paths, flags, io, progress);
  const judged = await judge(judgement);
  progress.stop();
  const left = new Set<string>();
  const wishes: Wishes = {
    controls: chosen,
    namespaces: flags.namespace ?? [],
    wantsProposal: ({ control, finding }) => {
      const isWanted = flags.mayBreak === true || control.fix?.grade === 'safe';
      if (!isWanted) left.add(keyOf(finding));
      return isWanted;
    },
  };
  const { files, refused, renamed } = mendAll(judged, judgement, wishes);
  const made = [...files.values()].flatMap((file) => file.proposals);
  const mended = [...files].flatMap(([index, file]): [string, MendedFile][] => {
    const path = judgement.files[index]?.path;
    return path === undefined ? [] : [[path, file]];
  });
  if (flags.write === true) writeFiles(mended);
  else for (const [path, file] of mended) io.write(printed(namedIn(io.cwd, path), file));
  const lost = [...coverage, ...judged.coverage].filter(({ kind }) => kind === 'lost').length;
  const rendered = renderedFindings(judged, judgement, wishes).length;
  io.writeError(
    summary({ made, refused, renamed, files: files.size, left: left.size, rendered, lost, flags }),
  );
  return ExitCode.ok;
}

/**
 * What the flags choose is what is to be mended. It is judged by everything that the configuration and the profile
 * have, in all namespaces: else an edit could be proven that brings what the next scan finds.
 */
async function prepareFix(
  paths: readonly string[],
  flags: FixFlags,
  io: Io,
  progress: Progress,
): Promise<Preparation & { readonly chosen: ReadonlySet<string> }> {
  const { control: _control, exclude: _exclude, framework, namespace: _namespace, ...rest } = flags;
  const configuration = await configurationFor(flags.config, io.cwd);
  const asked = framework?.map(namedFramework);
  const answered = asked ?? configuration.frameworks.map(namedFramework);
  const chosen = chooseControls({ ...flags, frameworks: asked }, configuration, answered);
  const prepared = await prepare(paths, rest, io, { progress, configuration });
  const controls = [...new Set([...prepared.judgement.controls, ...chosen])];
  return {
    ...prepared,
    judgement: { ...prepared.judgement, controls },
    chosen: new Set(chosen.map(({ id }) => id)),
  };
}

/**
 * The path as a diff names it: without links, and below the working directory where it is there, since tools refuse to
 * follow links and to leave it.
 */
function namedIn(cwd: string, path: string): string {
  const real = realPath(path);
  const below = relative(realPath(cwd), real).split(sep);
  return below[0] === '..' || isAbsolute(below.join(sep)) ? real : below.join('/');
}

/** Both sides of a diff, named as git does; an absolute path as it is. */
function sidesOf(file: string): { readonly before: string; readonly after: string } {
  return isAbsolute(file) ? { before: file, after: file } : { before: `a/${file}`, after: `b/${file}` };
}

/** The diff of a file, headed by what each fix is for; tools that apply a diff skip what stands before it. */
function printed(file: string, mended: MendedFile): string {
  const reasons = new Map<string, string>();
  for (const { control, finding } of mended.proposals) {
    const grade = control.fix?.grade ?? '';
    const places = reasons.get(control.id);
    const place = `${finding.resource.kind}/${finding.resource.name} ${finding.path}`;
    reasons.set(
      control.id,
      places === undefined
        ? `# ${control.id} (${grade}: ${control.fix?.why ?? ''}) ${place}`
        : `${places}, ${place}`,
    );
  }
  // A name with a line break in it could else add a file to the diff.
  return `${[...reasons.values()].map(visibleLine).join('\n')}\n${unifiedDiff(sidesOf(file), mended)}`;
}

interface Summary {
  readonly made: readonly Proposal[];
  readonly refused: readonly Refusal[];
  readonly renamed: readonly Finding[];
  readonly files: number;
  readonly left: number;
  /** How many findings a chart or an overlay renders that would have a fix. */
  readonly rendered: number;
  /** How many parts of the input could not be judged. */
  readonly lost: number;
  readonly flags: FixFlags;
}

function summary({ made, refused, renamed, files, left, rendered, lost, flags }: Summary): string {
  const verb = flags.write === true ? 'written to' : 'proven in';
  const lines = [
    `${counted(made.length)} ${verb} ${files} ${files === 1 ? 'file' : 'files'}, each proven by a second scan.`,
    refused.length === 0 ? '' : `${counted(refused.length)} not offered:`,
    ...reasonsOf(refused),
    renamed.length === 0 ? '' : renamedLine(renamed),
    left === 0 ? '' : `${counted(left)} may break something; --may-break includes them.`,
    rendered === 0 ? '' : renderedLine(rendered),
    lost === 0
      ? ''
      : `${lost} ${lost === 1 ? 'part' : 'parts'} of the input could not be judged; bulwark scan lists ${lost === 1 ? 'it' : 'them'}.`,
    flags.write === true || made.length === 0 ? '' : 'Nothing is written; --write does it.',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function renamedLine(renamed: readonly Finding[]): string {
  const controls = [...new Set(renamed.map(({ control }) => control))].sort().join(', ');
  return `The fingerprints of ${renamed.length} other ${renamed.length === 1 ? 'finding' : 'findings'} change, since what holds them does; a baseline has to be written again (${controls}).`;
}

function renderedLine(findings: number): string {
  const [subject, pronoun] =
    findings === 1 ? ['1 finding with a fix is', 'its'] : [`${findings} findings with a fix are`, 'their'];
  return `${subject} in what a chart or an overlay renders; ${pronoun} templates and patches are not edited.`;
}

function counted(fixes: number): string {
  return `${fixes} ${fixes === 1 ? 'fix' : 'fixes'}`;
}

/** Why fixes are not offered: a line for each control and reason. */
function reasonsOf(refused: readonly Refusal[]): string[] {
  const counts = new Map<string, number>();
  for (const { proposal, why } of refused) {
    const reason = `${proposal.control.id}: ${why}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => `  ${count === 1 ? '' : `${count} `}${reason}`);
}
