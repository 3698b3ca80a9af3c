import { describe, expect, it } from 'vitest';
import { isRefused, lastActOf } from './acted.ts';
import { item } from './item.testing.ts';

const CREATED = { createdBy: 'ann', createdAt: '2026-11-01T08:00:00Z' };
const ENDED = { ...CREATED, state: 'revoked', revokedBy: 'bob', revokedAt: '2026-11-09T08:00:00Z' } as const;
const REQUEST = {
  cluster: { id: 1, name: 'prod' },
  resource: { group: '', kind: 'Pod', namespace: 'shop', name: 'cart' },
  control: 'host-pid',
  annotation: 'bulwark.dev/except.host-pid',
  findings: 'control:host-pid',
};

describe('where an exception stands', () => {
  it.each([
    {
      name: 'one that is active',
      parts: { ...CREATED, state: 'active' },
      at: CREATED.createdAt,
      by: 'by ann',
    },
    {
      name: 'one that has run out',
      parts: { ...CREATED, state: 'expired' },
      at: CREATED.createdAt,
      by: 'by ann',
    },
    {
      name: 'one that an annotation asks for',
      parts: { createdBy: null, createdAt: CREATED.createdAt, request: REQUEST },
      at: CREATED.createdAt,
      by: 'nobody knows who asked',
    },
    { name: 'one that was ended', parts: ENDED, at: ENDED.revokedAt, by: 'by bob' },
    {
      name: 'one that was ended, nobody knows when',
      parts: { ...ENDED, revokedAt: null },
      at: null,
      by: 'by bob',
    },
  ] as const)('is told of $name with who did it, and when', ({ parts, at, by }) => {
    expect(lastActOf(item(parts))).toEqual({ at, by });
  });

  it.each([
    { name: 'what nobody had approved, with a reason', parts: { ...ENDED, revokedBecause: 'No.' }, is: true },
    { name: 'what an annotation asks for', parts: { ...ENDED, request: REQUEST }, is: true },
    { name: 'what was made', parts: ENDED, is: false },
    { name: 'what was approved', parts: { ...ENDED, request: REQUEST, approvedBy: 'eve' }, is: false },
    { name: 'what is still asked for', parts: { request: REQUEST }, is: false },
  ] as const)('is a refusal or an end: $name', ({ parts, is }) => {
    expect(isRefused(item(parts))).toBe(is);
  });
});
