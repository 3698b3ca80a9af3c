import { type Control, queryForValues, type Severity } from '@bulwark/core';
import type { Message, MessageItem } from '@bulwark/notify';
import type { Gathered, GatheredItem, StoredMessage } from '@bulwark/store';
import { kindOf, severityOf } from '../handlers/convert.ts';

export interface MessageSettings {
  readonly controls: ReadonlyMap<string, Control>;
  /** Where the page is, without a slash at the end. */
  readonly origin: string;
  readonly now: Date;
}

/** A message about what was gathered. */
export function messageOf(gathered: Gathered, { controls, origin, now }: MessageSettings): Message {
  const { messageId, cluster, owners, items, opened, resolved } = gathered;
  const [owner, ...others] = owners;
  const control = gathered.topic === 'control' ? items[0]?.control : undefined;
  const q = queryForValues({
    ...(control !== undefined && { control }),
    ...(owner !== undefined && others.length === 0 && { owner }),
  });
  return {
    id: messageId,
    title: titleOf(gathered, controls),
    severity: worstOf(items),
    owners,
    cluster: cluster.name,
    items: items.map((item) => itemOf(item, cluster.id, origin)),
    omitted: opened + resolved - items.length,
    link: pageAddress(origin, cluster.id, q === '' ? {} : { q }),
    at: now,
  };
}

function pageAddress(origin: string, cluster: number, more: Readonly<Record<string, string>>): string {
  return `${origin}/findings?${new URLSearchParams({ cluster: String(cluster), ...more }).toString()}`;
}

function worstOf(items: readonly GatheredItem[]): Severity {
  const opened = items.filter(({ isResolved }) => !isResolved);
  return severityOf(Math.max(...(opened.length > 0 ? opened : items).map(({ severity }) => severity)));
}

function titleOf(
  { topic, cluster, change, opened, resolved, items }: Gathered,
  controls: ReadonlyMap<string, Control>,
): string {
  const counts = [
    ...(opened > 0 ? [`${opened} ${opened === 1 ? 'finding' : 'findings'} opened`] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
  ].join(', ');
  if (topic === 'first') return `${cluster.name} is watched now: ${counts}`;
  if (topic === 'digest') return `${cluster.name}: ${counts}`;
  if (change !== null) return `${objectName(change)} was ${change.verb}: ${counts}`;
  const control = items[0]?.control ?? '';
  return `${controls.get(control)?.title ?? control}: ${counts}`;
}

function objectName({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kindOf(kind)} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function itemOf(item: GatheredItem, cluster: number, origin: string): MessageItem {
  return {
    severity: severityOf(item.severity),
    control: item.control,
    text: `${objectName(item)}: ${item.message}`,
    state: item.isResolved ? 'resolved' : 'opened',
    link: pageAddress(origin, cluster, { open: `${cluster}.${item.fingerprint}` }),
  };
}

/** A message that says that it is a test. */
export function testMessage(id: string, { origin, now }: Omit<MessageSettings, 'controls'>): Message {
  return {
    id,
    title: 'A test message of Bulwark',
    severity: 'info',
    owners: [],
    cluster: 'none',
    items: [
      {
        severity: 'info',
        control: 'test',
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
  return { ...(stored as unknown as Message), at: new Date(String(stored['at'])) };
}
