import { relative } from 'node:path';
import { visibleLine } from '@bulwark/formats';
import { namedControls } from '../catalogue.ts';
import { ExitCode } from '../exit.ts';
import { unifiedDiff } from '../fix/diff.ts';
import type { MendedFile } from '../fix/mended-file.ts';
import { keyOf, type Proposal } from '../fix/proposals.ts';
import { mendAll } from '../fix/prove.ts';
import type { FixFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { judge } from '../scan/pipeline.ts';
import { writeWhole } from './outputs.ts';
import { prepare } from './preparation.ts';

/** `bulwark fix`: prints a diff, or writes the files. */
export async function runFix(paths: readonly string[], flags: FixFlags, io: Io): Promise<number> {
  const progress = new Progress(io, true);
  const { control: names, ...others } = flags;
  // What is asked for is mended; whether something new comes of it is asked of the whole profile.
  const { configuration, judgement: ofProfile } = await prepare(paths, others, io, { progress });
  const asked = names?.flatMap((name) => namedControls(name, configuration.controls));
  const judgement = { ...ofProfile, controls: [...new Set([...ofProfile.controls, ...(asked ?? [])])] };
  const askedIds = asked && new Set(asked.map(({ id }) => id));
  const judged = await judge(judgement);
  progress.stop();
  const left = new Set<string>();
  const { files, refused } = mendAll(judged, judgement, ({ control, finding }) => {
    if (askedIds?.has(control.id) === false) return false;
    const isWanted = flags.mayBreak === true || control.fix?.grade === 'safe';
    if (!isWanted) left.add(keyOf(finding));
    return isWanted;
  });
  const made = [...files.values()].flatMap((file) => file.proposals);
  for (const [index, mended] of files) {
    const input = judgement.files[index];
    if (input?.path === undefined) continue;
    if (flags.write === true) writeWhole(input.path, [mended.after], '--write');
    else io.write(printed(namedIn(io.cwd, input.path), mended));
  }
  io.writeError(summary({ made, refused, files: files.size, left: left.size, flags }));
  return ExitCode.ok;
}

/** The path as a diff names it: below the working directory where it is there, for tools refuse a way out of it. */
function namedIn(cwd: string, path: string): string {
  const below = relative(cwd, path);
  return below.startsWith('..') ? path : below;
}

/** The diff of a file, headed by what each fix is for; tools that apply a diff skip what stands before it. */
function printed(file: string, mended: MendedFile): string {
  const reasons = new Map<string, string>();
  for (const { control, finding } of mended.proposals) {
    const grade = control.fix?.grade ?? '';
    const places = reasons.get(control.id);
    // Names come from manifests: a line of their own would be taken for a part of the diff.
    const place = visibleLine(
      `${finding.resource.kind}/${finding.resource.name}:${finding.region?.line ?? 1}`,
    );
    reasons.set(
      control.id,
      places === undefined
        ? `# ${control.id} (${grade}: ${control.fix?.why ?? ''}) ${place}`
        : `${places}, ${place}`,
    );
  }
  return `${[...reasons.values()].join('\n')}\n${unifiedDiff(file, mended)}`;
}

interface Summary {
  readonly made: readonly Proposal[];
  readonly refused: readonly Proposal[];
  readonly files: number;
  readonly left: number;
  readonly flags: FixFlags;
}

function summary({ made, refused, files, left, flags }: Summary): string {
  const fixes = (number: number): string => `${number} ${number === 1 ? 'fix' : 'fixes'}`;
  const verb = flags.write === true ? 'written to' : 'proven in';
  const lines = [
    `${fixes(made.length)} ${verb} ${files} ${files === 1 ? 'file' : 'files'}, each proven by a second scan.`,
    refused.length === 0
      ? ''
      : `${fixes(refused.length)} not offered: the second scan did not prove them, or the text has no place for them.`,
    left === 0 ? '' : `${fixes(left)} may break something; --may-break includes them.`,
    flags.write === true || made.length === 0 ? '' : 'Nothing is written; --write does it.',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}
