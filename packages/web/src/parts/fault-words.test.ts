import { expect, it } from 'vitest';
import { inWords } from './fault-words.ts';

it.each([
  [
    {
      path: 'q',
      message: 'there is no field severety; did you mean severity?',
      nearest: 'severity',
      position: 0,
    },
    'there is no field severety; did you mean severity? at character 1.',
  ],
  [
    { path: 'q', message: 'severity is one of high, low', nearest: 'critical', position: 9 },
    'severity is one of high, low at character 10. Did you mean critical?',
  ],
  [{ path: 'limit', message: 'is too large' }, 'limit: is too large'],
])('a fault says once what was meant: %j', (fault, words) => {
  expect(inWords(fault)).toBe(words);
});
