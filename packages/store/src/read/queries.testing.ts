import {
  type Comparison,
  isOrderedField,
  namesOfKind,
  parseQuery,
  type Query,
  type QueryField,
  type QueryValue,
} from '@bulwark/core';
import fc from 'fast-check';
import { ago, at, DAY, type Model, NAMES } from './queryable.testing.ts';

/** A query as somebody writes it. */
export function queryOf(text: string, fields: readonly QueryField[]): Query {
  const parsed = parseQuery(text, fields);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** More than 32 and than 64 bits hold, and the most that a query takes. */
const MUCH = [2 ** 31, 9_999_999_999, 999_999_999_999_999, 999_999_999_999_999.9];

/** Longer ago than the first moment of the database, and the most that a query takes; in milliseconds. */
const VERY_LONG = [6_800 * 365 * DAY, 8_640_000_000_000_000];

/** Patterns of what is there, of parts of it, and of what is not. */
function textPatterns(models: readonly Model[], field: string): fc.Arbitrary<readonly string[]> {
  const values = models.flatMap((model) => [model.values[field] ?? []].flat()).map(String);
  const known = field === 'kind' ? values.flatMap((kind) => Object.values(namesOfKind(kind))) : values;
  const word = fc.constantFrom(...known, ...NAMES, 'nothing');
  const cut = (text: string, from: number, to: number): string =>
    text.slice(from % (text.length + 1), to % (text.length + 1) || undefined);
  const piece = fc.tuple(word, fc.nat(9), fc.nat(9)).map(([text, from, to]) => cut(text, from, to));
  const cased = (text: fc.Arbitrary<string>) =>
    fc.oneof(
      text,
      text.map((each) => each.toUpperCase()),
      text.map((each) => each.toLowerCase()),
    );
  return fc.oneof(
    cased(word).map((text) => [text]),
    fc.array(cased(piece), { minLength: 2, maxLength: 3 }),
  );
}

function valueFor(
  field: QueryField,
  compare: Comparison,
  models: readonly Model[],
): fc.Arbitrary<QueryValue> {
  const none = field.canBeNone === true && compare === '=' ? [fc.constant({ type: 'none' } as const)] : [];
  const days = fc.integer({ min: -70, max: 60 });
  switch (field.type) {
    case 'text':
      return fc.oneof(
        ...none,
        textPatterns(models, field.name).map((parts) => ({ type: 'text', parts }) as const),
      );
    case 'enum': {
      const values = field.values ?? [];
      return fc.oneof(
        ...none,
        fc.nat(values.length - 1).map((rank) => ({ type: 'enum', value: at(values, rank), rank }) as const),
      );
    }
    case 'boolean':
      return fc.boolean().map((value) => ({ type: 'boolean', value }) as const);
    case 'number':
      return fc
        .oneof(
          { weight: 3, arbitrary: fc.integer({ min: -1, max: 6 }) },
          fc.integer({ min: -3, max: 12 }).map((half) => half / 2),
          fc.constantFrom(...MUCH, ...MUCH.map((value) => -value)),
        )
        .map((value) => ({ type: 'number', value }) as const);
    case 'duration':
      return fc
        .oneof(
          { weight: 5, arbitrary: days.map((count) => Math.abs(count) * DAY) },
          fc.constantFrom(...VERY_LONG),
        )
        .map((milliseconds) => ({ type: 'duration', milliseconds, unit: DAY }) as const);
    case 'time': {
      const period = days.map(
        (count) => ({ type: 'time', from: ago(count).getTime(), to: ago(count - 1).getTime() }) as const,
      );
      const since = fc
        .oneof(
          { weight: 5, arbitrary: days.map((count) => 0 - count * DAY) },
          fc.constantFrom(...VERY_LONG.map((milliseconds) => -milliseconds)),
        )
        .map((milliseconds) => ({ type: 'relative', milliseconds }) as const);
      return compare === '=' ? fc.oneof(...none, period) : fc.oneof(period, since);
    }
  }
}

export function termOf(field: QueryField, models: readonly Model[]): fc.Arbitrary<Query> {
  const comparisons: readonly Comparison[] = isOrderedField(field) ? ['=', '<', '<=', '>', '>='] : ['='];
  return fc
    .constantFrom(...comparisons)
    .chain((compare) =>
      fc
        .array(valueFor(field, compare, models), { minLength: 1, maxLength: compare === '=' ? 3 : 1 })
        .map((values) => ({ op: 'field', field: field.name, compare, values }) as const),
    );
}

export function queriesOf(fields: readonly QueryField[], models: readonly Model[]): fc.Arbitrary<Query> {
  const texts = models.flatMap(({ record }) => record.texts);
  const piece = fc
    .tuple(fc.constantFrom(...texts), fc.nat(60), fc.integer({ min: 1, max: 12 }))
    .map(([text, from, length]) => {
      const start = from % text.length || 0;
      return text.slice(start, start + length);
    });
  const text = fc
    .array(piece, { minLength: 1, maxLength: 2 })
    .map((parts) => ({ op: 'text', parts }) as const);
  const term = fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...fields.map((field) => termOf(field, models))) },
    { weight: 1, arbitrary: text },
  );
  return fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      term,
      tie('query').map((item): Query => ({ op: 'not', item })),
      fc.array(tie('query'), { maxLength: 3 }).map((items): Query => ({ op: 'and', items })),
      fc.array(tie('query'), { minLength: 1, maxLength: 3 }).map((items): Query => ({ op: 'or', items })),
    ),
  })).query;
}
