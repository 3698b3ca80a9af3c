import { decisionRoutes, findingRoutes, viewRoutes } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { faultWords } from './fault-words.ts';

function wordsFor(schema: z.ZodType | undefined, value: unknown): readonly string[] {
  return (schema?.safeParse(value).error?.issues ?? []).map(
    (issue) => `${issue.path.join('.')} ${faultWords(issue)}`,
  );
}

describe('what is said of a text or a list that is too long or too short', () => {
  it.each([
    [
      findingRoutes.commentFinding.body,
      { text: 'a'.repeat(10_001) },
      'text must have at most 10,000 characters',
    ],
    [findingRoutes.commentFinding.body, { text: '' }, 'text must not be empty'],
    [findingRoutes.commentFinding.body, { text: ' \n ' }, 'text must not be empty'],
    [
      decisionRoutes.createException.body,
      { scope: { controls: ['x'] }, reason: ' \n  ' },
      'reason must have at least 3 characters',
    ],
    [
      decisionRoutes.createException.body,
      { scope: { controls: ['x'] }, reason: 'no' },
      'reason must have at least 3 characters',
    ],
    [
      decisionRoutes.createException.body,
      { scope: { controls: ['x'] }, reason: '\u200b\u200b\u200b' },
      'reason must have at least 3 characters',
    ],
    [decisionRoutes.refuseException.body, { reason: '\u2060 \u3164' }, 'reason must not be empty'],
    [findingRoutes.commentFinding.body, { text: '\ufeff\u200d' }, 'text must not be empty'],
    [viewRoutes.createView.body, { name: '\u200b', isShared: false, view: {} }, 'name must not be empty'],
    [
      decisionRoutes.createException.body,
      { scope: { controls: Array(101).fill('x') }, reason: 'We know.' },
      'scope.controls must have at most 100 entries',
    ],
    [z.strictObject({ one: z.array(z.int()).max(1) }), { one: [1, 2] }, 'one must have at most 1 entry'],
  ])('is the limit, in words that follow the name of the field (%#)', (schema, value, words) => {
    expect(wordsFor(schema, value)).toEqual([words]);
  });

  it('is what the schema says where it has words of its own', () => {
    const schema = z.strictObject({ name: z.string().max(2, 'is longer than a name') });

    expect(wordsFor(schema, { name: 'abc' })).toEqual(['name is longer than a name']);
  });
});

describe('what is said of a parameter that is none', () => {
  const { query } = findingRoutes.listFindings;

  it.each([
    [query, { cluster: 'abc' }, 'cluster must be a number in decimal digits'],
    [query, { cluster: '1.5' }, 'cluster must be a number in decimal digits'],
    [query, { asOf: '9999-12-31T23:59:59-01:00' }, 'asOf must lie in the years 1 to 9999'],
    [query, { cluster: '0' }, 'cluster must be more than 0'],
    [query, { cluster: '9999999999' }, 'cluster must be at most 2,147,483,647'],
    [query, { limit: '0' }, 'limit must be at least 1'],
    [query, { limit: '501' }, 'limit must be at most 500'],
    [query, { asOf: 'yesterday' }, 'asOf must be a moment, such as 2026-11-01T08:00:00Z'],
    [findingRoutes.groupFindings.query, { by: 'colour' }, 'by must be control, workload, namespace or owner'],
    [
      decisionRoutes.createException.body,
      { scope: { controls: 'x' }, reason: 'We know.' },
      'scope.controls must be a list',
    ],
    [decisionRoutes.createException.body, { scope: { controls: ['x'] } }, 'reason is missing'],
    [
      decisionRoutes.createException.body,
      { scope: { controls: ['x'] }, reason: 'We know.', until: 'tomorrow' },
      'until must be a day, such as 2026-11-01',
    ],
    [z.strictObject({ on: z.boolean() }), { on: 1 }, 'on must be true or false'],
    [z.strictObject({ at: z.string().regex(/^a$/) }), { at: 'b' }, 'at must match /^a$/'],
    [z.strictObject({ at: z.ipv4() }), { at: 'b' }, 'at is not what it must be'],
    [query, { colour: 'red' }, ' is not known here'],
  ])('is what would be right, without words of the library (%#)', (schema, value, words) => {
    expect(wordsFor(schema, value)).toEqual([words]);
  });
});
