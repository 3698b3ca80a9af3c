import { describe, expect, it } from 'vitest';
import { subjectPage } from './object-page.ts';

const PASSPORT = '/workloads/$cluster/$kind/$namespace/$name';
const OBJECT = '/objects/$cluster/$kind/$namespace/$name';

describe('what a finding is about', () => {
  it.each([
    ['runs pods, and has a passport', { kind: 'Deployment', name: 'cart' }, false, PASSPORT],
    [
      'is of a custom kind that runs pods, and has a passport',
      { kind: 'Workspace', name: 'cart' },
      true,
      PASSPORT,
    ],
    ['runs none, and has the page of an object', { kind: 'Role', name: 'cart*' }, false, OBJECT],
    [
      'stands for the pods of a controller that is not collected, and has no page',
      { kind: 'Pod', name: 'pg*' },
      true,
      undefined,
    ],
  ])('%s', (_what, subject, isWorkload, page) => {
    expect(subjectPage(subject, isWorkload)).toBe(page);
  });
});
