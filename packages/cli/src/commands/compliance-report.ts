import { resolve } from 'node:path';
import { momentOf } from '../ask/moment.ts';
import { isWhole, seenLines } from '../ask/seen.ts';
import { clusterNamed, sightOf } from '../ask/sight.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { ComplianceFlags } from '../flags.ts';
import { connectionTo } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';
import { STDOUT } from './outputs.ts';
import { WholeFile } from './whole-file.ts';

/**
 * `bulwark compliance FRAMEWORK --report html`: the report for an auditor, to a file or to standard output, as it comes. A file
 * is written whole or not at all.
 */
export async function runComplianceReport(
  framework: string | undefined,
  flags: ComplianceFlags,
  io: Io,
): Promise<number> {
  const { id, format } = wanted(framework, flags);
  const { cluster, asOf, output = STDOUT } = flags;
  const hub = connectionTo(flags, io);
  const now = new Date();
  const sight = await sightOf(hub);
  const query = {
    format,
    ...(cluster !== undefined && { cluster: clusterNamed(cluster, sight.clusters).id }),
    ...(asOf !== undefined && { asOf: momentOf('--as-of', asOf, now) }),
  };
  // Begun before the hub is asked: what cannot be written need not be made.
  const target = output === STDOUT ? printing(io) : new WholeFile(resolve(io.cwd, output), '--output');
  try {
    const pieces = await hub.report({ params: { id }, query });
    io.writeError(seenLines(sight, now));
    for await (const piece of pieces) target.write(piece);
  } catch (error) {
    target.abandon();
    throw error;
  }
  target.finish();
  if (output !== STDOUT) io.write(`Written to ${output}\n`);
  return flags.strict === true && !(sight.clusters.length > 0 && sight.clusters.every(isWhole))
    ? ExitCode.lost
    : ExitCode.ok;
}

/** @throws UsageError where flags do not go together. */
function wanted(
  id: string | undefined,
  { report, format, limit, all }: ComplianceFlags,
): { readonly id: string; readonly format: 'html' | 'json' } {
  if (report !== 'html' && report !== 'json')
    throw new UsageError('--output is for a report: say --report html or --report json');
  if (id === undefined) throw new UsageError('--report is about one framework; name it');
  if (format !== undefined || limit !== undefined || all !== undefined)
    throw new UsageError('--format, --limit and --all are for the list; a report is whole');
  return { id, format: report };
}

/** What was printed stays: its end says whether it is whole. */
function printing(io: Io): Pick<WholeFile, 'write' | 'finish' | 'abandon'> {
  const decoder = new TextDecoder();
  const nothing = (): void => undefined;
  return {
    write: (piece) => io.write(typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })),
    finish: nothing,
    abandon: nothing,
  };
}
