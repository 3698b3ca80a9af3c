import { describe, expect, it } from 'vitest';
import { ScalarError } from './fault.ts';
import { fullTag, resolveTagged } from './tag.ts';

const NONE = new Map<string, string>();

function core(name: string): string {
  return `tag:yaml.org,2002:${name}`;
}

describe('a tagged scalar', () => {
  it.each([
    { tag: core('str'), text: '12', value: '12' },
    { tag: core('int'), text: '0x10', value: 16 },
    { tag: core('int'), text: '18446744073709551615', value: 2n ** 64n - 1n },
    { tag: core('float'), text: '12', value: 12 },
    { tag: core('float'), text: '9007199254740993', value: 2 ** 53 },
    { tag: core('bool'), text: 'yes', value: true },
    { tag: core('null'), text: '', value: null },
    { tag: core('timestamp'), text: '2024-1-2', value: '2024-1-2' },
    { tag: core('timestamp'), text: '2024-1-2T3:4:5.5Z', value: '2024-1-2T3:4:5.5Z' },
    { tag: core('timestamp'), text: '2024-02-29 23:59:59', value: '2024-02-29 23:59:59' },
    { tag: core('binary'), text: 'aGVs\nbG8=', value: 'hello' },
    { tag: core('binary'), text: '77u/YQ==', value: '\ufeffa' },
    { tag: core('binary'), text: 'gIKD4oKs4oI=', value: '\ufffd\ufffd\ufffd\u20ac\ufffd\ufffd' },
    { tag: core('set'), text: 'yes', value: 'yes' },
    { tag: '!custom', text: '12', value: '12' },
    { tag: '!', text: '12', value: '12' },
  ])('$tag of $text', ({ tag, text, value }) => {
    expect(resolveTagged(text, tag)).toBe(value);
  });

  it.each([
    { tag: core('int'), text: '1.0' },
    { tag: core('int'), text: '' },
    { tag: core('float'), text: '18446744073709551615' },
    { tag: core('bool'), text: '1' },
    { tag: core('null'), text: 'x' },
    { tag: core('timestamp'), text: '2023-02-29' },
    { tag: core('timestamp'), text: '2024-1-2T3:4:5' },
    { tag: core('timestamp'), text: '2024-1-2 24:00:00' },
    { tag: core('binary'), text: 'aGVsbG8' },
    { tag: core('binary'), text: 'aGVs bG8=' },
  ])('$tag refuses $text', ({ tag, text }) => {
    expect(() => resolveTagged(text, tag)).toThrow(ScalarError);
  });
});

describe('the full form of a tag', () => {
  it.each([
    { raw: '!', full: '!' },
    { raw: '!foo', full: '!foo' },
    { raw: '!!int', full: core('int') },
    { raw: '!!%69nt', full: core('int') },
    { raw: '!!%zz', full: core('%zz') },
    { raw: '!<tag:yaml.org,2002:str>', full: core('str') },
    { raw: '!e!x', full: 'tag:example.com,2026:x' },
  ])('$raw', ({ raw, full }) => {
    expect(fullTag(raw, new Map([['!e!', 'tag:example.com,2026:']]))).toBe(full);
  });

  it('follows a directive that redefines a handle', () => {
    expect(fullTag('!int', new Map([['!', core('')]]))).toBe(core('int'));
    expect(fullTag('!int', NONE)).toBe('!int');
  });
});
