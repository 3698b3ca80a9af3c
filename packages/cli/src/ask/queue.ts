import type { Moved } from '@bulwark/api';
import { counted, type Entry } from '@bulwark/formats';
import { quoteForShell } from '../shell.ts';
import { defineList, type ListQuestion } from './asked-list.ts';
import { ageOf, details, firstOf } from './words.ts';

interface Deferred {
  readonly findings: number;
  readonly query: string | null;
}

/** What is left out, and how to see it. */
function deferredEntry({ findings, query }: Deferred, { asOf }: Pick<ListQuestion, 'asOf'>): Entry {
  const isOne = findings === 1;
  const [verb, clock] =
    asOf === undefined ? [isOne ? 'is' : 'are', ''] : [isOne ? 'was' : 'were', ` --as-of ${asOf}`];
  const how = query === null ? 'ask for less to see' : `bulwark findings${clock} ${quoteForShell(query)} has`;
  return {
    label: 'PUT OFF',
    style: 'strong',
    text: `${counted(findings, 'finding')} ${verb} deferred; ${how} ${isOne ? 'it' : 'them'}`,
  };
}

interface Standing {
  readonly open: number;
  readonly yesterday: number | null;
  readonly moved: Moved | null;
}

function movedEntry({ open, yesterday, moved }: Standing, { asOf }: Pick<ListQuestion, 'asOf'>): Entry {
  const common = { label: 'OPEN', style: 'strong' } as const;
  if (yesterday === null || moved === null)
    return { ...common, text: `${open}; nothing to compare with yet` };
  const { came, noLongerAccepted, went, accepted } = moved;
  const change = open - yesterday;
  const of = (count: number, what: string) => (count === 0 ? '' : ` (${count} ${what})`);
  return {
    ...common,
    text: `${open}, ${change > 0 ? '+' : ''}${change} since ${asOf === undefined ? 'yesterday' : 'the day before'}: ${came} came${of(noLongerAccepted, 'no longer accepted')}, ${went} went${of(accepted, 'accepted')}`,
  };
}

/** `bulwark queue`: the rows of the page's start, in its order. */
export const queue = defineList({
  name: 'queue',
  plural: 'things to do',
  none: 'Nothing is to be done now.',
  hasPages: false,
  route: 'getQueue',
  lead: (answer, question) => [
    movedEntry(answer, question),
    ...(answer.deferred === null ? [] : [deferredEntry(answer.deferred, question)]),
  ],
  entries: (item, { now }) => [
    {
      label: item.severity.toUpperCase(),
      style: item.severity,
      text: item.title,
      tail: `${item.points} points, ${item.control}`,
    },
    { text: `${item.reason} ${item.reach}` },
    ...(item.why === null ? [] : [{ text: `Why first: ${item.why}` }]),
    ...(item.action === '' ? [] : [{ text: `Next: ${item.action}` }]),
    {
      text: `(${details(
        item.owners.length === 0 ? 'unowned' : firstOf(item.owners),
        `the oldest ${ageOf(item.oldest, now)}`,
        item.assignees.length === 0 ? 'no one on it' : `with ${firstOf(item.assignees)}`,
      )})`,
    },
  ],
});
