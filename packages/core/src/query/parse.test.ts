import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FINDING_FIELDS } from './fields.ts';
import { MAX_QUERY_LENGTH, parseQuery } from './parse.ts';
import { printQuery } from './print.ts';
import type { Query, QueryError, QueryValue } from './query.ts';

function parsed(text: string): Query {
  const result = parseQuery(text, FINDING_FIELDS);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value;
}

function fault(text: string): QueryError {
  const result = parseQuery(text, FINDING_FIELDS);
  if (result.ok) throw new Error(`${text} parses`);
  return result.error;
}

const word = (...parts: string[]): Query => ({ op: 'text', parts });
const term = (field: string, ...values: QueryValue[]): Query => ({
  op: 'field',
  field,
  compare: '=',
  values,
});
const pattern = (...parts: string[]): QueryValue => ({ type: 'text', parts });
const not = (item: Query): Query => ({ op: 'not', item });
const and = (...items: Query[]): Query => ({ op: 'and', items });
const or = (...items: Query[]): Query => ({ op: 'or', items });
const [a, b, c] = [word('a'), word('b'), word('c')];

describe('parseQuery', () => {
  const meanings: { text: string; means: Query }[] = [
    { text: '', means: and() },
    { text: '  \t\n', means: and() },
    { text: 'a', means: a },
    { text: 'a b', means: and(a, b) },
    { text: 'a AND b', means: and(a, b) },
    { text: 'a OR b', means: or(a, b) },
    { text: 'a b OR c', means: or(and(a, b), c) },
    { text: 'a (b OR c)', means: and(a, or(b, c)) },
    { text: '(a b) c', means: and(a, b, c) },
    { text: '((a))', means: a },
    { text: '-a', means: not(a) },
    { text: 'NOT a', means: not(a) },
    { text: '-NOT a', means: a },
    { text: '-(a OR b) c', means: and(not(or(a, b)), c) },
    { text: 'a-b', means: word('a-b') },
    { text: 'or', means: word('or') },
    { text: '"OR"', means: word('OR') },
    { text: '"two words"', means: word('two words') },
    { text: 'a"b c"d', means: word('ab cd') },
    { text: 'two\\ words', means: word('two words') },
    { text: '\\-a', means: word('-a') },
    { text: 'pay*', means: word('pay', '') },
    { text: '"pay*"', means: word('pay*') },
    { text: 'a,b', means: word('a,b') },
    { text: 'app=shop', means: word('app=shop') },
    { text: '1.2.3.4:80', means: word('1.2.3.4:80') },
    { text: '"system:masters"', means: word('system:masters') },
    { text: 'ns:shop', means: term('namespace', pattern('shop')) },
    { text: 'NAMESPACE:pay*', means: term('namespace', pattern('pay', '')) },
    { text: 'namespace:"pay*"', means: term('namespace', pattern('pay*')) },
    { text: 'namespace:*', means: term('namespace', pattern('', '')) },
    {
      text: 'namespace:a,"b,c",d\\,e',
      means: term('namespace', pattern('a'), pattern('b,c'), pattern('d,e')),
    },
    { text: '-control:image-*', means: not(term('control', pattern('image-', ''))) },
    { text: 'control:!=x', means: not(term('control', pattern('x'))) },
    { text: '-control!=x', means: term('control', pattern('x')) },
    { text: 'owner:none', means: term('owner', { type: 'none' }) },
    { text: 'owner:"none"', means: term('owner', pattern('none')) },
    { text: 'name:none', means: term('name', pattern('none')) },
    { text: 'owner:""', means: term('owner', pattern('')) },
    { text: 'path:a:b', means: term('path', pattern('a:b')) },
    { text: 'fixable:yes', means: term('fixable', { type: 'boolean', value: true }) },
    { text: 'ack:FALSE', means: term('acknowledged', { type: 'boolean', value: false }) },
    { text: 'severity:high', means: term('severity', { type: 'enum', value: 'high', rank: 3 }) },
    {
      text: 'severity>=High',
      means: {
        op: 'field',
        field: 'severity',
        compare: '>=',
        values: [{ type: 'enum', value: 'high', rank: 3 }],
      },
    },
    {
      text: 'age:>7d',
      means: {
        op: 'field',
        field: 'age',
        compare: '>',
        values: [{ type: 'duration', milliseconds: 604_800_000, unit: 86_400_000 }],
      },
    },
    {
      text: 'first-seen:<2026-11-01',
      means: {
        op: 'field',
        field: 'first-seen',
        compare: '<',
        values: [{ type: 'time', from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 2) }],
      },
    },
    {
      text: 'since:>=now-36h',
      means: {
        op: 'field',
        field: 'first-seen',
        compare: '>=',
        values: [{ type: 'relative', milliseconds: -129_600_000 }],
      },
    },
  ];
  it.each(meanings)('reads $text', ({ text, means }) => {
    expect(parsed(text)).toEqual(means);
  });

  const faults: { text: string; at: string; message: RegExp; nearest?: string }[] = [
    {
      text: 'a severty:high',
      at: 'severty',
      message: /no field severty; did you mean severity/,
      nearest: 'severity',
    },
    { text: 'system:masters', at: 'system', message: /quotes/ },
    { text: 'severity:hgh', at: 'hgh', message: /one of info, low, medium, high, critical/, nearest: 'high' },
    { text: 'severity:high,,low', at: '', message: /severity has no value here/ },
    { text: 'severity: high', at: '', message: /severity has no value here/ },
    { text: 'severity:>=high,low', at: 'high,low', message: /takes one value/ },
    { text: 'control:>a', at: 'a', message: /control has no order/, nearest: 'a' },
    { text: 'owner:<none', at: 'none', message: /no order|none cannot/ },
    { text: 'deferred:<none', at: 'none', message: /none cannot/ },
    { text: 'fixable:maybe', at: 'maybe', message: /yes or no/ },
    { text: 'age:long', at: 'long', message: /length of time/ },
    { text: 'first-seen:2026-02-30', at: '2026-02-30', message: /is a time such as/ },
    { text: 'first-seen:7d', at: '7d', message: /write now-7d/, nearest: '>=now-7d' },
    { text: 'first-seen:now-7d', at: 'now-7d', message: /never exactly/, nearest: '>=now-7d' },
    { text: 'a "b', at: '"b', message: /does not end/ },
    { text: 'a (b', at: '(', message: /is not closed/ },
    { text: 'a) b', at: ')', message: /closes nothing/ },
    { text: '()', at: ')', message: /missing after \(/ },
    { text: 'a OR', at: '', message: /missing after OR/ },
    { text: 'OR a', at: 'OR', message: /missing at the start/ },
    { text: 'a AND OR b', at: 'OR', message: /missing after AND/ },
    { text: 'a -', at: '', message: /missing after -/ },
    { text: '('.repeat(60), at: '(', message: /at most 50 deep/ },
  ];
  it.each(faults)('says what is wrong with $text', ({ text, at, message, nearest }) => {
    const error = fault(text);

    expect(error.message).toMatch(message);
    expect(text.slice(error.position, error.to)).toBe(at);
    expect(error.nearest).toBe(nearest);
  });

  it('mends a fault by its proposal', () => {
    const text = 'a first-seen:7d';
    const { position, to, nearest = '' } = fault(text);

    expect(parseQuery(text.slice(0, position) + nearest + text.slice(to), FINDING_FIELDS).ok).toBe(true);
  });

  it('refuses a text that is too long', () => {
    expect(fault('a '.repeat(MAX_QUERY_LENGTH)).message).toMatch(/at most/);
  });
});

/** Texts made of what the language is made of, so that most are nearly right. */
const nearlyQueries = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'pay*',
        '"',
        '\\',
        '(',
        ')',
        '-',
        ' ',
        ' OR ',
        ' AND ',
        'NOT ',
        ',',
        ':',
        '<',
        '>=',
        '=',
        '!=',
      ],
      ...[
        'severity:',
        'age:',
        'owner:',
        'first-seen:',
        'fixable:',
        'none',
        'high',
        '7d',
        '2026-11',
        'now-1w2d',
        'now+30d',
      ],
      ...['2024-02-29T23:59:59', '2026-11-01T12:30+05:30', 'yes', '\ud800', '😀', '__proto__', 'é'],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

describe('printQuery', () => {
  it.each([
    ['a  AND b', 'a b'],
    ['((a OR b)) NOT c', '(a OR b) -c'],
    ['-(a b)', '-(a b)'],
    ['sev>=high', 'severity:>=high'],
    ['ns:"pay"*', 'namespace:pay*'],
    ['owner:"none",none', 'owner:"none",none'],
    ['"OR" "-a" "a:b" a\\*b', '"OR" "-a" "a:b" "a*b"'],
    ['age:1w2d', 'age:9d'],
    ['first-seen:>now-0s', 'first-seen:>now'],
    ['first-seen:<now+24h', 'first-seen:<now+1d'],
    ['first-seen:2026-11-01T12:30+05:30', 'first-seen:2026-11-01T07:00'],
  ])('writes %s as %s', (text, printed) => {
    expect(printQuery(parsed(text))).toBe(printed);
  });

  it('gives a text that means the same, for any text that is a query', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyQueries, fc.string({ unit: 'binary' })), (text) => {
        const query = parseQuery(text, FINDING_FIELDS);
        if (query.ok) expect(parsed(printQuery(query.value))).toEqual(query.value);
        else expect(query.error.position).toBeLessThanOrEqual(query.error.to);
      }),
      { numRuns: 5000 },
    );
  });

  it('needs time in proportion to the text', () => {
    const hostile = ['(', '-', 'a OR ', '"a" ', 'namespace:a,', '\\', 'a*', 'age:1w,', 'severty:x'];
    const start = performance.now();
    for (const piece of hostile)
      parseQuery(piece.repeat(MAX_QUERY_LENGTH).slice(0, MAX_QUERY_LENGTH), FINDING_FIELDS);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
