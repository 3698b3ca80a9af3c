import { HubError } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { doneWith, ended, keyOf, type Left, sentenceOf } from './left.ts';

const refused = (status: number, code: HubError['problem']['code'] = 'conflict') =>
  new HubError({
    type: 'about:blank',
    title: 'No',
    status,
    code,
    detail: 'The rule asks for two.',
  });

describe('what is said of something that has no answer for long', () => {
  it.each<[string, Pick<Left, 'what' | 'end'>, string]>([
    [
      'has no answer yet',
      { what: 'Accept 1 finding' },
      '“Accept 1 finding” was asked for and has no answer yet. It may still be done.',
    ],
    [
      'was done',
      { what: 'Approve request 12?', end: doneWith(undefined) },
      '“Approve request 12” is done by now.',
    ],
    [
      'was done, with what nobody saw of it',
      {
        what: 'New user',
        end: doneWith({ secret: 'https://hub/#link=x', unseen: 'The link was shown to nobody.' }),
      },
      '“New user” is done by now. The link was shown to nobody.',
    ],
    [
      'was refused',
      { what: 'Defer 2 findings', end: { is: 'failed', error: refused(409) } },
      '“Defer 2 findings” was refused: The rule asks for two.',
    ],
    [
      'failed',
      { what: 'Defer 2 findings', end: { is: 'failed', error: refused(503) } },
      '“Defer 2 findings” was asked for, and failed: The rule asks for two.',
    ],
    [
      'was cut off',
      { what: 'New route', end: { is: 'failed', error: new TypeError('Failed to fetch') } },
      '“New route” got no answer: whether it was done is not known. Look before you ask for it again.',
    ],
    [
      'had no answer in time',
      { what: 'New route', end: { is: 'failed', error: refused(504, 'no-answer') } },
      '“New route” got no answer: whether it was done is not known. Look before you ask for it again.',
    ],
  ])('says that it %s', (_, left, sentence) => {
    expect(sentenceOf(left)).toBe(sentence);
  });

  it('keeps of an answer nothing that was secret', () => {
    expect(doneWith({ secret: 'bwt_x', hint: 'Keep it now.', unseen: 'It was shown to nobody.' })).toEqual({
      is: 'done',
      unseen: 'It was shown to nobody.',
    });
  });

  it('ends what has the number, and is the same list where none has it', () => {
    const all: readonly Left[] = [
      { id: 1, what: 'Accept 1 finding', key: 'a' },
      { id: 2, what: 'Accept 1 finding', key: 'b' },
    ];
    expect(ended(all, 2, { is: 'done' }).map(({ end }) => end)).toEqual([undefined, { is: 'done' }]);
    expect(ended(all, 3, { is: 'done' })).toBe(all);
  });

  it('is of the same thing where both the title and what it is about are the same', () => {
    expect(keyOf('Accept 1 finding', ['1.a'])).toBe(keyOf('Accept 1 finding', ['1.a']));
    expect(keyOf('Accept 1 finding', ['1.a'])).not.toBe(keyOf('Accept 1 finding', ['1.b']));
    expect(keyOf('New route', undefined)).not.toBe(keyOf('New channel', undefined));
  });
});
