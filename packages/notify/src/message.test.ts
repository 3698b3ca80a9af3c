import { describe, expect, it } from 'vitest';
import { mailHtml, mailText } from './mail-text.ts';
import { MESSAGE } from './message.testing.ts';
import { slackPayload } from './slack.ts';

describe('a message', () => {
  const FACTS = [
    'Deployment shop/api was created by ann at 2026-11-26 10:00:00 UTC',
    'Deployment shop/api can take its node. No host paths: 65 points (+60 critical control, +5 in production)',
    'and 2 more',
  ];

  it('as text says what happened, by whom and when, why it matters, what to do, and where to read on', () => {
    const text = mailText(MESSAGE);

    for (const fact of FACTS) expect(text).toContain(fact);
    expect(text).toContain('Next: Use another <volume>.');
    expect(text).toContain('These 3 findings: https://bulwark.example.com/');
    expect(text).toContain('The change: https://bulwark.example.com/changes?open=1%2F7');
  });

  it.each([
    [1, 'this stands for 1 more finding, which says less about the same', 'These 4 findings: '],
    [2, 'this stands for 2 more findings, which say less about the same', 'These 5 findings: '],
  ])('says for how many more findings it stands, which its link shows too: %i', (told, also, link) => {
    const text = mailText({ ...MESSAGE, told });

    expect(text).toContain(`Also: ${also}`);
    expect(text).toContain(link);
    expect(mailHtml({ ...MESSAGE, told })).toContain(also);
    expect(JSON.stringify(slackPayload({ ...MESSAGE, told }))).toContain(also);
    expect(mailText(MESSAGE)).not.toContain('Also');
  });

  it('as HTML says the same, and nothing that a name could have made run', () => {
    const html = mailHtml(MESSAGE);

    for (const fact of FACTS) expect(html).toContain(fact);
    expect(html).toContain('Use another &lt;volume&gt;.');
    expect(html).toContain('<a href="https://bulwark.example.com/changes?open=1%2F7">The change</a>');
    expect(html).not.toMatch(/<(?:script|img|style|iframe)|<!channel>|\son\w+=/);
  });

  it('in a chat says the same, within what a chat takes', () => {
    const blocks = JSON.stringify(slackPayload(MESSAGE).blocks);

    for (const fact of FACTS) expect(blocks).toContain(fact);
    expect(blocks).toContain('Use another &lt;volume&gt;.');
    expect(blocks).toContain('<https://bulwark.example.com/changes?open=1%2F7|the change>');
  });

  it('says what is to be done once where it is the same for all', () => {
    const other = { ...MESSAGE, action: 'Begin elsewhere.' };

    expect(mailText(MESSAGE).split('Use another <volume>.').length).toBe(2);
    expect(mailText(other)).toContain('  Do: Use another <volume>.');
    expect(mailHtml(other)).toContain('<br>Do: Use another &lt;volume&gt;.');
    expect(JSON.stringify(slackPayload(other))).toContain('    Use another &lt;volume&gt;.');
  });

  it('about no change says so of none', () => {
    const text = mailText({ ...MESSAGE, change: null, rank: null, action: null });

    expect(text).not.toMatch(/^(?:What|Why|Next|The change):/m);
  });
});
