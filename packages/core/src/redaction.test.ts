import { describe, expect, it } from 'vitest';
import { flagName, redactDeep, redactText } from './redaction.ts';

describe('redactDeep', () => {
  const redacted = '[redacted]';

  it.each([
    ['by its key', { password: 'w0nderland' }, { password: redacted }],
    ['by the name beside it', { name: 'TOKEN', value: 'l00king' }, { name: 'TOKEN', value: redacted }],
    ['by its form', ['https://a:w0nderland@b'], [redacted]],
    [
      'by the header that it is',
      [
        { name: 'Authorization', value: 'Token w0nderland' },
        { name: 'cookie', value: 'id=1' },
      ],
      [
        { name: 'Authorization', value: redacted },
        { name: 'cookie', value: redacted },
      ],
    ],
    ['by the name of its list', { tokens: ['l00king'] }, { tokens: [redacted] }],
    [
      'by the flag before it',
      ['--password', 'w0nderland', '-v', 'w0nderland'],
      ['--password', redacted, '-v', 'w0nderland'],
    ],
  ])('replaces a secret that is known %s', (_how, value, expected) => {
    expect(redactDeep(value)).toEqual(expected);
  });

  it('leaves everything else', () => {
    const value = { image: 'a:1', args: ['--level', 'debug', null, 7], password: null };

    expect(redactDeep(value)).toEqual(value);
  });
});

describe('redactText', () => {
  it.each([
    [
      'https://a:w0nderland@b/c and --password=l00king!',
      'https://a:[redacted]@b/c and --password=[redacted]',
    ],
    ['nothing of the kind', 'nothing of the kind'],
    ['', ''],
  ])('makes of "%s" "%s"', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });
});

describe('flagName', () => {
  it.each([
    ['--db-password', 'db-password'],
    ['-token', 'token'],
    ['--password=x', undefined],
    ['--password-file', undefined],
    ['-p', undefined],
    ['password', undefined],
    [7, undefined],
  ])('of %s is %s', (word, name) => {
    expect(flagName(word)).toBe(name);
  });
});
