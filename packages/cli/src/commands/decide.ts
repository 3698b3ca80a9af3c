import { select } from '../ask/triage.ts';
import { ExitCode } from '../exit.ts';
import type { AskFlags, ExceptFlags, TriageFlags } from '../flags.ts';
import { connectionTo } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';

/** `bulwark findings --assign` and its like: decides about all that a query finds, once --yes says so. */
export async function runTriage(words: readonly string[], flags: TriageFlags, io: Io): Promise<number> {
  const hub = connectionTo(flags, io);
  const { q, found, text } = await select(hub, words);
  const assignee = flags.assign === 'nobody' ? null : flags.assign;
  const change = {
    ...(assignee !== undefined && { assignee }),
    ...(flags.acknowledge === true && { acknowledged: true }),
  };
  const what = [
    ...(assignee === undefined ? [] : [assignee === null ? 'assigned to nobody' : `assigned to ${assignee}`]),
    ...(flags.acknowledge === true ? ['acknowledged'] : []),
  ].join(' and ');
  if (flags.yes !== true) return ask(`${text} would be ${what}`, io);
  const { matches, digest } = found;
  const { changed } = await hub.call('triageSelection', { body: { q, matches, digest, ...change } });
  io.write(`${text} ${what}; ${changed} changed.\n`);
  return ExitCode.ok;
}

/** `bulwark exceptions add`: accepts all that a query finds now, and nothing that comes later. */
export async function runExceptionAdd(words: readonly string[], flags: ExceptFlags, io: Io): Promise<number> {
  const hub = connectionTo(flags, io);
  const { q, found, text } = await select(hub, words);
  const { matches, digest, needsApproval } = found;
  const approval = needsApproval ? '; a second person has to approve it' : '';
  if (flags.yes !== true) return ask(`${text} would be accepted${approval}`, io);
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

/** `bulwark exceptions remove`. */
export async function runExceptionRemove(id: number, flags: AskFlags, io: Io): Promise<number> {
  await connectionTo(flags, io).call('revokeException', { params: { id } });
  io.write(`Exception ${id} is ended.\n`);
  return ExitCode.ok;
}

/** Nothing is done yet: what a query finds may be more than was thought. */
function ask(sentence: string, io: Io): number {
  io.write(`${sentence}. Nothing is done yet; --yes does it.\n`);
  return ExitCode.ok;
}
