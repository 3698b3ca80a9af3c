import { createHash, type Hash } from 'node:crypto';
import { AppError } from '@bulwark/core';

/**
 * The stream of a backup, before it is compressed: frames of a 4-byte length, big endian, and so many bytes. A frame
 * without bytes ends a table. The last frame is the SHA-256 of all bytes before it.
 */
export function frame(content: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(4 + content.length);
  framed.writeUInt32BE(content.length);
  framed.set(content, 4);
  return framed;
}

const LARGEST_FRAME = 64 * 1024 * 1024;
const DIGEST_BYTES = 32;

/** Takes frames from a stream of bytes, and answers a digest of all that was taken. */
export class FrameReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);
  private readonly hash: Hash = createHash('sha256');

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** @throws AppError `bad-request` where the stream ends early or is none of a backup. */
  async next(): Promise<Buffer> {
    const head = await this.take(4);
    const length = head.readUInt32BE();
    if (length > LARGEST_FRAME) throw broken('it is no backup of Bulwark');
    const content = await this.take(length);
    this.hash.update(head).update(content);
    return content;
  }

  /** Reads the last frame and compares it with what was read before. */
  async verify(): Promise<void> {
    const wanted = this.hash.copy().digest();
    const given = await this.next();
    if (given.length !== DIGEST_BYTES || !wanted.equals(given)) throw broken('its checksum is wrong');
  }

  private async take(length: number): Promise<Buffer> {
    const parts = [this.held];
    let has = this.held.length;
    while (has < length) {
      const { done, value } = await this.source.next();
      if (done === true) throw broken('it ends too early');
      parts.push(Buffer.from(value));
      has += value.length;
    }
    const all = parts.length === 1 ? this.held : Buffer.concat(parts);
    this.held = all.subarray(length);
    return all.subarray(0, length);
  }
}

function broken(why: string): AppError {
  return new AppError('bad-request', { detail: `The backup cannot be used: ${why}.` });
}
