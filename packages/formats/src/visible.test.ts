import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleLine } from './visible.ts';

describe('visible', () => {
  it.each([
    { text: 'plain – ünïcode 🦊', shown: 'plain – ünïcode 🦊' },
    { text: '\u001b[31mred\u001b[0m', shown: String.raw`\x1b[31mred\x1b[0m` },
    { text: '\u009b2J', shown: String.raw`\x9b2J` },
    { text: 'a\r\nb\tc', shown: String.raw`a\r\nb\tc` },
    { text: 'abc\u202edef', shown: String.raw`abc\u202edef` },
    { text: 'tag\u{e0041}', shown: String.raw`tag\u{e0041}` },
    { text: 'half\ud800', shown: String.raw`half\ud800` },
    { text: 'x ##[error]y', shown: String.raw`x #\x23[error]y` },
    { text: '##vso[task.setvariable]', shown: String.raw`#\x23vso[task.setvariable]` },
    { text: '## heading', shown: '## heading' },
  ])('shows $shown', ({ text, shown }) => {
    expect(visible(text)).toBe(shown);
  });

  it('lets nothing through that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('visibleLine', () => {
  it.each([
    { text: '::add-mask::secret', shown: String.raw`\x3a:add-mask::secret` },
    { text: '  ::error::', shown: String.raw`  \x3a:error::` },
    { text: '::1 is local', shown: '::1 is local' },
    { text: 'a ::b', shown: 'a ::b' },
    { text: '\u001b', shown: String.raw`\x1b` },
  ])('shows $shown, which is no command of GitHub', ({ text, shown }) => {
    expect(visibleLine(text)).toBe(shown);
    expect(visibleLine(shown)).toBe(shown);
  });
});
