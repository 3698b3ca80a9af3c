import { describe, expect, it } from 'vitest';
import { ScalarError } from './fault.ts';
import { formatFloat32, keyText } from './key.ts';

const CORE = 'tag:yaml.org,2002:';

describe('the text of a mapping key', () => {
  it.each([
    { text: 'name', tag: 'plain', key: 'name' },
    { text: 'on', tag: 'plain', key: 'true' },
    { text: 'y', tag: 'plain', key: 'true' },
    { text: 'NO', tag: 'plain', key: 'false' },
    { text: 'on', tag: 'quoted', key: 'on' },
    { text: '', tag: 'quoted', key: '' },
    { text: '0x10', tag: 'plain', key: '16' },
    { text: '-0', tag: 'plain', key: '0' },
    { text: '9223372036854775807', tag: 'plain', key: '9223372036854775807' },
    { text: '1.50', tag: 'plain', key: '1.5' },
    { text: '.inf', tag: 'plain', key: '.inf' },
    { text: '12', tag: `${CORE}str`, key: '12' },
    { text: '12', tag: `${CORE}float`, key: '12' },
    { text: '12345678', tag: `${CORE}float`, key: '1.2345678e+07' },
    { text: '12', tag: '!x', key: '12' },
  ])('$text, $tag', ({ text, tag, key }) => {
    expect(keyText(text, tag)).toBe(key);
  });

  it.each(['', '~', 'null', '18446744073709551615'])('cannot be made from %j', (text) => {
    expect(() => keyText(text, 'plain')).toThrow(ScalarError);
  });
});

describe('a float of 32 bits', () => {
  it.each([
    [1.234_567_89, '1.2345679'],
    [1e300, '.inf'],
    [-1e300, '-.inf'],
    [Number.NaN, '.nan'],
    [-0, '-0'],
    [1e21, '1e+21'],
    [1e6, '1e+06'],
    [123_456.7, '123456.7'],
    [0.0001, '0.0001'],
    [0.000_01, '1e-05'],
    [1e-300, '0'],
    [3.4e38, '3.4e+38'],
  ])('%d is %s', (value, text) => {
    expect(formatFloat32(value)).toBe(text);
  });
});
