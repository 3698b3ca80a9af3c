import { expect, it } from 'vitest';
import { exampleWithin } from './query-example.ts';

it.each([
  { width: 0, example: 'waiting:yes severity:>=high namespace:pay* until:<now+30d' },
  { width: 2000, example: 'waiting:yes severity:>=high namespace:pay* until:<now+30d' },
  { width: 400, example: 'waiting:yes severity:>=high namespace:pay*' },
  { width: 300, example: 'waiting:yes severity:>=high' },
  { width: 40, example: 'waiting:yes' },
])('an example of what can be asked has whole parts in a field of $width px', ({ width, example }) => {
  expect(exampleWithin('exceptions', width)).toBe(example);
});
