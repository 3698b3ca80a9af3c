import { describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';

describe('a database that is given by its address', () => {
  it.each([
    [
      'is nowhere',
      'postgres://ann:open-sesame@127.0.0.1:1/hub',
      /^error: Nothing listens at 127\.0\.0\.1:1: /,
    ],
    ['cannot be read', 'host=127.0.0.1 password=open-sesame', /^error: The address of the database cannot /],
    [
      'names two hosts',
      'postgres://ann:open-sesame@a,b/hub',
      /^error: The address of the database names several /,
    ],
  ])('and %s is refused in one sentence without the password', async (_how, address, says) => {
    for (const command of [
      ['hub', 'token', 'list'],
      ['hub', 'user', 'link', 'admin'],
    ]) {
      const { code, out, err } = await bulwark([...command, '--database-url', address, '--no-config'], '/');

      expect([code, out, err.split('\n')]).toEqual([2, '', [expect.stringMatching(says), '']]);
      expect(err).not.toContain('open-sesame');
    }
  });
});
