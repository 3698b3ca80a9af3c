import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest.ts';

describe('nearestWord', () => {
  it.each([
    ['severty', 'severity'],
    ['SEVERITY', 'severity'],
    ['nmespace', 'namespace'],
    ['xyz', undefined],
    ['', undefined],
  ])('answers %s with %s', (word, expected) => {
    expect(nearestWord(word, ['severity', 'namespace', 'age-of-it'])).toBe(expected);
  });
});
