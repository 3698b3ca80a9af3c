import { isMainThread, workerData } from 'node:worker_threads';

declare const BULWARK_VERSION: string | undefined;

const STDERR = 2;

async function main(): Promise<void> {
  if (!isMainThread) {
    if ((workerData as { task?: unknown } | undefined)?.task === 'cluster')
      await (await import('@bulwark/hub')).serveCluster();
    else (await import('./scan/batch.ts')).serveBatches();
    return;
  }
  const { run } = await import('./command-line.ts');
  const { processIo } = await import('./process-io.ts');
  const version = typeof BULWARK_VERSION === 'string' ? BULWARK_VERSION : 'development';
  process.exitCode = await run(process.argv.slice(2), processIo(version, new URL(import.meta.url)));
}

/** A crash says that it is one: its trace for whoever reports it, and an exit code that no finding has. */
async function crash(error: unknown): Promise<void> {
  const { ExitCode } = await import('./exit.ts');
  const { writeAll } = await import('./process-io.ts');
  const trace =
    error instanceof Error ? (error.stack ?? error.message) : 'something that is not an error was thrown';
  writeAll(STDERR, `bulwark failed; this is a fault of the program, please report it:\n${trace}\n`);
  process.exitCode = ExitCode.crash;
}

try {
  await main();
} catch (error) {
  if (!isMainThread) throw error;
  await crash(error);
}
