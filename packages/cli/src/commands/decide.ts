import { counted } from '@bulwark/formats';
import { select, triageOf } from '../ask/triage.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { AskFlags, ExceptFlags, RefuseFlags, TriageFlags } from '../flags.ts';
import { connectionTo } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';

/** `bulwark triage`: decides about all that a query finds, once somebody says yes. */
export async function runTriage(words: readonly string[], flags: TriageFlags, io: Io): Promise<number> {
  const { change, what } = triageOf(flags, new Date());
  const hub = connectionTo(flags, io);
  const { q, found, text } = await select(hub, words);
  if (!(await isWanted(`${text} will be ${what}`, flags, io))) return ExitCode.ok;
  const { matches, digest } = found;
  const { changed } = await hub.call('triageSelection', { body: { q, matches, digest, ...change } });
  io.write(`${counted(changed, 'finding')} ${what}.\n`);
  return ExitCode.ok;
}

/** `bulwark exceptions add`: accepts all that a query finds now, and nothing that comes later. */
export async function runExceptionAdd(words: readonly string[], flags: ExceptFlags, io: Io): Promise<number> {
  const hub = connectionTo(flags, io);
  const { q, found, text } = await select(hub, words);
  const { matches, acceptable, digest, needsApproval } = found;
  if (acceptable === 0)
    throw new UsageError('all that the query finds is resolved: there is nothing to accept');
  const accepted =
    acceptable === matches
      ? `${text} will be accepted`
      : `${acceptable} of ${text} will be accepted, as the others are resolved`;
  const approval = needsApproval ? '; a second person has to approve it' : '';
  if (!(await isWanted(`${accepted}${approval}`, flags, io))) return ExitCode.ok;
  const { reason, owner, until } = flags;
  const { items } = await hub.call('exceptSelection', {
    body: {
      q,
      matches,
      digest,
      reason,
      ...(owner !== undefined && { owner }),
      ...(until !== undefined && { until }),
    },
  });
  for (const { id, state, covers } of items)
    io.write(
      `Exception ${id ?? ''} ${state === 'requested' ? 'asked for' : 'made'}; it covers ${covers}${approval}.\n`,
    );
  return ExitCode.ok;
}

/** `bulwark exceptions approve`. */
export async function runExceptionApprove(id: number, flags: AskFlags, io: Io): Promise<number> {
  const { state } = await connectionTo(flags, io).call('approveException', { params: { id } });
  io.write(`Exception ${id} is ${state}.\n`);
  return ExitCode.ok;
}

/** `bulwark exceptions refuse`. */
export async function runExceptionRefuse(id: number, flags: RefuseFlags, io: Io): Promise<number> {
  const { reason } = flags;
  const body = reason === undefined ? {} : { reason };
  await connectionTo(flags, io).call('refuseException', { params: { id }, body });
  io.write(`Exception ${id} is refused.\n`);
  return ExitCode.ok;
}

/** `bulwark exceptions remove`. */
export async function runExceptionRemove(id: number, flags: AskFlags, io: Io): Promise<number> {
  await connectionTo(flags, io).call('revokeException', { params: { id } });
  io.write(`Exception ${id} is ended.\n`);
  return ExitCode.ok;
}

/** Whether it is to be done: what a query finds may be more than was thought. */
async function isWanted(sentence: string, { yes }: { readonly yes?: boolean }, io: Io): Promise<boolean> {
  if (yes === true) return true;
  if (io.confirm === undefined) {
    io.write(`${sentence}. Nothing is done yet; --yes does it.\n`);
    return false;
  }
  if (await io.confirm(`${sentence}. Do it? [y/N] `)) return true;
  io.write('Nothing is done.\n');
  return false;
}
