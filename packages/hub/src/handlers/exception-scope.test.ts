import type { ExceptionItem } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { asSeen } from './exception-scope.ts';

const MASKED = 'It covers more than you may see.';

describe('why something is accepted, in an exception that goes beyond somebody', () => {
  it.each([
    ['is said where a finding of theirs stands under it, which says it too', 1, 'because'],
    ['is not said where nothing of theirs does', 0, MASKED],
  ])('%s', (_title, covers, reason) => {
    const item = {
      scope: { namespaces: ['shop', 'pay'] },
      reason: 'because',
      revokedBecause: 'too old',
      clusters: null,
      query: 'namespace:shop,pay',
      covers,
    } as unknown as ExceptionItem;
    const own = ['shop'];
    const limits = { clusters: 'all', namespaces: own } as const;

    expect(asSeen(item, { limits, scope: limits as never })).toEqual([
      { scope: { namespaces: own }, clusters: null, reason, revokedBecause: null, query: null, covers },
    ]);
  });
});
