import { HubError } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { stillShown } from './answer.ts';

function refusal(status: number): HubError {
  return new HubError({ type: 'about:blank', title: 'No.', status, code: 'not-found' } as never);
}

describe('what was answered before', () => {
  it.each([400, 401, 403, 404, 422])('is not shown any more where it is refused by now with %d', (status) => {
    expect(stillShown('before', refusal(status))).toBeUndefined();
  });

  it.each([
    ['it was answered again', null],
    ['nothing came', new TypeError('Failed to fetch')],
    ['the database does not answer', refusal(503)],
    ['it is asked too often', refusal(429)],
  ])('is shown where %s', (_what, error) => {
    expect(stillShown('before', error)).toBe('before');
  });
});
