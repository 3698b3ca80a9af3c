import { Secret } from '@bulwark/core';
import type { Channel } from '@bulwark/notify';
import { describe, expect, it } from 'vitest';
import { addressed, keptToChannel, knowsContact, stillTo } from './recipient.ts';

const MAIL: Channel = {
  type: 'smtp',
  host: 'mail.example.com',
  port: 465,
  implicitTls: true,
  from: 'bulwark@example.com',
  to: ['security@example.com'],
};
const CHAT: Channel = { type: 'slack', url: new Secret('https://hooks.example.com/x') };
const HOOK: Channel = {
  type: 'webhook',
  url: new Secret('https://x.example.com/'),
  signingKey: new Secret('k'),
};
const DOMAINS = ['example.com', 'Läden.example'];

describe('a message for the contact of an owner', () => {
  it.each([
    { what: 'an address of an allowed domain', contacts: ['pay@Example.com'], to: ['pay@Example.com'] },
    { what: 'a link to write a mail', contacts: ['mailto:pay@example.com'], to: ['pay@example.com'] },
    { what: 'an address of another domain', contacts: ['eve@evil.example'], to: MAIL.to },
    { what: 'an address of a domain below', contacts: ['eve@example.com.evil.org'], to: MAIL.to },
    {
      what: 'an address with a line of its own',
      contacts: ['a@example.com\nBcc: eve@evil.example'],
      to: MAIL.to,
    },
    { what: 'two addresses in one', contacts: ['eve@evil.example,a@example.com'], to: MAIL.to },
    { what: 'a name before the address', contacts: ['"x" <eve@evil.example> a@example.com'], to: MAIL.to },
    { what: 'a channel', contacts: ['#pay'], to: MAIL.to },
    { what: 'an address in another script', contacts: ['jörg@läden.example'], to: ['jörg@läden.example'] },
    { what: 'a domain that only looks allowed', contacts: ['eve@exаmple.com'], to: MAIL.to },
    { what: 'nothing', contacts: [], to: MAIL.to },
  ])('by mail goes for $what to $to', ({ contacts, to }) => {
    const { channel, recipient } = addressed(MAIL, contacts, DOMAINS);

    expect(channel).toMatchObject({ to });
    expect(recipient).toMatch(to === MAIL.to ? /^security@example\.com: / : /, the contact of the owner$/);
  });

  it('by mail goes to nobody outside where no domain is allowed', () => {
    expect(addressed(MAIL, ['pay@example.com'], [])).toEqual({
      channel: MAIL,
      recipient:
        'security@example.com: the contact pay@example.com is of a domain that the channel does not allow',
    });
  });

  it.each([
    { contact: '#storefront', channel: '#storefront' },
    { contact: '#store front', channel: undefined },
    { contact: '<!channel>', channel: undefined },
    { contact: 'pay@example.com', channel: undefined },
  ])('in a chat asks for the channel $channel of the contact $contact', ({ contact, channel }) => {
    expect((addressed(CHAT, [contact], []).channel as { channel?: string }).channel).toBe(channel);
  });

  it.each([
    ['https://hooks.slack.com/services/T0/B0/x', 'but the webhook of a Slack app puts it into the channel'],
    ['https://chat.example.com/hooks/x', 'as far as the receiver lets a message choose'],
  ])('in a chat at %s says what is not known of where it goes', (url, says) => {
    const { recipient } = addressed({ type: 'slack', url: new Secret(url) }, ['#storefront'], []);

    expect(recipient).toContain('#storefront, the contact of the owner');
    expect(recipient).toContain(says);
  });

  it('by webhook is left to its receiver, which is told the contacts', () => {
    expect(addressed(HOOK, ['#pay'], [])).toEqual({
      channel: HOOK,
      recipient: 'the webhook, which is told the contacts #pay',
    });
  });
});

describe('a contact of an owner', () => {
  const settings = { to: ['security@example.com'], contactDomains: ['example.com'] };

  it.each([
    { type: 'smtp', settings, contact: 'mailto:pay@example.com', isKnown: true },
    { type: 'smtp', settings, contact: 'eve@evil.example', isKnown: false },
    { type: 'smtp', settings, contact: '#pay', isKnown: false },
    {
      type: 'smtp',
      settings: { to: ['a@example.com', 'b@example.com'] },
      contact: 'b@example.com',
      isKnown: true,
    },
    { type: 'smtp', settings, contact: 'security@example.com', isKnown: false },
    { type: 'smtp', settings: { to: settings.to }, contact: 'pay@example.com', isKnown: false },
    { type: 'slack', settings: { host: 'x' }, contact: '#pay', isKnown: true },
    { type: 'slack', settings: { host: 'x' }, contact: 'pay@example.com', isKnown: false },
    { type: 'webhook', settings: { host: 'x' }, contact: '#pay', isKnown: false },
  ] as const)(
    '$contact is known to a channel of type $type: $isKnown',
    ({ contact, isKnown, ...channel }) => {
      expect(knowsContact(channel, contact)).toBe(isKnown);
    },
  );

  it.each([
    { channel: MAIL, contact: 'pay@example.com', usual: 'security@example.com' },
    { channel: CHAT, contact: '#pay', usual: 'the channel' },
  ])('that became known while a message was gathered for $usual does not get it', (each) => {
    expect(keptToChannel(each.channel, addressed(each.channel, [each.contact], DOMAINS))).toEqual({
      channel: each.channel,
      recipient: `${each.usual}: it knew no contact of the owner when this was gathered`,
    });
  });
});

describe('what is left of a message', () => {
  const both: Channel = { ...MAIL, to: ['a@example.com', 'b@example.com'] };

  it.each([
    { left: null, to: both.to },
    { left: ['b@example.com', 'gone@example.com'], to: ['b@example.com'] },
    { left: ['gone@example.com'], to: undefined },
  ])('for $left goes to $to', ({ left, to }) => {
    const channel = stillTo(both, left);

    expect(channel?.type === 'smtp' ? channel.to : undefined).toEqual(to);
  });
});
