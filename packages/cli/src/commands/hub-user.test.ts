import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';

describe('hub user', () => {
  let hub: ListeningHub;

  beforeAll(async () => {
    hub = await ListeningHub.start();
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  it.each([[['create', 'ben', '--role', 'editor']], [['link', 'admin']]])(
    '%j prints a link to where the hub listens, which signs in',
    async (args) => {
      const { code, out } = await bulwark(
        ['hub', 'user', ...args, '--data-dir', hub.folder, '--no-config'],
        '/',
      );

      expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#link=[\w-]+\n$/)]);
      const [origin, link] = out.trim().split('/#link=');
      expect(origin).toBe(hub.url);
      const answer = await fetch(`${origin}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link }),
      });
      expect(answer.status).toBe(200);
    },
  );

  it('prints a link to the address that is said to be public', async () => {
    const { out } = await bulwark(
      [
        'hub',
        'user',
        'link',
        'admin',
        '--data-dir',
        hub.folder,
        '--public-url',
        'https://bulwark.example.com/',
        '--no-config',
      ],
      '/',
    );

    expect(out).toMatch(/^https:\/\/bulwark\.example\.com\/#link=/);
  });
});
