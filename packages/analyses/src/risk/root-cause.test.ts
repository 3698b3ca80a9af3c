import { SEVERITIES } from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RootCause, rankRootCause } from './root-cause.ts';

const CAUSE: fc.Arbitrary<RootCause> = fc.integer({ min: 1, max: 5000 }).chain((objects) => {
  const part = fc.integer({ min: 0, max: objects });
  return fc
    .record({
      severity: fc.constantFrom(...SEVERITIES),
      objects: fc.constant(objects),
      exposed: part,
      production: part,
      crownJewels: part,
      fixable: fc.nat(objects * 3),
      testShare: fc.double({ min: 0, max: 1, noNaN: true }),
      nonCriticalShare: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ testShare, nonCriticalShare, ...rest }) => ({
      ...rest,
      test: Math.floor((objects - rest.production) * testShare),
      nonCritical: Math.floor((objects - rest.crownJewels) * nonCriticalShare),
    }));
});

function points(cause: RootCause): number {
  return rankRootCause(cause).points;
}

describe('the rank of a root cause', () => {
  it('is the sum of its lines, all of them whole', () => {
    fc.assert(
      fc.property(CAUSE, (cause) => {
        const ranked = rankRootCause(cause);
        expect(ranked.lines.reduce((sum, line) => sum + line.points, 0)).toBe(ranked.points);
        expect(ranked.lines.every((line) => Number.isInteger(line.points) && line.points !== 0)).toBe(true);
      }),
    );
  });

  it('never falls with another object of unknown place, and never rises when exposure goes', () => {
    fc.assert(
      fc.property(CAUSE, (cause) => {
        expect(points({ ...cause, objects: cause.objects + 1 })).toBeGreaterThanOrEqual(points(cause));
        expect(points({ ...cause, exposed: 0 })).toBeLessThanOrEqual(points(cause));
      }),
    );
  });

  it('never falls with severity', () => {
    fc.assert(
      fc.property(CAUSE, (cause) => {
        const all = SEVERITIES.map((severity) => points({ ...cause, severity }));
        expect(all).toEqual(all.toSorted((a, b) => b - a));
      }),
    );
  });

  const one: RootCause = {
    severity: 'high',
    objects: 1,
    exposed: 0,
    production: 0,
    test: 0,
    crownJewels: 0,
    nonCritical: 0,
    fixable: 0,
  };

  it.each([
    { why: 'in test below the same in production', more: { production: 1 }, less: { test: 1 } },
    { why: 'open to the Internet above the same that is not', more: { exposed: 1 }, less: {} },
    { why: 'in four objects above the same in one', more: { objects: 4 }, less: {} },
    { why: 'in a crown jewel above the same elsewhere', more: { crownJewels: 1 }, less: {} },
    {
      why: 'in test and everywhere else above the same in test only',
      more: { objects: 2, test: 1 },
      less: { test: 1 },
    },
  ])('puts a cause $why', ({ more, less }) => {
    expect(points({ ...one, ...more })).toBeGreaterThan(points({ ...one, ...less }));
  });

  it('says each line in words', () => {
    const { lines, points: sum } = rankRootCause({
      ...one,
      objects: 4,
      exposed: 1,
      production: 4,
      fixable: 2,
    });

    expect(lines.map((line) => `${line.points} ${line.label}`)).toEqual([
      '35 high control',
      '8 found in 4 objects',
      '20 1 of 4 open to the Internet',
      '5 all in production',
      '3 a patch is offered',
    ]);
    expect(sum).toBe(71);
  });
});
