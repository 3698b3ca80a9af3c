import { decisionRoutes, findingRoutes } from '@bulwark/api';
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
