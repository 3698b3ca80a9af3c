import type { FindingRow } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { StoredRows } from './stored-rows.ts';

const row = (fingerprint: string, digest = 'same') => ({ fingerprint, kind: 'Pod', digest });
const found = (fingerprint: string): FindingRow => row(fingerprint) as FindingRow;

describe('what was found before a start', () => {
  it.each([
    { what: 'is resolved where it is found no more', isSeen: true, resolved: ['gone'] },
    { what: 'stays where its kind is not seen: an outage resolves nothing', isSeen: false, resolved: [] },
  ])('$what', ({ isSeen, resolved }) => {
    const stored = new StoredRows();
    stored.load([], [row('here'), row('gone')]);

    expect(stored.different([found('here')], [], () => isSeen)).toEqual({ findings: [], resolved });
  });

  it('is compared with what is found once, and then only what changes counts', () => {
    const stored = new StoredRows();
    stored.load([], [row('here'), row('gone')]);
    stored.different([found('here')], [], () => false);

    expect(stored.different([], [], () => true)).toEqual({ findings: [], resolved: [] });
    expect(stored.different([], ['here', 'never'], () => true).resolved).toEqual(['here']);
  });
});
