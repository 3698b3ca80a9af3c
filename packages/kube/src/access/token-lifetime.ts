import { get, isObject } from '@bulwark/core';

/** When a JSON web token expires, in milliseconds since the epoch; undefined where it does not say. */
export function expiryOf(token: string): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const seconds = isObject(claims) ? get(claims, 'exp') : undefined;
    return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : undefined;
  } catch {
    return undefined;
  }
}
