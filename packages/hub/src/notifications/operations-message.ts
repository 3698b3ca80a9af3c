import type { Message } from '@bulwark/notify';
import type { OperationsEvent } from '@bulwark/store';
import type { MessageSettings } from './message.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const MOST_FAULTS = 20;

/** A message about how the hub sees a cluster. */
export function operationsMessage(
  id: string,
  event: OperationsEvent,
  { origin, now }: Omit<MessageSettings, 'controls'>,
): Message {
  const link = `${origin}/coverage?cluster=${event.cluster.id}`;
  return {
    id,
    about: 'operations',
    owners: [],
    contacts: [],
    environments: [],
    cluster: event.cluster.name,
    change: null,
    rank: null,
    omitted: 0,
    told: 0,
    link,
    at: now,
    ...contentOf(event, { link, now }),
  };
}

type Content = Pick<Message, 'title' | 'severity' | 'action' | 'items'> & Partial<Pick<Message, 'omitted'>>;

function contentOf(
  event: OperationsEvent,
  { link, now }: { readonly link: string; readonly now: Date },
): Content {
  const { name } = event.cluster;
  const item = { control: event.type, object: null, environment: null, link } as const;
  switch (event.type) {
    case 'away': {
      const text = `Not seen since ${event.since.toISOString()}${event.reason === null ? '' : `: ${event.reason}`}`;
      return {
        title: `${name} has been away for ${lengthText(event.since, now)}`,
        severity: 'high',
        action:
          'See whether the cluster answers and whether the hub may still sign in; what is shown of it is old until then.',
        items: [{ ...item, severity: 'high', text, action: null, state: 'opened' }],
      };
    }
    case 'back':
      return {
        title: `${name} is seen again, after ${lengthText(event.since, now)}`,
        severity: 'info',
        action: null,
        items: [
          {
            ...item,
            severity: 'info',
            text: `It was not seen from ${event.since.toISOString()} on; what changed meanwhile is being judged.`,
            action: null,
            state: 'resolved',
          },
        ],
      };
    case 'coverage': {
      const { faults } = event;
      return {
        title: `${name}: less is seen than before, ${faults.length} ${faults.length === 1 ? 'gap' : 'gaps'} in coverage`,
        severity: 'medium',
        action: 'Close the gaps, or know that nothing is found there.',
        items: faults.slice(0, MOST_FAULTS).map(({ code, subject, reason, remedy }) => ({
          ...item,
          control: code,
          severity: 'medium',
          text: `${subject}: ${reason}`,
          action: remedy,
          state: 'opened',
        })),
        omitted: Math.max(0, faults.length - MOST_FAULTS),
      };
    }
  }
}

function lengthText(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.round((to.getTime() - from.getTime()) / MINUTE_MS));
  if (minutes < 2 * HOUR_MINUTES) return `${minutes} min`;
  return `${Math.round(minutes / HOUR_MINUTES)} h`;
}
