import { writeSync } from 'node:fs';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';

const STDOUT = 1;
const STDERR = 2;

/**
 * Writes all of a text, however slowly the reader on the other side of a pipe takes it. A closed pipe ends the output:
 * whoever read it has seen enough.
 *
 * @returns the system's code for what went wrong; undefined when nothing did.
 */
export function writeAll(descriptor: number, text: string): string | undefined {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      if (code === 'EPIPE') return undefined;
      if (code !== 'EAGAIN') return code;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return undefined;
}

/** @throws UsageError when the output cannot be written, as where the disk is full. */
function writeOut(text: string): void {
  const code = writeAll(STDOUT, text);
  if (code !== undefined) throw new UsageError(`standard output cannot be written (${code})`);
}

/** Where nothing can be said of what went wrong, the exit code still tells. */
function writeError(text: string): void {
  writeAll(STDERR, text);
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** Asks a question, and takes nothing but y and yes for a yes: not even the end of the input. */
export async function confirmOn(
  { input, output }: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream },
  question: string,
): Promise<boolean> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input, output });
  try {
    return await new Promise<boolean>((resolve) => {
      lines.on('close', () => resolve(false));
      lines.question(question, (answer) => resolve(/^\s*y(?:es)?\s*$/i.test(answer)));
    });
  } finally {
    lines.close();
  }
}

/** Standard output may be a file, which is for what was asked for. */
function confirm(question: string): Promise<boolean> {
  return confirmOn({ input: process.stdin, output: process.stderr }, question);
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The terminal and `npm start` may both hand on one and the same. */
const SAME_WITHIN_MS = 1000;

/** Ctrl-C, the end of the terminal, or what init systems send; a second one ends the process at once, as it would without us. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const hear = (signal: NodeJS.Signals): void => {
      resolve();
      first ??= Date.now();
      if (Date.now() - first < SAME_WITHIN_MS) return;
      for (const each of ENDING) process.removeListener(each, hear);
      process.kill(process.pid, signal);
    };
    for (const signal of ENDING) process.on(signal, hear);
  });
}

/** The real process. Writes are synchronous, so that nothing is cut off when it ends. */
export function processIo(version: string, workerUrl: URL | undefined): Omit<Io, 'argv'> {
  return {
    version,
    nodeVersion: process.version,
    write: writeOut,
    writeError,
    readStdin,
    cwd: process.cwd(),
    today: new Date().toISOString().slice(0, 10),
    env: process.env,
    // COLUMNS decides where there is no terminal to ask; without it lines are as long as they are.
    columns: process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number(process.env['COLUMNS'] ?? 0) || 0,
    isTerminal: process.stdout.isTTY === true,
    isErrorTerminal: process.stderr.isTTY === true,
    workerUrl,
    confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : undefined,
    interrupted,
  };
}
