import { z } from 'zod';
import { defineRoute } from './contract.ts';
import {
  clusterRef,
  count,
  idParams,
  inDigits,
  MOST_PER_PAGE,
  moment,
  pageOf,
  rowId,
  rowIdInDigits,
  severity,
  writtenText,
} from './vocabulary.ts';

const name = writtenText.min(1).max(100);
const LEAST_KEY = 16;
const MOST_DIGEST_MINUTES = 7 * 24 * 60;

const url = z.url({ protocol: /^https?$/, hostname: /^.+$/ }).max(2000);
const signingKey = z.string().min(LEAST_KEY).max(200);
const LETTER = '\\p{L}\\p{M}\\p{N}';
const LABEL = `[${LETTER}](?:[${LETTER}-]{0,61}[${LETTER}])?`;
const DOMAIN = `(?:${LABEL}\\.)+(?!\\d+$)${LABEL}`;
/** An address of mail, in whatever script (RFC 6531, 3.3), without what a list of them or a header would read as its own. */
export const mailAddress = z
  .string()
  .max(320)
  .regex(
    new RegExp(`^(?!\\.)[${LETTER}.!#$%&'*+/=?^_\`{|}~-]{1,64}(?<!\\.)@${DOMAIN}$`, 'u'),
    'An address, such as team@example.com.',
  );
const mailServer = {
  host: z.string().regex(/^[\w.:-]{1,253}$/, 'A host name or an address.'),
  port: z.int().min(1).max(65_535),
  implicitTls: z
    .boolean()
    .describe('TLS from the start; without it STARTTLS, except on the loopback address.'),
  from: mailAddress,
  to: z.array(mailAddress).min(1).max(50),
  contactDomains: z
    .array(
      z
        .string()
        .max(253)
        .regex(new RegExp(`^${DOMAIN}$`, 'u'), 'A domain.'),
    )
    .max(50)
    .default([])
    .describe(
      'Domains to which mail may go for contacts of owners, which whoever deploys writes; none by default.',
    ),
};

const webhook = z.strictObject({ type: z.literal('webhook'), name, url, signingKey });
const slack = z.strictObject({ type: z.literal('slack'), name, url });
const smtp = z.strictObject({
  type: z.literal('smtp'),
  name,
  ...mailServer,
  user: z.string().min(1).max(320).optional(),
  password: z.string().min(1).max(1000).optional(),
});

const newChannel = z.discriminatedUnion('type', [webhook, slack, smtp]);
export type NewChannel = z.output<typeof newChannel>;

/** A secret that is left out stays as it is. */
const channelChange = z.discriminatedUnion('type', [
  webhook.partial({ url: true, signingKey: true }),
  slack.partial({ url: true }),
  smtp,
]);
export type ChannelChange = z.output<typeof channelChange>;

const isSet = z.literal('set').describe('A secret: it is there, and never answered.');
const channelBase = {
  id: z.int().positive(),
  name: z.string(),
  isUsable: z.boolean().describe('Whether its secrets can be read with the key of this hub.'),
  createdAt: moment,
  createdBy: z
    .string()
    .nullable()
    .describe('Who made it, of a token also whose it is; null where that is not known.'),
  failing: z
    .strictObject({
      since: moment.describe('When the oldest of these messages was first to be sent.'),
      waiting: count.describe('How many failed and are tried again.'),
      givenUp: count.describe('How many were given up since the last message came, a test too.'),
      answer: z.string().nullable().describe('What the receiver answered last to the newest of them.'),
    })
    .nullable()
    .describe('What it has not got; null for nothing, or where no route leads to it.'),
};

/** A place that messages go to. */
export const channel = z.discriminatedUnion('type', [
  z.strictObject({
    ...channelBase,
    type: z.literal('webhook'),
    host: z.string().describe('Host of the address.'),
    url: isSet,
    signingKey: isSet,
  }),
  z.strictObject({
    ...channelBase,
    type: z.literal('slack'),
    host: z.string(),
    url: isSet,
    mayKeepToChannel: z
      .boolean()
      .describe('Whether it may ignore which channel a message is for, as webhooks of Slack apps do.'),
  }),
  z.strictObject({
    ...channelBase,
    type: z.literal('smtp'),
    host: z.string(),
    port: z.int(),
    implicitTls: z.boolean(),
    from: z.string(),
    to: z.array(z.string()),
    user: z.string().nullable(),
    password: isSet.nullable(),
    contactDomains: z.array(z.string()),
  }),
]);
export type ChannelItem = z.output<typeof channel>;

const patterns = z.array(z.string().min(1).max(253)).min(1).max(100);
const routeBase = {
  severity: severity.describe('The least severity that is told.'),
  owners: z
    .union([z.literal('all'), z.array(z.string().min(1).max(200).nullable()).min(1).max(100)])
    .describe(
      'Names or patterns with *, in which capitals do not count; null is what nobody owns, and * alone any owner.',
    ),
  namespaces: z
    .union([z.literal('all'), patterns])
    .describe(
      'Names or patterns with *, which alone is any namespace; cluster-scoped objects are in none, and told with all.',
    ),
  digestMinutes: z
    .int()
    .min(0)
    .max(MOST_DIGEST_MINUTES)
    .describe('How long is gathered for one message; 0 is a message for each root cause and owner, at once.'),
  tellsResolved: z.boolean().describe('Whether it is told what was resolved, too.'),
};

const MOST_AWAY_MINUTES = 7 * 24 * 60;
const about = z
  .enum(['findings', 'operations'])
  .describe(
    'Operations: a cluster is away or back, or less of it is seen; severity, owners, namespaces and digest say nothing of these.',
  );
const awayMinutes = z
  .int()
  .min(1)
  .max(MOST_AWAY_MINUTES)
  .describe('Of operations: how long a cluster is away, or a gap in coverage is there, before that is told.');
const toContact = z
  .boolean()
  .describe(
    'Whether it goes to the contact of the owner where the channel can and may, else to the channel.',
  );

const routeBody = z.strictObject({
  channel: rowId,
  ...routeBase,
  about: about.default('findings'),
  awayMinutes: awayMinutes.default(5),
  toContact: toContact.default(false),
});

/** Which findings are told where. */
export const route = z.strictObject({
  id: z.int().positive(),
  channel: z.strictObject({ id: z.int().positive(), name: z.string() }),
  ...routeBase,
  about,
  awayMinutes,
  toContact,
  createdAt: moment,
});
export type NotificationRoute = z.output<typeof route>;

/** A message on its way, or one that arrived or did not. */
export const delivery = z.strictObject({
  id: z.int().positive(),
  message: z.string().describe('Names the message to its receivers; the same in every attempt.'),
  channel: z.strictObject({ id: z.int().positive(), name: z.string() }),
  cluster: clusterRef.nullable().describe('Null for tests.'),
  isTest: z.boolean(),
  title: z
    .string()
    .nullable()
    .describe(
      'What it says, in a few words. Null where it is not made yet: it gathers, waits for another message, or could not be made.',
    ),
  findings: count,
  state: z.enum(['gathering', 'waiting', 'sending', 'sent', 'failed']),
  attempts: count,
  answer: z.string().nullable().describe('What the receiver answered to the last attempt.'),
  recipient: z
    .string()
    .nullable()
    .describe('Whom the last attempt was for and why, where the contact of an owner decides it.'),
  at: moment,
  due: moment.nullable().describe('When it is sent, or tried again.'),
  doneAt: moment.nullable(),
});
export type DeliveryItem = z.output<typeof delivery>;

export const notificationRoutes = {
  listChannels: defineRoute({
    id: 'listChannels',
    method: 'GET',
    path: '/api/v1/channels',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Lists the places that messages go to, without their secrets.',
    response: z.strictObject({ items: z.array(channel) }),
  }),
  createChannel: defineRoute({
    id: 'createChannel',
    method: 'POST',
    path: '/api/v1/channels',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Adds a place that messages go to.',
    body: newChannel,
    response: channel,
  }),
  updateChannel: defineRoute({
    id: 'updateChannel',
    method: 'PUT',
    path: '/api/v1/channels/:id',
    permission: 'administer',
    tag: 'notifications',
    summary:
      'Changes a place that messages go to; secrets that are left out stay, unless they would go to another server.',
    params: idParams,
    body: channelChange,
    response: channel,
  }),
  deleteChannel: defineRoute({
    id: 'deleteChannel',
    method: 'DELETE',
    path: '/api/v1/channels/:id',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Removes a place that messages go to, with its routes and what waits for it.',
    params: idParams,
  }),
  testChannel: defineRoute({
    id: 'testChannel',
    method: 'POST',
    path: '/api/v1/channels/:id/test',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Sends a message that is a test, once, and gives the answer.',
    params: idParams,
    response: z.strictObject({
      status: z.enum(['sent', 'failed']),
      answer: z.string(),
      caution: z
        .string()
        .nullable()
        .describe('What the routes to it ask for and it may not do; null for nothing.'),
    }),
  }),
  listRoutes: defineRoute({
    id: 'listRoutes',
    method: 'GET',
    path: '/api/v1/routes',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Lists which findings are told where.',
    response: z.strictObject({ items: z.array(route) }),
  }),
  createRoute: defineRoute({
    id: 'createRoute',
    method: 'POST',
    path: '/api/v1/routes',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Tells findings somewhere: those that are opened or resolved from now on.',
    body: routeBody,
    response: route,
  }),
  updateRoute: defineRoute({
    id: 'updateRoute',
    method: 'PUT',
    path: '/api/v1/routes/:id',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Changes what is told where.',
    params: idParams,
    body: routeBody,
    response: route,
  }),
  deleteRoute: defineRoute({
    id: 'deleteRoute',
    method: 'DELETE',
    path: '/api/v1/routes/:id',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Removes a route with what it has not sent yet.',
    params: idParams,
  }),
  listDeliveries: defineRoute({
    id: 'listDeliveries',
    method: 'GET',
    path: '/api/v1/deliveries',
    permission: 'administer',
    tag: 'notifications',
    summary: 'Lists messages with what became of them, newest first.',
    query: z.strictObject({
      limit: inDigits(z.int().min(1).max(MOST_PER_PAGE).default(100)),
      cursor: z.string().max(20).optional(),
      channel: rowIdInDigits.optional().describe('Only those of this channel.'),
    }),
    response: pageOf(delivery),
  }),
} as const;
