import type { ExceptionItem } from '@bulwark/api';
import { EXCEPTION_FIELDS, SEVERITIES } from '@bulwark/core';
import { isWaiting } from './exception-item.ts';
import type { MemoryList } from './memory-page.ts';
import type { MemoryFields } from './memory-query.ts';

/** The names that a part of a scope holds. */
function named({ scope }: ExceptionItem, part: string): readonly string[] {
  const value = scope[part];
  return Array.isArray(value) ? value.map(String) : [];
}

function textOrNone(text: string | null): string | undefined {
  return text ?? undefined;
}

/** How exceptions are asked for. */
export const EXCEPTIONS: MemoryFields<ExceptionItem> = {
  fields: EXCEPTION_FIELDS,
  values: {
    number: ({ id }) => id ?? undefined,
    state: ({ state }) => state,
    waiting: isWaiting,
    severity: ({ counts }) => SEVERITIES.find((severity) => counts[severity] > 0),
    origin: ({ origin }) => origin,
    cluster: ({ clusters }) => clusters?.map(({ name }) => name) ?? [],
    owner: ({ owner }) => textOrNone(owner),
    by: ({ createdBy }) => textOrNone(createdBy),
    'approved-by': ({ approvedBy }) => textOrNone(approvedBy),
    control: (item) => named(item, 'controls'),
    namespace: (item) => named(item, 'namespaces'),
    // One with its group is found by its name alone, too: no kind has a dot in it.
    kind: (item) => named(item, 'kinds').flatMap((kind) => [kind, kind.replace(/\..*$/, '')]),
    name: (item) => named(item, 'names'),
    annotation: ({ request }) => request?.annotation,
    until: ({ until }) => (until === null ? undefined : Date.parse(until)),
    covers: ({ covers }) => covers,
    age: ({ createdAt }, now) => (createdAt === null ? undefined : now - Date.parse(createdAt)),
  },
  texts: ({ reason, owner, query, request }) => [
    reason,
    owner ?? '',
    query ?? '',
    ...(request === null ? [] : [request.control, request.annotation, request.resource.name]),
  ],
};

/** One that is worse counts for more than any number of those that are less bad, as far as that can matter to an order. */
const MORE_THAN_ANY = 1000;

/** How exceptions are sorted: the newest first, unless asked otherwise. */
export const EXCEPTION_LIST: MemoryList<ExceptionItem> = {
  sorts: {
    id: ({ id }) => id ?? 0,
    until: ({ until }) => until ?? '',
    covers: ({ covers }) => covers,
    severity: ({ counts }) => SEVERITIES.reduce((sum, severity) => sum * MORE_THAN_ANY + counts[severity], 0),
    state: ({ state }) => state,
    owner: ({ owner }) => owner ?? '',
  },
  standard: '-id',
  keyOf: ({ source }) => source,
};
