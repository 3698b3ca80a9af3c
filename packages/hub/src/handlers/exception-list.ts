import type { ExceptionItem } from '@bulwark/api';
import { EXCEPTION_FIELDS } from '@bulwark/core';
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
    state: ({ state }) => state,
    owner: ({ owner }) => textOrNone(owner),
    by: ({ createdBy }) => textOrNone(createdBy),
    'approved-by': ({ approvedBy }) => textOrNone(approvedBy),
    control: (item) => named(item, 'controls'),
    namespace: (item) => named(item, 'namespaces'),
    until: ({ until }) => (until === null ? undefined : Date.parse(until)),
    covers: ({ covers }) => covers,
    age: ({ createdAt }, now) => (createdAt === null ? undefined : now - Date.parse(createdAt)),
  },
  texts: ({ reason, owner, query }) => [reason, owner ?? '', query ?? ''],
};

/** How exceptions are sorted: the newest first, unless asked otherwise. */
export const EXCEPTION_LIST: MemoryList<ExceptionItem> = {
  sorts: {
    id: ({ id }) => id ?? 0,
    until: ({ until }) => until ?? '',
    covers: ({ covers }) => covers,
    state: ({ state }) => state,
    owner: ({ owner }) => owner ?? '',
  },
  standard: '-id',
  keyOf: ({ source }) => source,
};
