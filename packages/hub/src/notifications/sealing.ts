import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, Secret } from '@bulwark/core';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
// NIST SP 800-38D 8.2.2: 96 random bits, good for 2^32 messages; channels are changed by hand.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets so that a copy of the database, such as a backup, gives them to nobody: AES-256-GCM with a key from a file
 * that is not in the database. The file is made when something is first sealed.
 */
export class Sealer {
  private readonly file: string;
  private key: Secret<Buffer> | undefined;

  constructor(file: string) {
    this.file = file;
  }

  /**
   * @param purpose what the text is for: it can be opened for nothing else.
   * @throws AppError `conflict` where the file of the key cannot be made or read.
   */
  seal(text: string, purpose: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keyOf('make it').reveal(), nonce);
    cipher.setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Undefined where it was sealed with another key, for another purpose, or was changed. */
  open(sealed: Buffer, purpose: string): string | undefined {
    try {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, this.keyOf('it is there').reveal(), nonce, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = [decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(text).toString('utf8');
    } catch {
      return undefined;
    }
  }

  private keyOf(how: 'make it' | 'it is there'): Secret<Buffer> {
    this.key ??= new Secret(
      readKey(this.file) ?? (how === 'make it' ? makeKey(this.file) : missing(this.file)),
    );
    return this.key;
  }
}

function readKey(file: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw new AppError('conflict', { detail: `The key of notification channels, ${file}, cannot be read.` });
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new AppError('conflict', { detail: `${file} is no key: it must hold 32 bytes as base64.` });
}

function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Fails where there is one meanwhile: a key must never be replaced.
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    return key;
  } catch {
    return readKey(file) ?? missing(file);
  }
}

function missing(file: string): never {
  throw new AppError('conflict', { detail: `The key of notification channels, ${file}, cannot be made.` });
}
