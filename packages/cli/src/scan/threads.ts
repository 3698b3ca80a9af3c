import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Plan, toPortable } from '@bulwark/core';
import type { InputFile } from '../source/input.ts';
import { type BatchResult, judgeBatch, type WorkerRequest, type WorkerSettings } from './batch.ts';
import type { JudgeSettings } from './judge-files.ts';
import { type PackedBatch, unpack } from './transfer.ts';

/**
 * Below this a second thread costs more than it saves: it starts cold, and what it found has to be copied. Measured on
 * two cores: 16 MB take 1.1 s on one thread and 1.2 s on two, 80 MB take 4.1 s and 3.5 s.
 */
const WORTH_BYTES = 32 * 1024 * 1024;
const BATCH_BYTES = 192 * 1024;
const BATCH_FILES = 64;
/** Batches a worker holds, so that it never waits while this thread is busy with its own. */
const BATCHES_AHEAD = 2;

/** How the work is shared out. */
export interface ThreadOptions {
  /** This thread included. */
  readonly threads: number;
  /** The program to start a worker with; without it everything runs in this thread. */
  readonly workerUrl: URL | undefined;
  readonly onProgress: (files: number) => void;
}

/** Whether an input is worth more than one thread. */
export function isWorthThreads(files: readonly InputFile[]): boolean {
  return files.reduce((total, { size }) => total + size, 0) >= WORTH_BYTES;
}

/** Cuts the input into batches of similar size, keeping its order. */
export function toBatches(files: readonly InputFile[]): InputFile[][] {
  const batches: InputFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || bytes + file.size > BATCH_BYTES || last.length >= BATCH_FILES) {
      batches.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return batches;
}

/**
 * Judges files on several threads, this one included, and answers in the order of the input. A worker that dies loses
 * nothing: this thread takes over what it held.
 */
export async function judgeInThreads(
  files: readonly InputFile[],
  { plan, settings }: { readonly plan: Plan; readonly settings: JudgeSettings },
  { threads, workerUrl, onProgress }: ThreadOptions,
): Promise<BatchResult[]> {
  const batches = toBatches(files);
  const queue = new BatchQueue(batches, (batch) => onProgress(batches[batch]?.length ?? 0));
  const workers = Math.min(threads, batches.length) - 1;
  const crew: Crew[] = [];
  if (workerUrl !== undefined)
    for (let started = 0; started < workers; started++)
      crew.push(new Crew(workerUrl, { controls: plan.controls.map(toPortable), settings }, queue));
  try {
    while (!queue.isDone) {
      const batch = queue.take();
      if (batch === undefined) await queue.settled();
      else queue.finish(batch, judgeBatch(batches[batch] ?? [], plan, settings));
      await setImmediate();
    }
  } finally {
    await Promise.all(crew.map((member) => member.stop()));
  }
  return queue.results();
}

class BatchQueue {
  readonly batches: readonly InputFile[][];
  private readonly waiting: number[];
  private readonly done: (BatchResult | undefined)[];
  private readonly onFinished: (batch: number) => void;
  private remaining: number;
  private wake: (() => void) | undefined;

  constructor(batches: readonly InputFile[][], onFinished: (batch: number) => void) {
    this.batches = batches;
    this.waiting = batches.map((_batch, index) => index).reverse();
    this.done = batches.map(() => undefined);
    this.remaining = batches.length;
    this.onFinished = onFinished;
  }

  get isDone(): boolean {
    return this.remaining === 0;
  }

  take(): number | undefined {
    return this.waiting.pop();
  }

  giveBack(batch: number): void {
    this.waiting.push(batch);
    this.wake?.();
  }

  finish(batch: number, result: BatchResult): void {
    if (this.done[batch] === undefined) {
      this.done[batch] = result;
      this.remaining--;
      this.onFinished(batch);
    }
    this.wake?.();
  }

  /** Resolves once a batch came back, judged or not. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  results(): BatchResult[] {
    return this.done.filter((result) => result !== undefined);
  }
}

class Crew {
  private readonly worker: Worker;
  private readonly queue: BatchQueue;
  private readonly held = new Set<number>();

  constructor(url: URL, workerData: WorkerSettings, queue: BatchQueue) {
    this.queue = queue;
    this.worker = new Worker(url, { workerData });
    this.worker.on('message', ({ batch, packed }: { batch: number; packed: PackedBatch }) => {
      this.held.delete(batch);
      this.next();
      queue.finish(batch, unpack(packed, workerData.settings.defaultNamespace));
    });
    this.worker.on('error', () => this.abandon());
    this.worker.on('exit', () => this.abandon());
    while (this.held.size < BATCHES_AHEAD && this.next());
  }

  stop(): Promise<number> {
    return this.worker.terminate();
  }

  private next(): boolean {
    const batch = this.queue.take();
    if (batch === undefined) return false;
    this.held.add(batch);
    this.worker.postMessage({ batch, files: this.queue.batches[batch] ?? [] } satisfies WorkerRequest);
    return true;
  }

  private abandon(): void {
    for (const batch of this.held) this.queue.giveBack(batch);
    this.held.clear();
  }
}
