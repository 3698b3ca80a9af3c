import { expect, it } from 'vitest';
import { oncePerObject } from './once-per-object.ts';

it('an answer about a list is found once for each list, undefined included', () => {
  let asked = 0;
  const length = oncePerObject((list: readonly string[]) => {
    asked++;
    return list.length === 0 ? undefined : list.length;
  });
  const [empty, two] = [[], ['a', 'b']];

  expect([length(empty), length(two), length(empty), length(two), length(['a', 'b'])]).toEqual([
    undefined,
    2,
    undefined,
    2,
    2,
  ]);
  expect(asked).toBe(3);
});
