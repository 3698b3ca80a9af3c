import type { FindingItem } from '@bulwark/api';
import { counted } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { ageOf, details, firstOf, minuteOf, placeOf, shortFingerprint } from './words.ts';

function decision({ state, exception, requested, resolvedAt }: FindingItem): string {
  if (state === 'resolved') return resolvedAt === null ? 'resolved' : `resolved ${resolvedAt.slice(0, 10)}`;
  if (exception !== null)
    return `accepted${exception.until === null ? '' : ` until ${exception.until}`}: ${exception.reason}`;
  if (requested === null) return '';
  return requested.refusedBy === null
    ? 'an exception is asked for'
    : `an exception was refused by ${requested.refusedBy}`;
}

/** `bulwark findings`. */
export const findings = defineList({
  name: 'findings',
  plural: 'findings',
  none: 'No finding.',
  hasPages: true,
  route: 'listFindings',
  entries: (item, around) => {
    const { cluster, resource, severity, message, control, owner, assignee, deferredUntil } = item;
    return [
      {
        label: severity.toUpperCase(),
        style: severity,
        text: message.replace(/\.$/, ''),
        tail: control,
      },
      {
        whole: placeOf(cluster, resource, around),
        text: `(${details(
          owner ?? 'unowned',
          ageOf(item.firstSeen, around.now),
          assignee !== null && `with ${assignee}`,
          item.acknowledged && 'acknowledged',
          deferredUntil !== null && `put off until ${minuteOf(deferredUntil)}`,
          decision(item),
        )})`,
        tail: shortFingerprint(item.fingerprint),
      },
    ];
  },
});

/** `bulwark findings --by`. */
export const findingGroups = defineList({
  name: 'groups',
  plural: 'groups',
  none: 'No finding.',
  hasPages: true,
  route: 'groupFindings',
  entries: ({ severity, title, key, query, objects, findings: found, owners, oldest }, around) => [
    {
      label: severity.toUpperCase(),
      style: severity,
      text: title === '' ? 'without one' : title,
      ...(key !== title && key !== '' && { tail: key }),
    },
    {
      text: details(
        `${counted(found, 'finding')} in ${counted(objects, 'object')}`,
        (owners.length > 1 || (owners[0] ?? title) !== title) && `of ${firstOf(owners)}`,
        `the oldest ${ageOf(oldest, around.now)}`,
        query === null && 'no query finds these alone',
      ),
    },
  ],
});
