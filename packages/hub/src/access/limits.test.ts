import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyond } from './caller.ts';
import { holdsNamespace, meetsNamespace } from './limits.ts';

const within = (...namespaces: string[]) => ({ clusters: 'all' as const, namespaces });

describe('limits to namespaces', () => {
  it.each([
    [['pay'], 'pay', true, true],
    [['pay'], 'pay-a', false, false],
    [['pay*'], 'pay', true, true],
    [['pay*'], 'pay-a', true, true],
    [['pay*'], 'shop', false, false],
    [['pay*'], 'pay-a*', true, true],
    [['pay*'], 'pa*', false, true],
    [['pay*'], '*-prod', false, true],
    [['pay*', '*-prod'], 'shop-prod', true, true],
    [['pay*'], 'shop*', false, false],
    [['pay'], '*', false, true],
    [['*'], 'pay', true, true],
    [['*'], '*', false, true],
    [['*'], '**', false, true],
    [['*'], '', false, false],
    [['*'], 'a*', true, true],
    [[], 'pay', false, false],
    [[], '*', false, false],
  ] as const)('to %j hold %j: %j, and have something of it: %j', (namespaces, name, isHeld, isMet) => {
    expect(holdsNamespace({ namespaces }, name)).toBe(isHeld);
    expect(meetsNamespace({ namespaces }, name)).toBe(isMet);
  });

  it('hold nothing of a pattern but what they hold by name', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 5 });
    const rest = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 3 }),
        pattern,
        fc.infiniteStream(rest),
        (namespaces, given, texts) => {
          fc.pre(namespaces.every((each) => each !== ''));
          const name = given.replaceAll('*', () => texts.next().value as string);
          if (holdsNamespace({ namespaces }, given)) expect(holdsNamespace({ namespaces }, name)).toBe(true);
          if (holdsNamespace({ namespaces }, name)) expect(meetsNamespace({ namespaces }, given)).toBe(true);
        },
      ),
    );
  });
});

describe('limits that somebody gives', () => {
  it.each([
    [within('pay*'), within('pay-a', 'pay-b*'), []],
    [within('*'), within('*'), []],
    [within('*'), within('pay'), []],
    [within('pay*'), within('pay*', 'shop'), ['namespaces']],
    [within('pay-a', 'pay-b'), within('pay*'), ['namespaces']],
    [within('pay*'), { clusters: 'all', namespaces: 'all' } as const, ['role', 'namespaces']],
  ])('%j to %j: beyond are %j', (own, given, parts) => {
    expect(beyond({ role: 'viewer', limits: own }, { role: 'viewer', limits: given })).toEqual(parts);
  });
});
