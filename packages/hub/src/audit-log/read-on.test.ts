import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Position, positionOf, readOn } from './read-on.ts';

let folder: string;
let path: string;
let position: Position | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-tail-'));
  path = join(folder, 'audit.log');
  position = undefined;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Reads until there is no more, over a restart each time: a position is all that is kept. */
async function rest(): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const read = await readOn(path, position);
    lines.push(
      ...read.lines,
      ...Array<string>(read.tooLong).fill('TOO LONG'),
      ...(read.hasGap ? ['GAP'] : []),
    );
    position = positionOf(JSON.parse(JSON.stringify(read.position)));
    if (!read.isBehind) return lines;
  }
}

let seconds = 0;
/** What the API server does when a file is full. */
function rotate(name: string): void {
  const to = join(folder, name);
  renameSync(path, to);
  seconds++;
  utimesSync(to, 1_000_000 + seconds, 1_000_000 + seconds);
  writeFileSync(path, '');
}

/** What logrotate does with `copytruncate`. */
function cutOff(name: string): void {
  const to = join(folder, name);
  copyFileSync(path, to);
  seconds++;
  utimesSync(to, 2_000_000_000 + seconds, 2_000_000_000 + seconds);
  truncateSync(path);
}

describe('a file that grows', () => {
  it('is read in whole lines, each once', async () => {
    writeFileSync(path, 'a\nb\nhal');
    expect(await rest()).toEqual(['a', 'b']);
    expect(await rest()).toEqual([]);

    appendFileSync(path, 'f\n\nc\n');

    expect(await rest()).toEqual(['half', 'c']);
  });

  it('is read to its end after it was renamed, and then what came after it', async () => {
    writeFileSync(path, 'a\n');
    await rest();
    appendFileSync(path, 'b\nlast without newline');
    rotate('audit-2026-11-26T10-00-00.000.log');
    appendFileSync(path, 'c\n');
    rotate('audit-2026-11-26T11-00-00.000.log');
    appendFileSync(path, 'd\n');

    expect(await rest()).toEqual(['b', 'last without newline', 'c', 'd']);
    expect(await rest()).toEqual([]);
  });

  it('is followed where the number is behind the name', async () => {
    writeFileSync(path, 'a\n');
    await rest();
    appendFileSync(path, 'b\n');
    rotate('audit.log.1');
    appendFileSync(path, 'c\n');

    expect(await rest()).toEqual(['b', 'c']);
  });

  it.each(['audit-webhook.log', 'audit.log.bak', 'audit-2026.log.gz', 'auditor.log'])(
    'is not read on in %s, which is another one',
    async (other) => {
      writeFileSync(path, 'a\n');
      await rest();
      rotate('audit-2026-11-26T10-00-00.000.log');
      writeFileSync(join(folder, other), 'strange\n');
      appendFileSync(path, 'b\n');

      expect(await rest()).toEqual(['b']);
    },
  );

  it('is read from its start where it was cut off in its place', async () => {
    writeFileSync(path, 'a\nb\n');
    await rest();
    truncateSync(path);
    appendFileSync(path, 'c\n');

    expect(await rest()).toEqual(['c']);
  });

  it('is read from its start where it was cut off and has grown beyond the old place', async () => {
    writeFileSync(path, 'a\nb\n');
    await rest();
    truncateSync(path);
    appendFileSync(path, 'c\nd\ne\n');

    expect(await rest()).toEqual(['c', 'd', 'e']);
  });

  it('is read to its end in the copy that was made before it was cut off in its place', async () => {
    writeFileSync(path, 'a\nb\n');
    await rest();
    appendFileSync(path, 'c\n');
    copyFileSync(path, join(folder, 'audit.log.1'));
    truncateSync(path);
    appendFileSync(path, 'd\n');

    expect(await rest()).toEqual(['c', 'd']);
    expect(await rest()).toEqual([]);
  });

  it('is read in each copy that was made before it was cut off again, where it was empty before', async () => {
    writeFileSync(path, 'a\n');
    copyFileSync(path, join(folder, 'audit.log.9'));
    expect(await rest()).toEqual(['a']);
    appendFileSync(path, 'b\n');
    cutOff('audit.log.8');
    expect(await rest()).toEqual(['b']);
    expect(await rest()).toEqual([]);
    for (const line of ['c', 'd']) {
      appendFileSync(path, `${line}\n`);
      cutOff(`audit.log.${line === 'c' ? 7 : 6}`);
    }
    appendFileSync(path, 'e\n');

    expect(await rest()).toEqual(['c', 'd', 'e']);
    expect(await rest()).toEqual([]);
  });

  it('has a gap where what it was renamed to is gone', async () => {
    writeFileSync(path, 'a\n');
    await rest();
    rotate('audit-1.log');
    writeFileSync(join(folder, 'audit-1.log'), '');
    rmSync(join(folder, 'audit-1.log'));
    appendFileSync(path, 'b\n');

    expect(await rest()).toEqual(['b', 'GAP']);
  });

  it('may have long lines, up to a limit', async () => {
    const long = 'x'.repeat(3_000_000);
    writeFileSync(path, `${long}\n${'y'.repeat(9_000_000)}\nz\n`);

    expect((await rest()).map((line) => line.slice(0, 8))).toEqual(['xxxxxxxx', 'TOO LONG', 'z']);
  });

  it('is read whole whatever happens to it between reads', async () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 40 }).map((count) => ({ kind: 'write' as const, count })),
      fc.constant({ kind: 'rotate' as const, count: 0 }),
      fc.constant({ kind: 'read' as const, count: 0 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(join(tmpdir(), 'bulwark-tail-'));
        path = join(folder, 'audit.log');
        writeFileSync(path, '');
        position = undefined;
        const written: string[] = [];
        const read: string[] = await rest();
        for (const [index, { kind, count }] of steps.entries()) {
          if (kind === 'rotate') rotate(`audit-${String(index).padStart(3, '0')}.log`);
          if (kind === 'read') read.push(...(await rest()));
          for (let line = 0; line < count; line++) {
            const text = `${index}-${line}-${'é'.repeat(line)}`;
            written.push(text);
            appendFileSync(path, `${text}\n`);
          }
        }
        read.push(...(await rest()));
        expect(read).toEqual(written);
      }),
      { numRuns: 40 },
    );
  });

  it('that is not there is an error of the file system', async () => {
    await expect(readOn(path, undefined)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a stored position', () => {
  it.each([undefined, null, 'x', {}, { inode: 1, offset: 0, head: '' }])('%j is none', (value) => {
    expect(positionOf(value)).toBeUndefined();
  });
});
