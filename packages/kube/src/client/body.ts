import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { err, ok, type Result } from '@bulwark/core';
import { failure, type KubeFailure } from './failure.ts';

const unzip = promisify(gunzip);

/** The most bytes of one answer, unpacked. */
export const MOST_BYTES = 512 * 1024 * 1024;

/** The whole of an answer, unpacked. Fails when it is larger than anything that a server has reason to send. */
export async function wholeBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  most: number,
): Promise<Result<Buffer, KubeFailure>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > most) return err(tooLarge(most));
    parts.push(part);
  }
  const packed = Buffer.concat(parts, size);
  if (encoding === undefined || encoding === 'identity') return ok(packed);
  if (encoding !== 'gzip') return err(failure('garbled', `The answer has the encoding ${encoding}.`));
  try {
    return ok(await unzip(packed, { maxOutputLength: most }));
  } catch (error) {
    const isLarge = error instanceof RangeError;
    return err(isLarge ? tooLarge(most) : failure('garbled', 'The answer cannot be unpacked.'));
  }
}

function tooLarge(most: number): KubeFailure {
  return failure('too-large', `The answer is larger than ${Math.round(most / 1024 / 1024)} MiB.`);
}
