import { describe, expect, it } from 'vitest';
import { notJudgedAt } from './not-judged.ts';

const PROD = { id: 1, name: 'prod', firstSeen: '2026-11-10T08:00:00.000Z' };
const STAGING = { id: 2, name: 'staging', firstSeen: '2026-11-20T08:00:00.000Z' };

function namesAt(asOf: string | undefined, cluster?: number) {
  const view = { ...(asOf !== undefined && { asOf }), ...(cluster !== undefined && { cluster }) };
  const found = notJudgedAt([STAGING, PROD], view);
  return found && { names: found.clusters.map(({ name }) => name), isAll: found.isAll };
}

describe('the clusters that were not judged yet at a moment', () => {
  it.each([
    { name: 'now: none', asOf: undefined, found: undefined },
    { name: 'when all were: none', asOf: '2026-11-21T00:00:00Z', found: undefined },
    { name: 'when the last one was: none', asOf: '2026-11-20T08:00:00.000Z', found: undefined },
    {
      name: 'before the last one was: that one',
      asOf: '2026-11-20T07:59:59.999Z',
      found: { names: ['staging'], isAll: false },
    },
    {
      name: 'before any was: all of them, in the order in which they were',
      asOf: '2026-11-01T00:00:00Z',
      found: { names: ['prod', 'staging'], isAll: true },
    },
    {
      name: 'where another one is chosen: none',
      asOf: '2026-11-15T00:00:00Z',
      cluster: 1,
      found: undefined,
    },
    {
      name: 'where that one is chosen: all that is looked at',
      asOf: '2026-11-15T00:00:00Z',
      cluster: 2,
      found: { names: ['staging'], isAll: true },
    },
    {
      name: 'where the chosen one is not there: none',
      asOf: '2026-11-01T00:00:00Z',
      cluster: 9,
      found: undefined,
    },
  ])('$name', ({ asOf, cluster, found }) => {
    expect(namesAt(asOf, cluster)).toEqual(found);
  });
});
