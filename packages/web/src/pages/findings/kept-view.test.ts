import { describe, expect, it } from 'vitest';
import { currentOf } from './kept-view.ts';

describe('the view that asks what is asked now', () => {
  const standard = {
    name: 'New since yesterday',
    view: { q: 'age:<1d', sort: '-first-seen' },
    mayChange: false,
  };
  const own = { ...standard, name: 'Mine, of today', mayChange: true };
  const other = { ...own, name: 'Other', view: { q: 'age:<1d' } };

  it.each([
    { of: 'a standard one alone', views: [standard, other], is: standard },
    { of: 'one of ones own that asks the same as a standard one', views: [standard, other, own], is: own },
    { of: 'none', views: [other], is: undefined },
  ])('is $is.name of $of', ({ views, is }) => {
    expect(currentOf(views, { q: 'age:<1d', sort: '-first-seen' })).toBe(is);
  });
});
