import { domainToASCII } from 'node:url';
import { mailAddress } from '@bulwark/api';
import { type Channel, mayKeepToChannel } from '@bulwark/notify';
import type { ChannelRecord } from '@bulwark/store';
import { listed } from '../handlers/words.ts';

/** A channel with those that a message is for. */
export interface Addressed {
  readonly channel: Channel;
  /** Whom it is for and why; undefined where no contact was to be heeded. */
  readonly recipient?: string;
}

const CHAT_CHANNEL = /^#[\p{Ll}\p{N}_-]{1,80}$/u;
/** More than these are no contacts of one owner. */
const MOST_CONTACTS = 10;

/** Of a channel of mail: its own readers, and domains to which mail to contacts may go beside them; absent in older channels. */
interface MailReaders {
  readonly to: readonly string[];
  readonly contactDomains?: readonly string[];
}

/**
 * Whether a channel reaches a contact by more than what goes to the channel: a webhook is told the contacts, and mail may have no other
 * reader.
 */
export function knowsContact(
  { type, settings }: Pick<ChannelRecord, 'type' | 'settings'>,
  contact: string,
): boolean {
  switch (type) {
    case 'webhook':
      return false;
    case 'slack':
      return CHAT_CHANNEL.test(contact);
    case 'smtp': {
      const readers = settings as unknown as MailReaders;
      const address = addressOf(contact);
      return mayMail(address, readers) && readers.to.join() !== address;
    }
  }
}

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
  return {
    channel: { ...channel, channel: found },
    recipient: `${found}, the contact of the owner${doubtOf(channel)}`,
  };
}

/** What is not known of where a chat puts what it is sent. */
function doubtOf({ url }: Extract<Channel, { type: 'slack' }>): string {
  return mayKeepToChannel(new URL(url.reveal()).hostname)
    ? ', but the webhook of a Slack app puts it into the channel that it was made for; the message says whom it is for'
    : ', as far as the receiver lets a message choose its channel';
}

function byMail(
  channel: Extract<Channel, { type: 'smtp' }>,
  contacts: readonly string[],
  domains: readonly string[],
): Addressed {
  const addresses = contacts.map(addressOf).filter(isAddress);
  if (addresses.length === 0)
    return {
      channel,
      recipient: `${usualOf(channel)}: no contact is an address, but ${listed(shown(contacts))}`,
    };
  const readers = { to: channel.to, contactDomains: domains };
  const to = addresses.filter((each) => mayMail(each, readers)).slice(0, MOST_CONTACTS);
  if (to.length === 0)
    return {
      channel,
      recipient: `${usualOf(channel)}: the contact ${listed(shown(addresses))} is of a domain that the channel does not allow`,
    };
  return { channel: { ...channel, to }, recipient: `${listed(to)}, the contact of the owner` };
}

function addressOf(contact: string): string {
  return contact.replace(/^mailto:/i, '');
}

function isAddress(text: string): boolean {
  return mailAddress.safeParse(text).success;
}

function mayMail(address: string, { to, contactDomains = [] }: MailReaders): boolean {
  if (!isAddress(address)) return false;
  return to.includes(address) || contactDomains.some((each) => domainToASCII(each) === domainOf(address));
}

/** As mail is sent to it: in lower case, and without letters that only look like those of another. */
function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1));
}

/** The same for a message that the channel reads: when that was gathered it knew no contact. */
export function keptToChannel(channel: Channel, found: Addressed): Addressed {
  if (endOf(found.channel) === endOf(channel)) return found;
  return {
    channel,
    recipient: `${usualOf(channel)}: it knew no contact of the owner when this was gathered`,
  };
}

/** Where a message ends up of those of a channel. */
function endOf(channel: Channel): string | undefined {
  switch (channel.type) {
    case 'webhook':
      return undefined;
    case 'slack':
      return channel.channel;
    case 'smtp':
      return channel.to.join();
  }
}

/** The same channel for those readers alone who have not got a message yet, null being all of them; undefined for nobody. */
export function stillTo(channel: Channel, left: readonly string[] | null): Channel | undefined {
  if (left === null || channel.type !== 'smtp') return channel;
  const to = channel.to.filter((each) => left.includes(each));
  return to.length === 0 ? undefined : { ...channel, to };
}

/** Where a channel leads by itself. */
function usualOf(channel: Channel): string {
  return channel.type === 'smtp' ? listed(channel.to) : 'the channel';
}
