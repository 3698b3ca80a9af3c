/**
 * The name of the session's cookie. The prefix `__Host-` (RFC 6265bis 4.1.3.2) makes browsers refuse it without TLS and
 * from any other host; on the loopback address there is no TLS, and so no prefix.
 */
export function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-bulwark' : 'bulwark';
}

/** The name of the cookie by which a browser is known in which somebody has signed in before. */
export function deviceCookieName(isSecure: boolean): string {
  return `${cookieName(isSecure)}-device`;
}

/** How either cookie is set. Lax, so that a link from a chat message finds its reader signed in. */
export function cookieOptions(isSecure: boolean, expires: Date) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, expires } as const;
}
