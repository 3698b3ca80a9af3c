import { expect, it } from 'vitest';
import { toldEvent } from './told-event.ts';

it('reads an event of the hub', () => {
  expect(toldEvent('{"sequence":7,"cluster":null,"topics":["findings"]}')).toEqual({
    sequence: 7,
    cluster: null,
    topics: ['findings'],
  });
});

it.each([
  ['a topic that it does not know', '{"sequence":7,"cluster":null,"topics":["dreams"]}'],
  ['a field that it does not know', '{"sequence":7,"cluster":null,"topics":[],"more":1}'],
  ['no JSON', '<p>'],
])(
  'takes an event with %s for one of which nothing is known, so that all is asked for again',
  (_what, data) => {
    expect(toldEvent(data)).toBeUndefined();
  },
);
