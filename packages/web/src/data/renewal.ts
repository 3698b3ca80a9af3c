import { problemOf, type Send } from '@bulwark/api';

/** Carries what shows that a change comes from the page. */
export const TOKEN_HEADER = 'x-csrf-token';

/**
 * Sends what `send` sends, and once more what was refused as it came with the token of a session that the browser has no more, such
 * as when the same user has signed in anew in another tab. What was refused so has changed nothing.
 *
 * @param renew answers the token of the session that there is now; undefined where it is of nobody, or of somebody else, who
 * has not asked for the change.
 */
export function withRenewal(send: Send, renew: () => Promise<string | undefined>): Send {
  return async (url, request) => {
    const answer = await send(url, request);
    if (answer.status !== 403 || request.method === 'GET') return answer;
    const text = await answer.text();
    const refused = { status: answer.status, text: async () => text };
    if (problemOf(answer.status, text).code !== 'bad-csrf') return refused;
    const token = await renew();
    if (token === undefined || token === request.headers[TOKEN_HEADER]) return refused;
    return send(url, { ...request, headers: { ...request.headers, [TOKEN_HEADER]: token } });
  };
}
