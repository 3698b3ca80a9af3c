import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, Markup, when } from './markup.ts';

describe('the template', () => {
  it('escapes texts, and leaves numbers and markup as they are', () => {
    const inner = [html`<b>${'a&b'}</b>`, html`<i>${3}</i>`];

    expect(html`<p title="${'"x" \'y\''}">${inner}${'<>'}</p>`.text).toBe(
      '<p title="&#34;x&#34; &#39;y&#39;"><b>a&#38;b</b><i>3</i>&#60;&#62;</p>',
    );
  });

  it('lets no text end an element, an attribute or a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]|&(?!#\d+;)/u);
      }),
    );
  });

  it('prints what is there, and nothing where there is nothing', () => {
    expect(when('a', (text) => html`<b>${text}</b>`)).toEqual(new Markup('<b>a</b>'));
    expect(when(undefined, (text: string) => html`<b>${text}</b>`).text).toBe('');
  });
});
