import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A new secret: 256 random bits behind a prefix by which scanners of leaked secrets know it. */
export function newToken(prefix: 'bws' | 'bwt' | 'bwl' | 'bwd'): string {
  return `${prefix}_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
}

/** What is stored of a secret; 256 random bits need no slow hash. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
