import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, prose } from './escape.ts';

/** Code as `code` writes it; backticks hold no backtick, elements hold only letters, blanks and entities. */
const CODE = /`[^`]+`|<code>([\p{L}\p{M}\p{N} ]|&#\d+;)*<\/code>/gu;

describe('a sentence for Markdown', () => {
  it.each([
    { text: 'Container app of Deployment/web is privileged.' },
    { text: "It shares the host's process namespace (and more), e.g. 5% of 12." },
  ])('stays as it is where it is plain: $text', ({ text }) => {
    expect(prose(text)).toBe(text);
  });

  it.each([
    { text: 'ask @team now', safe: 'ask `@team` now' },
    { text: 'fixes #12, GH-7.', safe: 'fixes `#12`, `GH-7`.' },
    { text: 'see https://evil.example/x.', safe: 'see `https://evil.example/x`.' },
    { text: 'www.evil.example', safe: '`www.evil.example`' },
    { text: 'mail a@b.example', safe: 'mail `a@b.example`' },
    { text: 'commit 0a1b2c3d4e5f', safe: 'commit `0a1b2c3d4e5f`' },
    { text: 'a :tada: b', safe: 'a `:tada`: b' },
    { text: '[x](y) ![z](w)', safe: '`[x](y`) `![z](w`)' },
    { text: 'read_only *all*', safe: '`read_only` `*all*`' },
    { text: '1. one', safe: '`1.` one' },
    { text: '# one - two', safe: '`#` one `-` two' },
    { text: '/close it', safe: '`/close` it' },
    { text: '$x$ ~y !12 %3', safe: '`$x$` `~y` `!12` `%3`' },
    { text: '<img>', safe: '`<img>`' },
    { text: 'a|b `c`', safe: '<code>a&#124;b</code> <code>&#96;c&#96;</code>' },
    { text: 'a\nb', safe: '<code>a&#92;nb</code>' },
  ])('makes code of what Markdown or its host could obey: $text', ({ text, safe }) => {
    expect(prose(text)).toBe(safe);
  });

  it('holds no mark outside of code, whatever the text', () => {
    const marked = fc.string({ unit: fc.constantFrom(...'`|\\<>&@#[]()*_~!$-+.:/ab1 \n'.split('')) });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), marked), (text) => {
        const outside = prose(text).replaceAll(CODE, '');

        expect(outside).not.toMatch(/[`|\\<>&@#[\]*_~$^{}\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});

describe('code', () => {
  it.each([
    { text: 'deploy/a b.yaml:12', safe: '`deploy/a b.yaml:12`' },
    { text: '', safe: '<code></code>' },
    { text: ' a ', safe: '<code> a </code>' },
    { text: '</code><script>`', safe: '<code>&#60;&#47;code&#62;&#60;script&#62;&#96;</code>' },
  ])('keeps $text in a line and in a cell', ({ text, safe }) => {
    expect(code(text)).toBe(safe);
  });

  it('is closed where it ends, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(code(text).replace(CODE, '')).toBe('');
      }),
    );
  });
});
