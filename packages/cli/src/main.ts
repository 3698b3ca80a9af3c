import { isMainThread } from 'node:worker_threads';

declare const BULWARK_VERSION: string | undefined;

async function main(): Promise<void> {
  if (!isMainThread) {
    (await import('./scan/batch.ts')).serveBatches();
    return;
  }
  const { run } = await import('./command-line.ts');
  const { processIo } = await import('./process-io.ts');
  const version = typeof BULWARK_VERSION === 'string' ? BULWARK_VERSION : 'development';
  process.exitCode = await run(process.argv.slice(2), processIo(version, new URL(import.meta.url)));
}

await main();
