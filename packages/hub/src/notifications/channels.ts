import type { ChannelChange, ChannelItem, NewChannel } from '@bulwark/api';
import { AppError, Secret } from '@bulwark/core';
import { type Channel, isForbidden, mayKeepToChannel } from '@bulwark/notify';
import type { ChannelFailure, ChannelRecord } from '@bulwark/store';
import type { Sealer } from './sealing.ts';

/** What is secret of a channel: an address of a webhook is, because whoever has it can send. */
interface ChannelSecrets {
  readonly url?: string;
  readonly signingKey?: string;
  readonly password?: string;
}

interface MailSettings {
  readonly host: string;
  readonly port: number;
  readonly implicitTls: boolean;
  readonly from: string;
  readonly to: readonly string[];
  readonly user?: string;
  /** Absent in channels that are older. */
  readonly contactDomains?: readonly string[];
}

type StoredChannel = Pick<ChannelRecord, 'name' | 'settings' | 'secrets'>;

/**
 * A channel as it is stored.
 *
 * @throws AppError `bad-request` for an address to which nothing is ever sent. Names are looked at when they are resolved.
 */
export function sealChannel(body: NewChannel, sealer: Sealer): StoredChannel {
  const [path, host] = body.type === 'smtp' ? ['host', body.host] : ['url', new URL(body.url).hostname];
  if (isForbidden(host))
    throw new AppError('bad-request', {
      errors: [{ path, message: 'is a link-local address, or one at which a cloud keeps credentials' }],
    });
  const { settings, secrets } = partsOf(body);
  return { name: body.name, settings, secrets: sealer.seal(JSON.stringify(secrets), body.type) };
}

function partsOf(body: NewChannel): {
  readonly settings: Record<string, unknown>;
  readonly secrets: ChannelSecrets;
} {
  switch (body.type) {
    case 'webhook':
      return { settings: hostOf(body.url), secrets: { url: body.url, signingKey: body.signingKey } };
    case 'slack':
      return { settings: hostOf(body.url), secrets: { url: body.url } };
    case 'smtp': {
      const { type: _type, name: _name, password, ...settings } = body;
      return { settings, secrets: { ...(password !== undefined && { password }) } };
    }
  }
}

function hostOf(url: string): { readonly host: string } {
  return { host: new URL(url).host };
}

/**
 * A channel with changes, as it is stored. Secrets that are not given stay.
 *
 * @throws AppError `conflict` where they cannot: they are of another kind, lost, or would go to a server they were not given for.
 */
export function changeChannel(record: ChannelRecord, change: ChannelChange, sealer: Sealer): StoredChannel {
  if (change.type !== record.type)
    throw new AppError('conflict', { detail: `The channel is of the type ${record.type}.` });
  const known = secretsOf(record, sealer);
  if (change.type === 'smtp')
    return sealChannel({ ...change, ...passwordFor(record, change, known) }, sealer);
  const { url = known?.url } = change;
  if (url === undefined) throw lost();
  if (change.type === 'slack') return sealChannel({ ...change, url }, sealer);
  const { signingKey = known?.signingKey } = change;
  if (signingKey === undefined) throw lost();
  return sealChannel({ ...change, url, signingKey }, sealer);
}

function passwordFor(
  { settings }: ChannelRecord,
  change: Extract<ChannelChange, { readonly type: 'smtp' }>,
  known: ChannelSecrets | undefined,
): { readonly password?: string } {
  if (change.user === undefined) return {};
  if (change.password !== undefined) return { password: change.password };
  if (known === undefined) throw lost();
  const before = settings as unknown as MailSettings;
  const isSame =
    before.host === change.host &&
    before.port === change.port &&
    before.implicitTls === change.implicitTls &&
    before.user === change.user;
  // Otherwise whoever may change the server could have the password sent to one of their own.
  if (!isSame && known.password !== undefined)
    throw new AppError('conflict', {
      detail: 'For another server or user the password has to be given anew.',
    });
  return known;
}

function lost(): AppError {
  return new AppError('conflict', {
    detail: 'The secrets of the channel cannot be read with the key of this hub: give them anew.',
  });
}

function secretsOf({ type, secrets }: ChannelRecord, sealer: Sealer): ChannelSecrets | undefined {
  const text = sealer.open(secrets, type);
  return text === undefined ? undefined : (JSON.parse(text) as ChannelSecrets);
}

interface OpenedChannel {
  readonly channel: Channel;
  /** Domains to which mail to contacts of owners may go. */
  readonly contactDomains: readonly string[];
  readonly secrets: Secret<readonly string[]>;
}

/** A channel that can be sent to, with what of it must not be said; undefined where its secrets cannot be read. */
export function openChannel(record: ChannelRecord, sealer: Sealer): OpenedChannel | undefined {
  const known = secretsOf(record, sealer);
  if (known === undefined) return undefined;
  const { contactDomains = [] } = record.settings as Partial<MailSettings>;
  return { channel: channelOf(record, known), contactDomains, secrets: new Secret(tellingParts(known)) };
}

function channelOf(
  { type, settings }: ChannelRecord,
  { url = '', signingKey = '', password }: ChannelSecrets,
): Channel {
  switch (type) {
    case 'webhook':
      return { type, url: new Secret(url), signingKey: new Secret(signingKey) };
    case 'slack':
      return { type, url: new Secret(url) };
    case 'smtp':
      return {
        type,
        ...mailOf(settings as unknown as MailSettings),
        ...(password !== undefined && { password: new Secret(password) }),
      };
  }
}

function mailOf({ contactDomains: _domains, ...mail }: MailSettings) {
  return mail;
}

const LEAST_TELLING = 6;

function tellingParts({ url, signingKey, password }: ChannelSecrets): string[] {
  const parts = [signingKey, password];
  if (url !== undefined) {
    const { pathname, search, username, password: ofUrl } = new URL(url);
    const values = [...new URLSearchParams(search).values()];
    parts.push(url, `${pathname}${search}`, pathname, search, username, ofUrl);
    parts.push(...pathname.split('/'), ...values);
  }
  return parts
    .filter((part): part is string => part !== undefined && part.length >= LEAST_TELLING)
    .sort((a, b) => b.length - a.length);
}

/** An answer without secrets: servers like to say which address they do not know. */
export function withoutSecrets(answer: string, secrets: Secret<readonly string[]>): string {
  return secrets.reveal().reduce((text, secret) => text.replaceAll(secret, '[secret]'), answer);
}

/** A channel as it is answered: secrets are said to be set, never what they are. */
export function channelItem(
  record: ChannelRecord,
  sealer: Sealer,
  failing: ChannelFailure | undefined,
): ChannelItem {
  const known = secretsOf(record, sealer);
  const base = {
    id: record.id,
    name: record.name,
    isUsable: known !== undefined,
    createdAt: record.createdAt.toISOString(),
    createdBy: record.createdBy,
    failing: failing === undefined ? null : { ...failing, since: failing.since.toISOString() },
  };
  const settings = record.settings as unknown as MailSettings;
  switch (record.type) {
    case 'webhook':
      return { ...base, type: record.type, host: settings.host, url: 'set', signingKey: 'set' };
    case 'slack':
      return {
        ...base,
        type: record.type,
        host: settings.host,
        url: 'set',
        mayKeepToChannel: mayKeepToChannel(settings.host),
      };
    case 'smtp': {
      const { host, port, implicitTls, from, to, user } = settings;
      const hasPassword = known === undefined ? user !== undefined : known.password !== undefined;
      const contactDomains = [...(settings.contactDomains ?? [])];
      const mail = { host, port, implicitTls, from, to: [...to], user: user ?? null, contactDomains };
      return { ...base, type: record.type, ...mail, password: hasPassword ? 'set' : null };
    }
  }
}
