import { rankRootCause } from '@bulwark/analyses';
import { type Control, queryForValues, redactText, type Severity } from '@bulwark/core';
import {
  cut,
  type Message,
  type MessageChange,
  type MessageItem,
  type MessageRank,
  momentText,
} from '@bulwark/notify';
import {
  type Actor,
  type Gathered,
  type GatheredCause,
  type GatheredChange,
  type GatheredEnd,
  type GatheredItem,
  MOST_LINKED,
  type StoredMessage,
} from '@bulwark/store';
import { endOf, whyTakenBack } from '../handlers/acceptance-end.ts';
import { kindOf, severityOf } from '../handlers/convert.ts';
import { firstSentence } from '../handlers/words.ts';
import { makerOf } from '../maker.ts';

export interface MessageSettings {
  readonly controls: ReadonlyMap<string, Control>;
  /** Where the page is, without a slash at the end. */
  readonly origin: string;
  readonly now: Date;
}

/** A message about what was gathered. */
export function messageOf(gathered: Gathered, { controls, origin, now }: MessageSettings): Message {
  const { messageId, cluster, owners, environments, items, opened, resolved, told, change } = gathered;
  const rank = gathered.worst === null ? null : rankOf(gathered.worst, controls);
  return {
    id: messageId,
    about: 'findings',
    title: titleOf(gathered, controls),
    severity: worstOf(items),
    owners,
    contacts: gathered.contacts,
    cluster: cluster.name,
    environments,
    change: change === null ? null : changeOf(change, cluster.id, origin),
    rank,
    action: rank === null ? null : remedyOf(rank.control, controls),
    items: items.map((item) => itemOf(item, { cluster: cluster.id, origin, controls })),
    omitted: opened + resolved - items.length,
    told,
    link: pageAddress(origin, '/findings', { cluster: String(cluster.id), q: queryOf(gathered) }),
    at: now,
  };
}

const PREFIX = 16;

/**
 * A query that finds these findings and no others. It names them as long as an address can, and finds them then for as long as
 * they are known; else it names the message, which is known for as long as it is listed.
 */
function queryOf({ messageId, fingerprints }: Gathered): string {
  const named =
    fingerprints.length <= MOST_LINKED
      ? `fingerprint:${fingerprints.map((each) => `${each.slice(0, PREFIX)}*`).join(',')}`
      : queryForValues({ notification: messageId });
  // Messages are read when much of what they tell has been mended.
  return `${named} state:open,excepted,resolved`;
}

function pageAddress(origin: string, path: string, query: Readonly<Record<string, string>>): string {
  const kept = Object.entries(query).filter(([, value]) => value !== '');
  return `${origin}${path}?${new URLSearchParams(Object.fromEntries(kept)).toString()}`;
}

function changeOf(change: GatheredChange, cluster: number, origin: string): MessageChange {
  return {
    object: objectName(change),
    verb: change.verb,
    by: actorText(change.actor),
    at: change.at,
    link: pageAddress(origin, '/changes', { cluster: String(cluster), open: `${cluster}/${change.id}` }),
  };
}

/** Who made a change: the user, else the program that the object names, which is less. */
function actorText(actor: Actor): string | null {
  const { user, impersonatedBy, managers, isUncertain, others } = actor;
  if (user === null && others !== undefined && others.length > 0) return makerOf(actor);
  if (user === null) return managers.length === 0 ? null : `the field manager ${managers.join(', ')}`;
  const acting = impersonatedBy === null ? '' : `${impersonatedBy} as `;
  const rest = others === undefined || others.length === 0 ? '' : ` and ${others.length} more`;
  return `${acting}${user}${rest}${isUncertain === true ? ' (uncertain)' : ''}`;
}

function rankOf(worst: GatheredCause, controls: ReadonlyMap<string, Control>): MessageRank {
  const { control, riskiest } = worst;
  const { points, lines, why } = rankRootCause({
    ...worst,
    severity: severityOf(worst.severity),
    riskiest: riskiest === null ? undefined : { name: objectName(riskiest), reasons: riskiest.reasons },
  });
  return { control, title: controls.get(control)?.title ?? control, points, lines, why: why ?? null };
}

/** What a remedy says to do first. */
function remedyOf(control: string, controls: ReadonlyMap<string, Control>): string | null {
  const text = controls.get(control)?.remediation;
  return text === undefined ? null : firstSentence(text);
}

function worstOf(items: readonly GatheredItem[]): Severity {
  const opened = items.filter(({ isResolved }) => !isResolved);
  return severityOf(Math.max(...(opened.length > 0 ? opened : items).map(({ severity }) => severity)));
}

function titleOf(
  { topic, cluster, change, owners, opened, late, handedOver, noLongerAccepted, resolved, items }: Gathered,
  controls: ReadonlyMap<string, Control>,
): string {
  const fresh = opened - late - handedOver - noLongerAccepted;
  const counts = [
    ...(fresh > 0 ? [`${fresh} ${fresh === 1 ? 'finding' : 'findings'} opened`] : []),
    ...(late > 0 ? [`${late} no longer deferred`] : []),
    ...(noLongerAccepted > 0 ? [`${noLongerAccepted} no longer accepted`] : []),
    ...(handedOver > 0 ? [handedOverText(handedOver, owners)] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
  ].join(', ');
  if (topic === 'first') return `${cluster.name} is watched now: ${counts}`;
  if (topic === 'digest') return `${cluster.name}: ${counts}`;
  if (change !== null) return `${objectName(change)} was ${change.verb}: ${counts}`;
  const control = items[0]?.control ?? '';
  return `${controls.get(control)?.title ?? control}: ${counts}`;
}

function handedOverText(count: number, owners: Gathered['owners']): string {
  const whose = owners.every((owner) => owner === null) ? "nobody's" : 'yours';
  return `${count} open ${count === 1 ? 'finding is' : 'findings are'} ${whose} now`;
}

function objectName({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kindOf(kind)} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function itemOf(
  item: GatheredItem,
  {
    cluster,
    origin,
    controls,
  }: { readonly cluster: number; readonly origin: string; readonly controls: ReadonlyMap<string, Control> },
): MessageItem {
  return {
    severity: severityOf(item.severity),
    control: item.control,
    object: objectName(item),
    text: `${objectName(item)}: ${item.message}${lateness(item)}${originOf(item)}${flapping(item)}${acceptance(item)}`,
    action: item.isResolved ? null : remedyOf(item.control, controls),
    environment: item.environment,
    state: item.isResolved ? 'resolved' : 'opened',
    link: pageAddress(origin, '/findings', {
      cluster: String(cluster),
      open: `${cluster}.${item.fingerprint}`,
    }),
  };
}

/** Why something that was opened before is told now. */
function lateness({ deferredUntil }: GatheredItem): string {
  return deferredUntil === null ? '' : ` It was deferred until ${momentText(new Date(deferredUntil))}.`;
}

/** Whose something was that was open before it is told. */
function originOf({ handedOver }: GatheredItem): string {
  if (handedOver === null) return '';
  const { firstSeen, from } = handedOver;
  const whose = from === null ? "nobody's" : `that of ${from}`;
  return ` It was first seen ${momentText(new Date(firstSeen))} and was ${whose} before.`;
}

/** What became of something between the last message about it and this one. */
function flapping({ returns }: GatheredItem): string {
  if (returns === 0) return '';
  return ` Meanwhile it was resolved and came back ${returns === 1 ? 'once' : `${returns} times`}.`;
}

const MOST_REASON = 200;

/** That something was accepted that is told now, until when, and why: last, as reasons are what is best cut. */
function acceptance({ accepted }: GatheredItem): string {
  if (accepted === null) return '';
  const { firstSeen, end } = accepted;
  const seen = ` It was first seen ${momentText(new Date(firstSeen))} and was accepted`;
  if (end === null) return `${seen} before.`;
  return `${seen} until ${endText(end)}: ${cut(redactText(end.exception.reason), MOST_REASON)}`;
}

function endText({ exception, requested, revokedBy, changedBy, at }: GatheredEnd): string {
  const ended = new Date(at);
  const end = endOf({ accepted: exception, requested, revokedBy, at: ended, change: changedBy });
  switch (end.how) {
    case 'ran out':
      return exception.until ?? momentText(ended);
    case 'ended':
      return `${end.by} ended that at ${momentText(ended)}`;
    case 'taken back':
      return `${momentText(ended)}, when ${whyTakenBack(end.from)}`;
    case 'unknown':
      return momentText(ended);
    case 'changed': {
      const by = actorText(end.change);
      return by === null ? momentText(ended) : `${by} changed that at ${momentText(ended)}`;
    }
  }
}

/** What a message that is about no findings says of them. */
const NOTHING_MORE = {
  contacts: [],
  environments: [],
  change: null,
  rank: null,
  action: null,
  told: 0,
} as const;

/** A message that says that it is a test. */
export function testMessage(id: string, { origin, now }: Omit<MessageSettings, 'controls'>): Message {
  return {
    ...NOTHING_MORE,
    id,
    about: 'test',
    title: 'A test message of Bulwark',
    severity: 'info',
    owners: [],
    cluster: 'none',
    items: [
      {
        severity: 'info',
        control: 'test',
        object: null,
        action: null,
        environment: null,
        text: 'Messages about findings look like this one. Nothing was found.',
        state: 'opened',
        link: `${origin}/`,
      },
    ],
    omitted: 0,
    link: `${origin}/`,
    at: now,
  };
}

/** A message as it is stored, and back. */
export function storedMessage(message: Message): StoredMessage & { readonly id: string } {
  return { ...message, at: message.at.toISOString() };
}

export function readMessage(stored: StoredMessage): Message {
  // One that was stored before there was more to say of it has none of that.
  const message = { ...NOTHING_MORE, about: 'findings', ...stored } as unknown as Message;
  const { change } = message;
  return {
    ...message,
    change: change && { ...change, at: new Date(change.at) },
    at: new Date(String(stored['at'])),
  };
}
