import { randomUUID } from 'node:crypto';
import type { NotificationRoute, ROUTES, RouteResult } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import { deliver } from '@bulwark/notify';
import {
  createChannel,
  createRoute,
  createTestDelivery,
  type DeliveryRecord,
  deleteChannel,
  deleteRoute,
  failingChannels,
  findChannel,
  finishAttempt,
  listChannels,
  listDeliveries,
  listRoutes,
  type NewRoute,
  type RouteRecord,
  SEVERITY_NUMBERS,
  type Store,
  updateChannel,
  updateRoute,
} from '@bulwark/store';
import { nameInFull } from '../access/caller.ts';
import type { Handlers } from '../http/handler.ts';
import {
  changeChannel,
  channelItem,
  openChannel,
  sealChannel,
  withoutSecrets,
} from '../notifications/channels.ts';
import { UNREADABLE } from '../notifications/dispatcher.ts';
import { storedMessage, testMessage } from '../notifications/message.ts';
import type { Sealer } from '../notifications/sealing.ts';
import { iso, isoOrNull, severityOf } from './convert.ts';
import { rowBelow } from './list-request.ts';

export interface NotificationSettings {
  readonly store: Store;
  readonly sealer: Sealer;
  /** Where the page is, for links. */
  readonly origin: () => string;
  /** Breaks off what is being sent when the hub stops. */
  readonly stopping: AbortSignal;
  /** How long a test may take, in milliseconds: somebody waits for it. */
  readonly longestMs?: number;
}

const TEST_MS = 20_000;

/** Where findings are told, and what became of each message. */
export function notificationHandlers(
  settings: NotificationSettings,
): Handlers<
  | 'listChannels'
  | 'createChannel'
  | 'updateChannel'
  | 'deleteChannel'
  | 'testChannel'
  | 'listRoutes'
  | 'createRoute'
  | 'updateRoute'
  | 'deleteRoute'
  | 'listDeliveries'
> {
  const { store, sealer } = settings;
  return {
    listChannels: async () => {
      const [failing, records] = await Promise.all([failingChannels(store), listChannels(store)]);
      return { items: records.map((record) => channelItem(record, sealer, failing.get(record.id))) };
    },
    createChannel: async ({ body }, { caller, now }) => {
      const made = { type: body.type, createdAt: now, createdBy: nameInFull(caller) };
      const channel = { ...sealChannel(body, sealer), ...made };
      return channelItem(await createChannel(store, channel), sealer, undefined);
    },
    updateChannel: async ({ params, body }) => {
      const record = await findChannel(store, params.id);
      if (record === undefined) throw new AppError('not-found');
      const changed = await updateChannel(store, params.id, changeChannel(record, body, sealer));
      return channelItem(changed, sealer, (await failingChannels(store)).get(params.id));
    },
    deleteChannel: async ({ params }, { note }) => {
      const record = await findChannel(store, params.id);
      if (record !== undefined) note({ name: record.name });
      if (!(await deleteChannel(store, params.id))) throw new AppError('not-found');
      return undefined;
    },
    testChannel: ({ params }, { now }) => sendTest(settings, params.id, now),
    listRoutes: async () => ({ items: (await listRoutes(store)).map(routeItem) }),
    createRoute: async ({ body }, { now }) => routeItem(await createRoute(store, routeOf(body), now)),
    updateRoute: async ({ params, body }) => routeItem(await updateRoute(store, params.id, routeOf(body))),
    deleteRoute: async ({ params }, { note }) => {
      const record = (await listRoutes(store)).find(({ id }) => id === params.id);
      if (record !== undefined) note({ channel: record.channelName });
      if (!(await deleteRoute(store, params.id))) throw new AppError('not-found');
      return undefined;
    },
    listDeliveries: async ({ query: { limit, cursor, channel } }) => {
      const records = await listDeliveries(store, { limit: limit + 1, below: rowBelow(cursor), channel });
      const items = records.slice(0, limit).map(deliveryItem);
      const last = items.at(-1);
      return {
        items,
        next: records.length > limit && last !== undefined ? String(last.id) : null,
        total: null,
      };
    },
  };
}

async function sendTest(
  { store, sealer, origin, stopping, longestMs = TEST_MS }: NotificationSettings,
  id: number,
  now: Date,
): Promise<RouteResult<(typeof ROUTES)['testChannel']>> {
  const record = await findChannel(store, id);
  if (record === undefined) throw new AppError('not-found');
  const message = testMessage(randomUUID(), { origin: origin(), now });
  const delivery = await createTestDelivery(store, id, { message: storedMessage(message), now });
  const opened = openChannel(record, sealer);
  const outcome =
    opened === undefined
      ? UNREADABLE
      : await deliver(opened.channel, message, { now, signal: stopping, longestMs });
  const answer = opened === undefined ? outcome.answer : withoutSecrets(outcome.answer, opened.secrets);
  const status = outcome.status === 'sent' ? 'sent' : 'failed';
  await finishAttempt(store, delivery, { state: status, answer, now, due: now });
  const routes = await listRoutes(store);
  const asksForOthers = routes.some(({ channelId, toContact }) => channelId === id && toContact);
  const item = channelItem(record, sealer, undefined);
  const isInDoubt = asksForOthers && item.type === 'slack' && item.mayKeepToChannel;
  return { status, answer, caution: isInDoubt ? KEEPS_TO_CHANNEL : null };
}

const KEEPS_TO_CHANNEL =
  'A route asks it for the channels of owners. The webhook of a Slack app puts everything into the channel that it was made for; messages then say whom they are for.';

type RouteBody = Omit<NotificationRoute, 'id' | 'channel' | 'createdAt'> & { readonly channel: number };

function routeOf({
  channel,
  severity,
  owners,
  namespaces,
  digestMinutes,
  tellsResolved,
  about,
  awayMinutes,
  toContact,
}: RouteBody): NewRoute {
  return {
    channelId: channel,
    severity: SEVERITY_NUMBERS[severity],
    owners: owners === 'all' ? null : owners.map((owner) => owner ?? ''),
    namespaces: namespaces === 'all' ? null : namespaces,
    digestMinutes,
    tellsResolved,
    about,
    awayMinutes,
    toContact,
  };
}

function routeItem(record: RouteRecord) {
  const { id, channelId, channelName, owners, namespaces, digestMinutes, tellsResolved } = record;
  const { about, awayMinutes, toContact } = record;
  return {
    id,
    channel: { id: channelId, name: channelName },
    severity: severityOf(record.severity),
    owners: owners === null ? ('all' as const) : owners.map((owner) => (owner === '' ? null : owner)),
    namespaces: namespaces === null ? ('all' as const) : [...namespaces],
    digestMinutes,
    tellsResolved,
    about,
    awayMinutes,
    toContact,
    createdAt: iso(record.createdAt),
  };
}

function deliveryItem(record: DeliveryRecord) {
  const { id, messageId, channelId, channelName, clusterId, clusterName, topic, state, message } = record;
  const title = message?.['title'];
  return {
    id,
    message: messageId,
    channel: { id: channelId, name: channelName },
    cluster: clusterId === null ? null : { id: clusterId, name: clusterName ?? '' },
    isTest: topic === 'test',
    title: typeof title === 'string' ? title : null,
    findings: topic === 'test' || topic === 'operations' ? 0 : record.gathered + toldBy(message),
    state,
    attempts: record.attempts,
    answer: record.answer,
    recipient: record.recipient,
    at: iso(record.at),
    due: state === 'gathering' || state === 'waiting' ? iso(record.due) : null,
    doneAt: isoOrNull(record.doneAt),
  };
}

/** Of one that was stored before there was more to say of it, there was none. */
function toldBy(message: DeliveryRecord['message']): number {
  const { items = [], omitted = 0, told = 0 } = (message ?? {}) as StoredCounts;
  return items.length + omitted + told;
}

interface StoredCounts {
  readonly items?: readonly unknown[];
  readonly omitted?: number;
  readonly told?: number;
}
