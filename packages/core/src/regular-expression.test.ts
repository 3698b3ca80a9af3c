import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegularExpression } from './regular-expression.ts';

function expression(text: string): RegularExpression {
  const parsed = RegularExpression.parse(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

describe('a regular expression', () => {
  it.each([
    ['', '', true],
    ['^$', 'a', false],
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['^a.c$', 'a\nc', false],
    ['^(foo|bar|)$', 'bar', true],
    ['^(foo|bar|)$', '', true],
    ['^(foo|bar)$', 'foobar', false],
    ['^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$', `a${'-'.repeat(61)}z`, true],
    ['^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$', `a${'-'.repeat(62)}z`, false],
    ['^a{2}$', 'aa', true],
    ['^a{2,}$', 'aaaa', true],
    ['^a{2,}$', 'a', false],
    ['^a{0}$', '', true],
    ['^(?:a|b)+?$', 'abba', true],
    ['^(?<name>x)$', 'x', true],
    ['^[\\]\\\\^-]+$', ']\\^-', true],
    ['^\\p{Lu}\\P{Lu}$', 'Äß', true],
    ['^\\u{1F600}.$', '\u{1F600}\u{1F601}', true],
    ['^\\ud83d\\ude00$', '\u{1F600}', true],
    ['\\bteam\\b', 'the team-a', true],
    ['\\bteam\\b', 'teams', false],
    ['\\Beam', 'team', true],
    ['^(a*)*$', 'aaaa', true],
    ['^(?:^|a)+$', 'aa', true],
    ['(^a|b)c', 'xbc', true],
    ['\\t\\x41\\cJ\\/\\.', '\tA\n/.', true],
  ])('%j in %j: %j', (pattern, text, expected) => {
    expect(expression(pattern).test(text)).toBe(expected);
    expect(new RegExp(pattern, 'u').test(text)).toBe(expected);
  });

  it.each([
    ['(', /syntax/],
    ['a**', /syntax/],
    ['\\y', /syntax/],
    ['^(?=a)', /looks around.*\(\?=a/],
    ['(?!a)', /looks around/],
    ['a(?<=a)', /looks around/],
    ['(?<!a)b', /looks around/],
    ['(a)\\1', /refers back to a group with \\1/],
    ['(?<n>a)\\k<n>', /refers back to a group/],
    ['(a{1,100}){1,100}', /repeats too much/],
    ['(?:){1000000000}', /repeats too much/],
  ])('%j is refused', (pattern, message) => {
    const parsed = RegularExpression.parse(pattern);

    expect(parsed.ok ? undefined : parsed.error.message).toMatch(message);
  });

  it('is refused when it is too long', () => {
    expect(RegularExpression.parse('a'.repeat(2001))).toEqual({
      ok: false,
      error: { message: 'it is longer than 2000 characters' },
    });
  });

  /**
   * Whether JavaScript finds an expression that begins at a character. V8 also begins in the middle of a surrogate pair, where
   * ECMA-262 (RegExpBuiltinExec) does not: `/\\B/u` is not in "a\u{1F600}a".
   */
  function isFound(pattern: string, subject: string): boolean {
    const sticky = new RegExp(pattern, 'uy');
    let at = 0;
    return [...subject, ''].some((character) => {
      sticky.lastIndex = at;
      at += character.length;
      return sticky.test(subject);
    });
  }

  it('says what the engine of JavaScript says', () => {
    const character = fc.constantFrom(
      'a',
      'b',
      '-',
      '.',
      '[ab]',
      '[^a]',
      '\\w',
      '\\d',
      '^',
      '$',
      '\\b',
      '\\B',
    );
    const { tree } = fc.letrec<{ tree: string; part: string }>((tie) => ({
      tree: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
      part: fc.oneof(
        { depthSize: 'small' },
        character,
        fc
          .tuple(tie('tree'), tie('tree'), fc.constantFrom('', '*', '+', '?', '*?', '{2}', '{0,2}', '{1,}'))
          .map(([left, right, sign]) => `(?:${left}|${right})${sign}`),
        fc.tuple(tie('tree'), fc.constantFrom('', '*', '+?')).map(([inner, sign]) => `(${inner})${sign}`),
      ),
    }));
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '-', '.', '1', ' ', '\n', '\u{1F600}'),
      maxLength: 8,
    });

    fc.assert(
      fc.property(tree, text, (pattern, subject) => {
        fc.pre(RegularExpression.parse(pattern).ok);
        expect([pattern, expression(pattern).test(subject)]).toEqual([pattern, isFound(pattern, subject)]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['^(a+)+$', `${'a'.repeat(100_000)}!`],
    ['(a*)*b', 'a'.repeat(50_000)],
    ['a*a*a*a*a*b', 'a'.repeat(50_000)],
    ['^(?:a|a|aa)+$', `${'a'.repeat(100_000)}!`],
    ['(\\w+\\s?)+\\.', 'word '.repeat(20_000)],
  ])('%j is done soon on a text that makes others go back', (pattern, text) => {
    expect(expression(pattern).test(text)).toBe(false);
  });
});
