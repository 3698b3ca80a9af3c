import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// RFC 7914 with the cost that OWASP's Password Storage Cheat Sheet names for scrypt: 32 MiB, some 70 ms.
const COST = { N: 32_768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

function derive(password: string, salt: Buffer, { N, r, p }: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: COST.maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** What is stored of a password: `scrypt$N$r$p$salt$key`, salt and key in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** A hash of nothing, so that an unknown name takes as long as a wrong password. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(SALT_BYTES).toString('base64')}$${Buffer.alloc(KEY_BYTES).toString('base64')}`;

/**
 * Whether a password is the one that was stored; false, after the same time, where nothing was. Costs that are not ours
 * are refused, so that a forged row cannot make the hub work for minutes.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [scheme, N, r, p, salt = '', key = ''] = (stored ?? NOBODY).split('$');
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: COST.maxmem };
  if (scheme !== 'scrypt' || !(cost.N <= COST.N && cost.r <= COST.r && cost.p <= COST.p)) return false;
  const wanted = Buffer.from(key, 'base64');
  const derived = await derive(password, Buffer.from(salt, 'base64'), cost);
  const isSame = wanted.length === derived.length && timingSafeEqual(wanted, derived);
  return stored !== undefined && isSame;
}
