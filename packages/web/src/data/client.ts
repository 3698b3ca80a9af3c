import { HubClient, HubError, type Session } from '@bulwark/api';
import { TOKEN_HEADER, withRenewal } from './renewal.ts';

let csrf = '';
let user = '';

/** The client of the hub that served this page. */
export const hub = new HubClient(
  withRenewal(
    (url, { method, headers, body }) =>
      fetch(url, { method, headers, credentials: 'same-origin', ...(body !== undefined && { body }) }),
    renewedToken,
  ),
  '',
  () => (csrf === '' ? {} : { [TOKEN_HEADER]: csrf }),
);

/** The token of the session that the browser has by now, where that is of the same user; undefined where it is not, or not known. */
async function renewedToken(): Promise<string | undefined> {
  try {
    const session = await hub.call('getSession', {});
    return session.user === user ? keepSession(session).csrf : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what a session brings along: changes carry its CSRF token. */
export function keepSession(session: Session): Session {
  ({ csrf, user } = session);
  return session;
}

/** Whether an error says that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof HubError && error.problem.status === 401;
}

/** Whether a change was refused as it came with what belongs to another session than the browser has by now. */
export function isForged(error: unknown): boolean {
  return error instanceof HubError && error.problem.code === 'bad-csrf';
}

/** Whether the hub understood and refused: asking the same again soon gets the same answer. */
export function isRefused(error: unknown): boolean {
  return error instanceof HubError && isRefusal(error.problem.status);
}

/** Whether the hub answers that its database does not. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof HubError && error.problem.code === 'database-away';
}

/** Whether a status of HTTP says that what was asked is refused. Too many at once are only put off. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}
