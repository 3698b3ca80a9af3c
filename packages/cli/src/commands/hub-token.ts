import { ROUTES } from '@bulwark/api';
import { visibleLine } from '@bulwark/formats';
import type { TokenRecord } from '@bulwark/store';
import { UsageError } from '../exit.ts';
import type { HubFlags, TokenFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { limitsNamed, note, terminalUser, whyNot, withStore } from './hub-store.ts';

/** `bulwark hub token create`: the token alone goes to standard output, so that a script can take it. */
export async function runTokenCreate(name: string, flags: TokenFlags, io: Io): Promise<number> {
  const asked = ROUTES.createToken.body.safeParse({ name, role: flags.role, days: flags.days });
  if (!asked.success)
    throw new UsageError(
      `a token needs a name of at most 200 letters, and 1 to 366 days: ${whyNot(asked.error)}`,
    );
  const { issueToken } = await import('@bulwark/hub');
  return withStore(flags, io, async (store) => {
    const limits = await limitsNamed(store, flags);
    const owner = terminalUser();
    const now = new Date();
    const { record, secret } = await issueToken(store, { ...asked.data, limits }, { owner, now });
    await note(store, { action: 'createToken', subject: `id=${record.id}`, at: now });
    io.write(`${secret}\n`);
    io.writeError(`${visibleLine(`Token ${record.id}: ${described(record)}. It is shown this once.`)}\n`);
  });
}

/** `bulwark hub token list`: never what they are. */
export async function runTokenList(flags: HubFlags, io: Io): Promise<number> {
  const { listTokens } = await import('@bulwark/store');
  return withStore(flags, io, async (store) => {
    const tokens = await listTokens(store);
    if (tokens.length === 0) io.writeError('There is no token.\n');
    for (const token of tokens)
      io.write(`${visibleLine(`${token.id}  ${described(token)}, ${lastUse(token)}`)}\n`);
  });
}

/** `bulwark hub token revoke`. */
export async function runTokenRevoke(id: number, flags: HubFlags, io: Io): Promise<number> {
  const { deleteToken } = await import('@bulwark/store');
  return withStore(flags, io, async (store) => {
    if (!(await deleteToken(store, id)))
      throw new UsageError(`there is no token ${id}; bulwark hub token list has all`);
    await note(store, { action: 'revokeToken', subject: `id=${id}`, at: new Date() });
    io.write(`Token ${id} is revoked.\n`);
  });
}

function described({ name, role, limits, expires }: TokenRecord): string {
  const clusters = limits.clusters === 'all' ? [] : [`clusters ${limits.clusters.join(' ')}`];
  const namespaces = limits.namespaces === 'all' ? [] : [`namespaces ${limits.namespaces.join(' ')}`];
  return [name, role, ...clusters, ...namespaces, `until ${dayOf(expires)}`].join(', ');
}

function lastUse({ lastUsed }: TokenRecord): string {
  return lastUsed === null ? 'never used' : `last used ${dayOf(lastUsed)}`;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
