import { LONGEST_QUERY, type QueueItem } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { isTakeable } from './takeable.ts';

const NONE = ' assignee:none';

function item(query: string | null, assignees: readonly string[] = []): QueueItem {
  return { query, assignees } as QueueItem;
}

describe('a thing to do', () => {
  it.each([
    { what: 'that a query finds', of: item('control:host-pid'), is: true },
    { what: 'that no query finds', of: item(null), is: false },
    {
      what: 'whose query has room for who is on it',
      of: item('a'.repeat(LONGEST_QUERY - NONE.length)),
      is: true,
    },
    { what: 'whose query has none', of: item('a'.repeat(LONGEST_QUERY - NONE.length + 1)), is: false },
    {
      what: 'of theirs, whose query has no room for their name',
      of: item('a'.repeat(LONGEST_QUERY - NONE.length), ['somebody-else', 'ann-with-a-long-name']),
      is: false,
    },
  ])('$what can be taken or given back: $is', ({ of, is }) => {
    expect(isTakeable(of, 'ann-with-a-long-name')).toBe(is);
  });
});
