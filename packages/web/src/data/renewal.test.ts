import type { Send } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { withRenewal } from './renewal.ts';

type Request = Parameters<Send>[1];

function refusalOf(code: string): { readonly status: number; readonly body: string } {
  const problem = { type: 'about:blank', title: 'Refused.', status: 403, code };
  return { status: 403, body: JSON.stringify(problem) };
}

/** A hub that knows one token and refuses changes that carry another one; what it was asked, and its last answer. */
async function asked(
  request: Request,
  { now, renewed, code = 'bad-csrf' }: { now: string; renewed: string | undefined; code?: string },
) {
  const tokens: unknown[] = [];
  const send: Send = async (_url, { method, headers }) => {
    tokens.push(headers['x-csrf-token']);
    const isTaken = method === 'GET' || headers['x-csrf-token'] === now;
    const { status, body } = isTaken ? { status: 200, body: 'done' } : refusalOf(code);
    return { status, text: async () => body };
  };
  const answer = await withRenewal(send, async () => renewed)('/api', request);
  return { tokens, status: answer.status, text: await answer.text() };
}

const CHANGE: Request = { method: 'POST', headers: { 'x-csrf-token': 'old' }, body: '{}' };

describe('a change that came with the token of another session', () => {
  it('is sent again with the token that there is now', async () => {
    expect(await asked(CHANGE, { now: 'new', renewed: 'new' })).toEqual({
      tokens: ['old', 'new'],
      status: 200,
      text: 'done',
    });
  });

  it.each([
    { name: 'where the session is of somebody else, or of nobody', now: 'new', renewed: undefined },
    { name: 'where the token is still the same', now: 'new', renewed: 'old' },
    { name: 'where it was refused for another reason', now: 'new', renewed: 'new', code: 'not-allowed' },
  ])('is not sent again $name', async ({ name: _name, ...hub }) => {
    const { tokens, status, text } = await asked(CHANGE, hub);

    expect([tokens, status]).toEqual([['old'], 403]);
    expect(JSON.parse(text)).toMatchObject({ code: hub.code ?? 'bad-csrf' });
  });

  it('is sent again once', async () => {
    expect(await asked(CHANGE, { now: 'newer', renewed: 'new' })).toMatchObject({
      tokens: ['old', 'new'],
      status: 403,
    });
  });

  it('is no question, which needs no token', async () => {
    const question: Request = { method: 'GET', headers: {} };

    expect(await asked(question, { now: 'new', renewed: 'new' })).toMatchObject({
      tokens: [undefined],
      status: 200,
    });
  });
});
