import type { Role } from '@bulwark/api';
import { createLink, createToken, type Store, type TokenRecord } from '@bulwark/store';
import type { Limits } from './limits.ts';
import { newToken, tokenHash } from './secret-token.ts';

const DAY_MS = 86_400_000;
const LINK_MS = DAY_MS;

/** What is asked for. */
export interface TokenRequest {
  readonly name: string;
  readonly role: Role;
  /** All where there are none. */
  readonly limits?: Limits | undefined;
  /** How long it is good. */
  readonly days: number;
}

/** Makes an API token; what it is can be read here and never again. */
export async function issueToken(
  store: Store,
  { name, role, limits, days }: TokenRequest,
  { owner, now }: { readonly owner: string; readonly now: Date },
): Promise<{ readonly record: TokenRecord; readonly secret: string }> {
  const secret = newToken('bwt');
  const record = await createToken(store, {
    hash: tokenHash(secret),
    name,
    role,
    limits: limits ?? { clusters: 'all', namespaces: 'all' },
    owner,
    createdAt: now,
    expires: new Date(now.getTime() + days * DAY_MS),
  });
  return { record, secret };
}

/** What a link ends with that signs a user in, once, within a day. */
export async function issueLink(store: Store, user: number, now: Date): Promise<string> {
  const link = newToken('bwl');
  await createLink(store, user, tokenHash(link), new Date(now.getTime() + LINK_MS));
  return link;
}
