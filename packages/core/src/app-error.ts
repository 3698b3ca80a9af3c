/** Every way in which an adapter or the hub can fail as expected, with the HTTP status that says so. Codes are never reused. */
export const APP_ERRORS = {
  'bad-request': { status: 400, title: 'The request is not what it must be.' },
  'bad-query': { status: 400, title: 'The query cannot be read.' },
  'bad-cursor': { status: 400, title: 'The cursor is of another list, order or version.' },
  'not-signed-in': { status: 401, title: 'You are not signed in.' },
  'bad-credentials': { status: 401, title: 'The name or the password is wrong, or the link was used.' },
  'not-allowed': { status: 403, title: 'Your role does not allow this.' },
  'bad-csrf': { status: 403, title: 'The request does not come from the page.' },
  'not-found': { status: 404, title: 'There is nothing of that name, or you may not see it.' },
  'bad-method': { status: 405, title: 'The address does not take this method.' },
  conflict: { status: 409, title: 'Something of that name is there already, or has changed since.' },
  'too-large': { status: 413, title: 'The request is larger than the limit.' },
  'bad-media-type': { status: 415, title: 'The request is not JSON.' },
  'too-many-requests': { status: 429, title: 'Too many requests; try again later.' },
  internal: { status: 500, title: 'A fault of Bulwark; its log says more.' },
  'database-away': { status: 503, title: 'The database does not answer.' },
  'no-answer': { status: 504, title: 'No answer came in time; a change may still be made.' },
  'no-snapshot': { status: 409, title: 'Nothing is known of that moment.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type AppErrorCode = keyof typeof APP_ERRORS;

/** An expected failure on its way to the rim that maps its code: a problem document, an exit code. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  /** What is special about this one; no secret, nothing that the caller may not see. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: AppErrorCode, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(APP_ERRORS[code].title, cause === undefined ? {} : { cause });
    this.code = code;
    this.details = details;
  }
}
