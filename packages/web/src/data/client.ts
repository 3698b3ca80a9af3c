import { HubClient, HubError, type Session } from '@bulwark/api';

let csrf = '';

/** The client of the hub that served this page. */
export const hub = new HubClient(
  (url, { method, headers, body }) =>
    fetch(url, { method, headers, credentials: 'same-origin', ...(body !== undefined && { body }) }),
  '',
  () => (csrf === '' ? {} : { 'x-csrf-token': csrf }),
);

/** Keeps what a session brings along: changes carry its CSRF token. */
export function keepSession(session: Session): Session {
  ({ csrf } = session);
  return session;
}

/** Whether an error says that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof HubError && error.problem.status === 401;
}
