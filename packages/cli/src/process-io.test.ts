import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { writeTree } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { confirmOn, writeAll } from './process-io.ts';

describe('writing', () => {
  it('says nothing when all is written', () => {
    const folder = writeTree({});
    const descriptor = openSync(join(folder.root, 'out'), 'w');

    expect(writeAll(descriptor, 'text')).toBeUndefined();

    closeSync(descriptor);
    folder.remove();
  });

  it.skipIf(!existsSync('/dev/full'))('says why it failed where the disk is full (needs /dev/full)', () => {
    const descriptor = openSync('/dev/full', 'w');

    expect(writeAll(descriptor, 'text')).toBe('ENOSPC');

    closeSync(descriptor);
  });
});

describe('asking for a yes', () => {
  it.each([
    ['y\n', true],
    [' Yes \n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    ['', false],
  ])('takes %j for %s', async (typed, answer) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(typed);

    expect(await confirmOn({ input, output }, 'Do it? ')).toBe(answer);
    expect(String(output.read())).toContain('Do it? ');
  });
});
