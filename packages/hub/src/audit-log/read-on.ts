import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isObject } from '@bulwark/core';

/** Up to where a file was read. A file keeps its inode when it is renamed, and a new one may get that of an old one. */
export type Position = {
  readonly inode: string;
  /** In bytes, always after a line. */
  readonly offset: number;
  /** SHA-256 of its first bytes, by which it is known again. */
  readonly head: string;
  /** Where nothing of it was read: the inode of the last file that it was renamed or copied to until then, empty where there was none. */
  readonly last?: string;
};

/** What was read on. */
export interface ReadOn {
  readonly lines: readonly string[];
  /** Lines that were too long to be read. */
  readonly tooLong: number;
  /** Whether what was read before is gone without having been read to its end. */
  readonly hasGap: boolean;
  readonly position: Position;
  /** Whether there is more to read at once. */
  readonly isBehind: boolean;
}

const CHUNK = 1024 * 1024;
/** Twice what the API server takes as an object at most, and what is around it. */
const LONGEST_LINE = 8 * CHUNK;
const HEAD = 256;
const NEWLINE = 0x0a;

/**
 * Reads a file on from a position, a megabyte at most, in whole lines. It follows the file over rotation: what was renamed
 * is read to its end, then what came after it, and a file that was cut off is read from its start.
 *
 * @throws the error of the file system where the file cannot be read.
 */
export async function readOn(path: string, before: Position | undefined): Promise<ReadOn> {
  const place = await placeOf(path, before);
  const file = await open(place.path);
  try {
    const { ino, size } = await file.stat({ bigint: true });
    const inode = String(ino);
    // It was renamed since it was looked up.
    if (inode !== place.inode) return await readOn(path, before);
    const isLast = place.path === path;
    const read = await linesFrom(file, place.offset, isLast);
    const isAtEnd = read.end >= Number(size) || read.end === place.offset;
    const next = isLast || !isAtEnd ? undefined : await after(path, inode);
    if (next !== undefined)
      return {
        ...read,
        hasGap: place.hasGap,
        isBehind: true,
        position: { inode: next, offset: 0, head: await headOf(file, 0), last: inode },
      };
    const head = await headOf(file, read.end);
    const position = { inode, offset: read.end, head, ...(read.end === 0 && { last: place.last }) };
    return { ...read, hasGap: place.hasGap, isBehind: !isAtEnd, position };
  } finally {
    await file.close();
  }
}

interface Place {
  readonly path: string;
  readonly inode: string;
  readonly offset: number;
  readonly hasGap: boolean;
  /** As in a position, as of before it is read. */
  readonly last: string;
}

/** Where to go on: in the file, in one that it was renamed or copied to, or at its start. */
async function placeOf(path: string, before: Position | undefined): Promise<Place> {
  const inode = await inodeOf(path);
  const isInPlace = inode === before?.inode;
  const isBegun = before !== undefined && before.offset > 0;
  if (isInPlace && isBegun && (await isSame({ path, inode }, before)))
    return { path, inode, offset: before.offset, hasGap: false, last: '' };
  const others = await rotated(path);
  const start = { path, inode, offset: 0, hasGap: false, last: others.at(-1)?.inode ?? '' };
  if (before === undefined) return start;
  // Of what nothing had been read each copy that came since holds what was cut off.
  if (isInPlace && !isBegun) return { ...start, ...copiedSince(others, before) };
  const renamed = others.filter((each) => each.inode === before.inode);
  // Where it was copied and then cut off in its place, the copy holds what was not read yet.
  const copies = isInPlace ? others.toReversed() : [];
  for (const candidate of [...renamed, ...copies])
    if (await isSame(candidate, before)) return { ...start, ...candidate, offset: before.offset };
  // What was cut off where it lay and is in no copy had been read; what was renamed and is gone may not.
  return { ...start, hasGap: !isInPlace };
}

/** The first of the files that a file was copied to since a position, as far as that is known. */
function copiedSince(
  others: readonly { readonly path: string; readonly inode: string }[],
  { last }: Position,
) {
  return last === undefined ? undefined : others[others.findIndex(({ inode }) => inode === last) + 1];
}

async function inodeOf(path: string): Promise<string> {
  return String((await stat(path, { bigint: true })).ino);
}

/** The files that a file was renamed to, the oldest first: `audit-TIME.log` of the API server, `audit.log.1` of others. */
async function rotated(path: string): Promise<readonly { readonly path: string; readonly inode: string }[]> {
  const folder = dirname(path);
  const own = basename(path);
  const found = [];
  for (const name of await readdir(folder)) {
    if (!isRotated(name, own)) continue;
    const candidate = join(folder, name);
    // It may be removed meanwhile.
    const facts = await stat(candidate, { bigint: true }).catch(() => undefined);
    if (facts?.isFile() === true)
      found.push({ path: candidate, inode: String(facts.ino), at: facts.mtimeNs });
  }
  return found
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.path < b.path ? -1 : 1))
    .map((each) => ({ path: each.path, inode: each.inode }));
}

/** Other logs may lie beside it, such as `audit-webhook.log`; what is compressed cannot be read on. */
function isRotated(name: string, own: string): boolean {
  const extension = extname(own);
  const stem = basename(own, extension);
  if (name.startsWith(own)) return /^[.-]\d[\dT:.-]*$/.test(name.slice(own.length));
  if (!name.startsWith(stem) || !name.endsWith(extension)) return false;
  return /^-\d[\dT:.-]*$/.test(name.slice(stem.length, name.length - extension.length));
}

/** The inode of the file that came after one that was renamed. */
async function after(path: string, inode: string): Promise<string> {
  const files = await rotated(path);
  const index = files.findIndex((file) => file.inode === inode);
  return files[index + 1]?.inode ?? inodeOf(path);
}

/** Whether a file begins as the one that was read, so that what comes after it is what was not. */
async function isSame(
  { path, inode }: Pick<Place, 'path' | 'inode'>,
  { offset, head }: Position,
): Promise<boolean> {
  const file = await open(path);
  try {
    const facts = await file.stat({ bigint: true });
    return (
      String(facts.ino) === inode && Number(facts.size) >= offset && (await headOf(file, offset)) === head
    );
  } finally {
    await file.close();
  }
}

/** By no more than what was read: what comes after it may change. */
async function headOf(file: FileHandle, offset: number): Promise<string> {
  const buffer = Buffer.alloc(Math.min(HEAD, offset));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
}

/** Whole lines; of a file that is written no more, also what comes after the last newline. */
async function linesFrom(file: FileHandle, offset: number, isWritten: boolean) {
  for (let length = CHUNK; ; length *= 2) {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    const bytes = buffer.subarray(0, bytesRead);
    const isEnd = bytesRead < length;
    const end = isEnd && !isWritten ? bytesRead : bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0 || isEnd) return { lines: textsOf(bytes.subarray(0, end)), tooLong: 0, end: offset + end };
    if (length >= LONGEST_LINE) return { lines: [], tooLong: 1, end: await lineEnd(file, offset + length) };
  }
}

function textsOf(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** Where a line that is not kept ends, or the file. */
async function lineEnd(file: FileHandle, from: number): Promise<number> {
  const buffer = Buffer.alloc(CHUNK);
  for (let at = from; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, at);
    const newline = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
    if (bytesRead === 0) return at;
    at += bytesRead;
  }
}

/** A position as it was stored; undefined for anything else. */
export function positionOf(value: unknown): Position | undefined {
  if (!isObject(value)) return undefined;
  const { inode, offset, head, last } = value;
  if (typeof inode !== 'string' || typeof offset !== 'number' || typeof head !== 'string') return undefined;
  return { inode, offset, head, ...(typeof last === 'string' && { last }) };
}
