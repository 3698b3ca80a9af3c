import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionAt, completions } from './completion.ts';
import { FINDING_FIELDS } from './fields.ts';
import { parseQuery } from './parse.ts';
import { EXCEPTION_FIELDS } from './standing-fields.ts';

/** The point at the `|` of a text, and the text without it. */
function pointAt(marked: string) {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { text, point: completionAt(text, cursor, FINDING_FIELDS) };
}

function proposals(marked: string, values: readonly string[] = []): string[] {
  const { text, point } = pointAt(marked);
  if (point === undefined) return [];
  return completions(point, FINDING_FIELDS, values).map(
    ({ insert }) => text.slice(0, point.from) + insert + text.slice(point.to),
  );
}

describe('completionAt', () => {
  it.each([
    ['|', '', undefined, ''],
    ['a |', '', undefined, ''],
    ['se|', 'se', undefined, 'se'],
    ['-se|', 'se', undefined, 'se'],
    ['(se|', 'se', undefined, 'se'],
    ['se|verity:high', 'se', undefined, 'severity:'],
    ['severity:|', '', 'severity', ''],
    ['severity:>=h|', 'h', 'severity', 'h'],
    ['severity:high,lo|,info', 'lo', 'severity', 'lo'],
    ['severity:hi|gh b', 'hi', 'severity', 'high'],
    ['owner:"team a|', 'team a', 'owner', '"team a'],
    ['sev:|', '', 'severity', ''],
  ])('finds what is written at %s', (marked, prefix, field, replaced) => {
    const { text, point } = pointAt(marked);

    expect(point?.prefix).toBe(prefix);
    expect(point?.field?.name).toBe(field);
    expect(text.slice(point?.from, point?.to)).toBe(replaced);
  });

  it('finds nothing behind a colon without a field', () => {
    expect(pointAt('system:mas|').point).toBeUndefined();
  });
});

describe('completions', () => {
  it.each<[string, string[], string[]]>([
    ['sev|', [], ['severity:']],
    ['a -sev|', [], ['a -severity:']],
    ['fir|', [], ['first-seen:']],
    ['rul|', [], ['control:']],
    ['severity:|', [], ['critical', 'high', 'medium', 'low', 'info'].map((value) => `severity:${value}`)],
    ['severity:>=h|', [], ['severity:>=high']],
    ['fixable:|', [], ['fixable:yes', 'fixable:no']],
    ['age:>|', [], ['age:>1h', 'age:>1d', 'age:>7d', 'age:>30d']],
    ['first-seen:>=now-3|', [], ['first-seen:>=now-30d']],
    [
      'first-seen:|',
      [],
      ['>=now-1h', '>=now-1d', '>=now-7d', '>=now-30d'].map((time) => `first-seen:${time}`),
    ],
    ['namespace:pay|', ['payments', 'pay-test', 'shop'], ['namespace:payments', 'namespace:pay-test']],
    ['namespace:a,shop-p|', ['shop-pay', 'payments'], ['namespace:a,shop-pay']],
    ['owner:n|', ['none', 'network team'], ['owner:"none"', 'owner:"network team"', 'owner:none']],
    ['name:x|', ['yx', 'xy'], ['name:xy', 'name:yx']],
  ])('proposes for %s', (marked, values, expected) => {
    expect(proposals(marked, values)).toEqual(expected);
  });

  it('proposes moments to come where an end is asked for', () => {
    const query = 'until:';
    const point = completionAt(query, query.length, EXCEPTION_FIELDS);

    expect(point && completions(point, EXCEPTION_FIELDS, []).map(({ insert }) => insert)).toEqual([
      '<now',
      '<now+7d',
      '<now+30d',
      '<now+90d',
      'none',
    ]);
  });

  it('proposes values that parse, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const [proposed = ''] = proposals('owner:|', [value]);

        expect(parseQuery(proposed, FINDING_FIELDS)).toEqual({
          ok: true,
          value: { op: 'field', field: 'owner', compare: '=', values: [{ type: 'text', parts: [value] }] },
        });
      }),
    );
  });

  it('never throws, wherever the cursor stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, cursor) => {
        const point = completionAt(text, cursor % (text.length + 1), FINDING_FIELDS);

        expect(point === undefined || point.from <= point.to).toBe(true);
      }),
    );
  });
});
