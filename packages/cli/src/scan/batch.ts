import { parentPort, workerData } from 'node:worker_threads';
import { CONTROLS } from '@bulwark/controls';
import { configureControl, Plan, type PortableControl } from '@bulwark/core';
import type { InputFile } from '../source/input.ts';
import { FileJudge, type JudgedFile, type JudgeSettings, type Tally } from './judge-files.ts';
import { pack } from './transfer.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly controls: readonly PortableControl[];
  readonly settings: JudgeSettings;
}

/** A batch of files for a worker. */
export interface WorkerRequest {
  readonly batch: number;
  readonly files: readonly InputFile[];
}

/** What came of a batch. The tally belongs to the batch, so that a worker that dies takes no counts along. */
export interface BatchResult {
  readonly files: readonly JudgedFile[];
  readonly tally: Tally;
}

/** Judges a batch in this thread. */
export function judgeBatch(files: readonly InputFile[], plan: Plan, settings: JudgeSettings): BatchResult {
  const judge = new FileJudge(plan, settings);
  return { files: files.map((file) => judge.judge(file)), tally: judge.tally };
}

/** The life of a worker thread: judges batches until it is ended. */
export function serveBatches(): void {
  const { controls, settings } = workerData as WorkerSettings;
  const builtIn = new Map(CONTROLS.map((control) => [control.id as string, control]));
  const plan = new Plan(
    controls.flatMap(({ basedOn, change }) => {
      const base = builtIn.get(basedOn);
      return base === undefined ? [] : [configureControl(base, change)];
    }),
  );
  parentPort?.on('message', ({ batch, files }: WorkerRequest) => {
    const packed = pack(judgeBatch(files, plan, settings));
    const buffers = new Set(packed.tables.map(({ buffer }) => buffer as ArrayBuffer));
    parentPort?.postMessage({ batch, packed }, [...buffers]);
  });
}
