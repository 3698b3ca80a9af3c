import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const NONCE_BYTES = 16;
const nonces = new WeakMap<FastifyReply, string>();

/** The nonce that scripts and styles of this answer carry (CSP level 3, 7.1). */
export function nonceOf(reply: FastifyReply): string {
  let nonce = nonces.get(reply);
  if (nonce === undefined) {
    nonce = randomBytes(NONCE_BYTES).toString('base64');
    nonces.set(reply, nonce);
  }
  return nonce;
}

/** Headers that keep browsers from doing with an answer what it is not meant for (OWASP Secure Headers). */
export function secureHeaders(server: FastifyInstance, isSecure: boolean): void {
  server.addHook('onRequest', async (_request, reply) => {
    const nonce = nonceOf(reply);
    reply.headers({
      'content-security-policy': [
        "default-src 'none'",
        `script-src 'nonce-${nonce}' 'strict-dynamic'`,
        `style-src 'self' 'nonce-${nonce}'`,
        // Positions of virtual rows and widths of bars are style attributes; they cannot load anything.
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ].join('; '),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
      ...(isSecure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
    });
  });
}

/**
 * Whether a browser says that another site made a request (Fetch Metadata, and Origin where it is older). Programs send
 * neither header.
 */
export function isFromElsewhere(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = request.headers;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== request.host;
  } catch {
    return true;
  }
}
