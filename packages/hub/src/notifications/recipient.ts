import type { Channel } from '@bulwark/notify';
import { listed } from '../handlers/words.ts';

/** A channel with those that a message is for. */
export interface Addressed {
  readonly channel: Channel;
  /** Whom it is for and why; undefined where no contact was to be heeded. */
  readonly recipient?: string;
}

const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/i;
const CHAT_CHANNEL = /^#[\p{Ll}\p{N}_-]{1,80}$/u;
/** More than these are no contacts of one owner. */
const MOST_CONTACTS = 10;

/**
 * A channel for the contacts of an owner, where it can reach them and may: contacts come from annotations that whoever deploys
 * writes, so that mail goes only to domains that an administrator has allowed for the channel. Else it stays as it is.
 *
 * @param domains to which mail may go beside those of the channel itself.
 */
export function addressed(
  channel: Channel,
  contacts: readonly string[],
  domains: readonly string[],
): Addressed {
  if (contacts.length === 0)
    return { channel, recipient: `${usualOf(channel)}: nothing says how the owner is reached` };
  switch (channel.type) {
    case 'webhook':
      return { channel, recipient: `the webhook, which is told the contacts ${listed(shown(contacts))}` };
    case 'slack':
      return inChat(channel, contacts);
    case 'smtp':
      return byMail(channel, contacts, domains);
  }
}

function shown(contacts: readonly string[]): readonly string[] {
  return contacts.slice(0, MOST_CONTACTS).map((contact) => contact.slice(0, 200));
}

function inChat(channel: Extract<Channel, { type: 'slack' }>, contacts: readonly string[]): Addressed {
  const found = contacts.find((contact) => CHAT_CHANNEL.test(contact));
  if (found === undefined)
    return {
      channel,
      recipient: `${usualOf(channel)}: no contact is a channel, but ${listed(shown(contacts))}`,
    };
  const recipient = `${found}, the contact of the owner, as far as the receiver lets a message choose its channel`;
  return { channel: { ...channel, channel: found }, recipient };
}

function byMail(
  channel: Extract<Channel, { type: 'smtp' }>,
  contacts: readonly string[],
  domains: readonly string[],
): Addressed {
  const addresses = contacts
    .map((contact) => contact.replace(/^mailto:/i, ''))
    .filter((each) => ADDRESS.test(each));
  if (addresses.length === 0)
    return {
      channel,
      recipient: `${usualOf(channel)}: no contact is an address, but ${listed(shown(contacts))}`,
    };
  const allowed = new Set(domains.map((domain) => domain.toLowerCase()));
  const to = addresses
    .filter((each) => allowed.has((ADDRESS.exec(each)?.[1] ?? '').toLowerCase()) || channel.to.includes(each))
    .slice(0, MOST_CONTACTS);
  if (to.length === 0)
    return {
      channel,
      recipient: `${usualOf(channel)}: the contact ${listed(shown(addresses))} is of a domain that the channel does not allow`,
    };
  return { channel: { ...channel, to }, recipient: `${listed(to)}, the contact of the owner` };
}

/** Where a channel leads by itself. */
function usualOf(channel: Channel): string {
  return channel.type === 'smtp' ? listed(channel.to) : 'the channel';
}
