import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatchLabels, compileSelector, isLabelKey } from './selector.ts';

const NOTHING = { absent: 'nothing' } as const;

function matches(selector: unknown, labels: Readonly<Record<string, string>>): boolean | string {
  const compiled = compileSelector(selector, NOTHING);
  return compiled.ok ? compiled.value.matches(labels) : compiled.error.message;
}

const expression = (operator: string, values?: readonly string[], key = 'app'): unknown => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

describe('a label selector', () => {
  it.each([
    ['an empty one', {}, {}, true],
    ['an empty one, whatever the labels', { matchLabels: {}, matchExpressions: [] }, { app: 'x' }, true],
    ['a label', { matchLabels: { app: 'x' } }, { app: 'x', other: 'y' }, true],
    ['a label of another value', { matchLabels: { app: 'x' } }, { app: 'y' }, false],
    ['two labels, of which one is missing', { matchLabels: { app: 'x', tier: 'web' } }, { app: 'x' }, false],
    ['In', expression('In', ['x', 'y']), { app: 'y' }, true],
    ['In, without the key', expression('In', ['x']), {}, false],
    ['NotIn', expression('NotIn', ['x']), { app: 'x' }, false],
    ['NotIn, without the key', expression('NotIn', ['x']), {}, true],
    ['Exists', expression('Exists'), { app: '' }, true],
    ['Exists, without the key', expression('Exists'), {}, false],
    ['DoesNotExist', expression('DoesNotExist'), { app: 'x' }, false],
    ['DoesNotExist, without the key', expression('DoesNotExist'), {}, true],
    [
      'labels and expressions together',
      { matchLabels: { app: 'x' }, ...(expression('Exists', undefined, 'tier') as object) },
      { app: 'x' },
      false,
    ],
    ['a key that every object inherits', expression('Exists', undefined, 'constructor'), {}, false],
    ['nulls, as if they were missing', { matchLabels: null, matchExpressions: null }, {}, true],
  ])('matches by %s', (_name, selector, labels, expected) => {
    expect(matches(selector, labels)).toBe(expected);
  });

  it.each([
    [expression('In'), 'needs values'],
    [expression('NotIn', []), 'needs values'],
    [expression('Exists', ['x']), 'takes no values'],
    [expression('Like', ['x']), 'none of In'],
    [expression('Exists', undefined, 'a b'), 'not a label key'],
    [expression('Exists', undefined, 'UPPER.case/x'), 'not a label key'],
    [expression('In', ['a b']), 'not a label value'],
    [{ matchLabels: { app: 3 } }, 'not a label value'],
    [{ matchLabels: { app: 'x'.repeat(64) } }, 'not a label value'],
    [{ matchLabels: 'app' }, 'not an object'],
    [{ matchExpressions: {} }, 'not a list'],
    [{ matchExpressions: ['app'] }, 'not an object'],
    ['app=x', 'not an object'],
  ])('refuses %j', (selector, message) => {
    expect(matches(selector, {})).toContain(message);
  });

  it.each([
    [null, 'nothing', false],
    [undefined, 'everything', true],
  ] as const)('that is %s means %s when the field says so', (selector, absent, expected) => {
    const compiled = compileSelector(selector, { absent });

    expect(compiled.ok && compiled.value.matches({ app: 'x' })).toBe(expected);
  });

  it('agrees with an evaluation by the letter', () => {
    const key = fc.constantFrom('a', 'b', 'example.com/c');
    const value = fc.constantFrom('1', '2', '');
    const labels = fc.dictionary(key, value);
    const requirement = fc.oneof(
      fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(value, { minLength: 1 }) }),
      fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
    const byTheLetter = (
      each: { key: string; operator: string; values?: string[] },
      given: Record<string, string>,
    ): boolean => {
      const has = Object.keys(given).includes(each.key);
      const isIn = has && (each.values ?? []).some((candidate) => candidate === given[each.key]);
      return { In: isIn, NotIn: !isIn, Exists: has, DoesNotExist: !has }[each.operator] ?? false;
    };
    fc.assert(
      fc.property(
        labels,
        fc.array(requirement, { maxLength: 4 }),
        labels,
        (matchLabels, matchExpressions, given) => {
          const expected =
            Object.entries(matchLabels).every(([name, wanted]) => given[name] === wanted) &&
            matchExpressions.every((each) => byTheLetter(each, given));

          expect(matches({ matchLabels, matchExpressions }, given)).toBe(expected);
        },
      ),
    );
  });
});

describe('a map of labels', () => {
  it.each([
    [{ app: 'x' }, true],
    [{}, false],
    [null, false],
  ])('%j selects by the field that it stands in', (labels, expected) => {
    const compiled = compileMatchLabels(labels, NOTHING);

    expect(compiled.ok && compiled.value.matches({ app: 'x' })).toBe(expected);
  });
});

describe('isLabelKey', () => {
  it.each([
    ['app', true],
    ['app.kubernetes.io/name', true],
    ['a/b/c', false],
    ['/name', false],
    ['example.com/', false],
    ['-app', false],
    ['x'.repeat(63), true],
    ['x'.repeat(64), false],
    [`${'a.'.repeat(126)}a/x`, true],
    [`${'a.'.repeat(127)}a/x`, false],
  ])('%s: %s', (key, expected) => {
    expect(isLabelKey(key)).toBe(expected);
  });
});
