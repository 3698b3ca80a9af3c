import { describe, expect, it } from 'vitest';
import { titleOf } from './title.ts';

describe('the title of a tab', () => {
  it.each([
    ['a page', { page: 'Queue' }, 'Queue · Bulwark'],
    ['a query', { page: 'Findings', query: 'severity:high' }, 'severity:high · Findings · Bulwark'],
    ['an object', { page: 'Workload', namespace: 'shop', name: 'cart' }, 'shop / cart · Workload · Bulwark'],
    ['one without a namespace', { page: 'Object', namespace: '-', name: 'n1' }, 'n1 · Object · Bulwark'],
    [
      'a moment',
      { page: 'Nodes', moment: '20 Nov 2026, 10:00' },
      'Nodes · as of 20 Nov 2026, 10:00 · Bulwark',
    ],
    ['nothing', {}, 'Bulwark'],
  ])('tells %s', (_what, shown, title) => {
    expect(titleOf(shown)).toBe(title);
  });
});
