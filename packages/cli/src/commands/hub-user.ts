import { ROUTES } from '@bulwark/api';
import type { Store } from '@bulwark/store';
import { UsageError, unknownName } from '../exit.ts';
import type { HubFlags, UserFlags } from '../flags.ts';
import { DEFAULT_LISTEN, type HubSettings } from '../hub-settings/settings.ts';
import type { Io } from '../io.ts';
import { limitsNamed, note, whyNot, withStore } from './hub-store.ts';

/** `bulwark hub user create`: the link alone goes to standard output. */
export async function runUserCreate(name: string, flags: UserFlags, io: Io): Promise<number> {
  const asked = ROUTES.createUser.body.safeParse({ name, role: flags.role });
  if (!asked.success)
    throw new UsageError(`a user needs a name of at most 200 letters: ${whyNot(asked.error)}`);
  const { createUser } = await import('@bulwark/store');
  return withStore(flags, io, async (store, settings) => {
    const createdAt = new Date();
    const limits = await limitsNamed(store, flags);
    const { id } = await createUser(store, { ...asked.data, limits, createdAt });
    await note(store, { action: 'createUser', subject: `id=${id}`, at: createdAt });
    await printLink(store, id, { settings, io });
  });
}

/** `bulwark hub user link`. */
export async function runUserLink(name: string, flags: HubFlags, io: Io): Promise<number> {
  const { findUser, listUsers } = await import('@bulwark/store');
  return withStore(flags, io, async (store, settings) => {
    const user = await findUser(store, name);
    if (user === undefined)
      throw unknownName(
        'user',
        name,
        (await listUsers(store)).map((each) => each.name),
      );
    await note(store, { action: 'createLink', subject: `id=${user.id}`, at: new Date() });
    await printLink(store, user.id, { settings, io });
  });
}

async function printLink(
  store: Store,
  user: number,
  { settings, io }: { readonly settings: HubSettings; readonly io: Io },
): Promise<void> {
  const { issueLink, knownAddress } = await import('@bulwark/hub');
  const origin = settings.publicUrl?.replace(/\/+$/, '') ?? (await knownAddress(store)) ?? originOf(settings);
  io.write(`${origin}/#link=${await issueLink(store, user, new Date())}\n`);
  io.writeError('The link signs in once, within a day.\n');
}

/** Where browsers find a hub that was never started, as far as its settings tell. */
function originOf({ listen = DEFAULT_LISTEN, tlsCert }: HubSettings): string {
  return `${tlsCert === undefined ? 'http' : 'https'}://${listen}`;
}
