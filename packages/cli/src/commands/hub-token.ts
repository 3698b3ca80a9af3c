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
  const [{ issueToken }, { clusterNames }] = await Promise.all([
    import('@bulwark/hub'),
    import('@bulwark/store'),
  ]);
  return withStore(flags, io, async (store) => {
    const limits = await limitsNamed(store, flags);
    const owner = terminalUser();
    const now = new Date();
    const { record, secret } = await issueToken(store, { ...asked.data, limits }, { owner, now });
    await note(store, { action: 'createToken', subject: `id=${record.id}`, at: now });
    io.write(`${secret}\n`);
    const clusters = await clusterNames(store);
    io.writeError(
      `${visibleLine(`Token ${record.id}: ${described(record, clusters)}. It is shown this once.`)}\n`,
    );
  });
}

/** `bulwark hub token list`: never what they are. */
export async function runTokenList(flags: HubFlags, io: Io): Promise<number> {
  const { clusterNames, listTokens } = await import('@bulwark/store');
  return withStore(flags, io, async (store) => {
    const [tokens, clusters] = await Promise.all([listTokens(store), clusterNames(store)]);
    if (tokens.length === 0) io.writeError('There is no token.\n');
    for (const token of tokens)
      io.write(`${visibleLine(`${token.id}  ${described(token, clusters)}, ${lastUse(token)}`)}\n`);
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

/** Clusters are named; of one that is gone only the number is known. */
function described({ name, role, limits, expires }: TokenRecord, names: ReadonlyMap<number, string>): string {
  const nameOf = (id: number): string => names.get(id) ?? `number ${id}`;
  const clusters = limits.clusters === 'all' ? [] : [`clusters ${limits.clusters.map(nameOf).join(' ')}`];
  const namespaces = limits.namespaces === 'all' ? [] : [`namespaces ${limits.namespaces.join(' ')}`];
  return [name, role, ...clusters, ...namespaces, `until ${dayOf(expires)}`].join(', ');
}

function lastUse({ lastUsed }: TokenRecord): string {
  return lastUsed === null ? 'never used' : `last used ${dayOf(lastUsed)}`;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
