import { CONTROLS } from '@bulwark/controls';
import { Plan } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import type { InputFile } from '../source/input.ts';
import { judgeInThreads, toBatches } from './threads.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a}]}\n';
const FILES: readonly InputFile[] = Array.from({ length: 300 }, (_item, index) => ({
  file: `${index}.yaml`,
  text: POD,
  size: POD.length,
}));
const WORK = {
  plan: new Plan(CONTROLS),
  settings: {
    kubernetes: { minor: 37, text: '1.37' },
    defaultNamespace: 'default',
    namespaces: [],
    wantVerdicts: false,
  },
};

async function judged(workerUrl: URL | undefined, threads = 3): Promise<string[]> {
  const results = await judgeInThreads(FILES, WORK, { threads, workerUrl, onProgress: () => undefined });
  return results.flatMap((result) =>
    result.files.flatMap((file) =>
      file.judged.flatMap(({ findings }) => findings.map((finding) => finding.file ?? '')),
    ),
  );
}

describe('judging in threads', () => {
  it.each([
    ['there are no workers', undefined],
    ['a worker ends at once', new URL('data:text/javascript,process.exit(1)')],
    ['a worker throws', new URL('data:text/javascript,throw new Error("broken")')],
    [
      'a worker dies when it gets work',
      new URL(
        'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",()=>process.exit(1))',
      ),
    ],
    ['a worker cannot be started', new URL('file:///nonexistent/worker.js')],
  ])('loses nothing when %s', async (_name, workerUrl) => {
    const found = await judged(workerUrl);

    expect(new Set(found).size).toBe(FILES.length);
    expect(found).toEqual(found.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
  });

  it('counts every file once in its progress', async () => {
    let done = 0;
    const onProgress = (files: number): void => {
      done += files;
    };

    await judgeInThreads(FILES, WORK, { threads: 1, workerUrl: undefined, onProgress });

    expect(done).toBe(FILES.length);
  });

  it('answers for no files at all', async () => {
    expect(
      await judgeInThreads([], WORK, { threads: 4, workerUrl: undefined, onProgress: () => undefined }),
    ).toEqual([]);
  });
});

describe('batches', () => {
  it('keep the order and lose nothing, however large a file is', () => {
    const files = [10, 5_000_000, 10, 10].map((size, index) => ({ file: String(index), size }));

    expect(toBatches(files).map((batch) => batch.map(({ file }) => file))).toEqual([
      ['0'],
      ['1'],
      ['2', '3'],
    ]);
  });
});
