import { describe, expect, it } from 'vitest';
import { MESSAGE } from './message.testing.ts';
import { mayKeepToChannel, slackPayload } from './slack.ts';

describe('a chat', () => {
  it('gets no markup out of the names of objects', () => {
    const { blocks, text } = slackPayload(MESSAGE);

    expect(JSON.stringify(blocks)).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(blocks)).not.toContain('<!channel>');
    expect(JSON.stringify(blocks)).toContain('https://bulwark.example.com/findings?q=a%20b');
    expect(JSON.stringify(blocks)).toContain('and 2 more');
    expect(text).toBe(MESSAGE.title);
  });

  it('is told whose it is, and addresses that it reads as they are', () => {
    const owners = ['a', 'b', 'c', 'd', 'e', null, 'f'];
    const { blocks } = slackPayload({ ...MESSAGE, owners, link: 'https://b.example/?cluster=1&q=a%3Ab|c' });

    expect(JSON.stringify(blocks)).toContain('owned by a, b, c, d, e and 2 more');
    expect(JSON.stringify(blocks)).toContain(
      '<https://b.example/?cluster=1&amp;q=a%3Ab%7Cc|and 2 more, open in Bulwark>',
    );
    expect(JSON.stringify(slackPayload({ ...MESSAGE, owners: [null] }).blocks)).toContain('owned by nobody');
  });

  it('is never told more than it takes', () => {
    const items = Array.from({ length: 200 }, () => ({
      ...(MESSAGE.items[0] as never as object),
      text: 'x'.repeat(900),
    }));

    const { blocks } = slackPayload({ ...MESSAGE, title: 't'.repeat(400), items: items as never });

    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks as { text?: { text: string } }[])
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
    expect(JSON.stringify(blocks)).toContain('and 182 more');
  });

  it('gets whole characters and whole escapes where it is cut', () => {
    const item = MESSAGE.items[0];
    const texts = [...Array(12).keys()].flatMap((shift) =>
      ['<', '\u{1f512}'].map((each) => 'x'.repeat(shift) + each.repeat(400)),
    );
    for (const text of texts) {
      const blocks = JSON.stringify(
        slackPayload({ ...MESSAGE, title: text, action: text, items: item ? [{ ...item, text }] : [] }),
      );
      // A half of a pair is written as an escape of its own (ECMA-262, 25.5.2.3).
      expect(blocks).not.toMatch(/\\ud[89a-f]/);
      expect(blocks).not.toMatch(/&(?!(?:amp|lt|gt);)/);
    }
  });
});

describe('the webhook of a chat', () => {
  it.each([
    ['hooks.slack.com', true],
    ['hooks.slack-gov.com', true],
    ['hooks.slack.com.evil.example', false],
    ['mattermost.example.com', false],
  ])('at %s may keep to its channel: %s', (host, may) => {
    expect(mayKeepToChannel(host)).toBe(may);
  });
});
