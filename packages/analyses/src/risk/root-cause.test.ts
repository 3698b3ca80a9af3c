import { SEVERITIES } from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RootCause, rankRootCause } from './root-cause.ts';

const REASONS = fc.array(
  fc.record({
    points: fc.constantFrom(-10, 0, 5, 10, 15, 20),
    text: fc.constantFrom('open to all', 'can take its node'),
  }),
  { maxLength: 3 },
);

const CAUSE: fc.Arbitrary<RootCause> = fc.integer({ min: 1, max: 5000 }).chain((objects) => {
  const part = fc.integer({ min: 0, max: objects });
  return fc
    .record({
      severity: fc.constantFrom(...SEVERITIES),
      objects: fc.constant(objects),
      exposed: part,
      riskiest: fc.option(fc.record({ name: fc.constant('Deployment shop/cart'), reasons: REASONS }), {
        nil: undefined,
      }),
      production: part,
      crownJewels: part,
      unknownEnvironment: part,
      unknownCriticality: part,
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

  it('never falls with another object of unknown place, nor when the worst object is in more danger', () => {
    fc.assert(
      fc.property(CAUSE, fc.constantFrom(5, 10, 20), (cause, more) => {
        expect(points({ ...cause, objects: cause.objects + 1 })).toBeGreaterThanOrEqual(points(cause));
        const { riskiest } = cause;
        if (riskiest === undefined) return;
        const worse = { ...riskiest, reasons: [...riskiest.reasons, { points: more, text: 'and worse' }] };
        expect(points({ ...cause, riskiest: worse })).toBeGreaterThanOrEqual(points(cause));
      }),
    );
  });

  it('says nothing of what is known, and something of all that is not', () => {
    fc.assert(
      fc.property(CAUSE, (cause) => {
        const { unknown } = rankRootCause(cause);
        expect(unknown.some((each) => each.includes('environment'))).toBe(cause.unknownEnvironment > 0);
        expect(unknown.some((each) => each.includes('depends'))).toBe(cause.unknownCriticality > 0);
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
    riskiest: undefined,
    production: 0,
    test: 0,
    unknownEnvironment: 0,
    crownJewels: 0,
    nonCritical: 0,
    unknownCriticality: 0,
    fixable: 0,
  };
  const at = (...reasons: readonly { points: number; text: string }[]): Partial<RootCause> => ({
    riskiest: { name: 'Deployment shop/cart', reasons },
  });
  const internet = { points: 20, text: 'open to the Internet by Service cart, a load balancer' };
  const node = { points: 15, text: 'can take its node: container a is privileged' };

  it.each<{ readonly why: string; readonly more: Partial<RootCause>; readonly less: Partial<RootCause> }>([
    { why: 'in test below the same in production', more: { production: 1 }, less: { test: 1 } },
    { why: 'open to the Internet above the same that is not', more: at(internet), less: {} },
    {
      why: 'that takes its node as well above one that does not',
      more: at(internet, node),
      less: at(internet),
    },
    {
      why: 'that nobody reaches below the same elsewhere',
      more: {},
      less: at({ points: -10, text: 'nobody' }),
    },
    {
      why: 'of high severity above a trifle in the worst of places',
      more: {},
      less: { severity: 'low', ...at(internet, node) },
    },
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
    const {
      lines,
      points: sum,
      unknown,
      why,
    } = rankRootCause({
      ...one,
      objects: 4,
      exposed: 2,
      ...at(internet, node, {
        points: 20,
        text: 'can take the cluster: service account cart may do everything',
      }),
      production: 3,
      unknownEnvironment: 1,
      unknownCriticality: 4,
      fixable: 2,
    });

    expect(lines.map((line) => `${line.points} ${line.label}`)).toEqual([
      '35 high control',
      '8 found in 4 objects',
      '20 Deployment shop/cart: open to the Internet by Service cart, a load balancer (2 of 4 are open to the Internet)',
      '15 Deployment shop/cart: can take its node: container a is privileged',
      '20 Deployment shop/cart: can take the cluster: service account cart may do everything',
      '-20 where it is counts at most as much as a high control',
      '5 3 of 4 in production',
      '3 a patch is offered',
    ]);
    expect(sum).toBe(86);
    expect(why).toBe(
      'Deployment shop/cart is open to the Internet by Service cart, a load balancer; it can take its node: container a is privileged; it can take the cluster: service account cart may do everything.',
    );
    expect(unknown).toEqual([
      'Nothing says in what environment 1 of 4 objects is.',
      'Nothing says how much depends on them.',
    ]);
  });
});
