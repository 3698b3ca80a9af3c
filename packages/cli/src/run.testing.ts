import { run } from './command-line.ts';
import type { Io } from './io.ts';

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process, in a folder and with an environment of its own. */
export async function bulwark(args: readonly string[], cwd: string, io: Partial<Io> = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await run(args, {
    version: '1.2.3',
    nodeVersion: 'v20.0.0',
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    readStdin: () => Promise.resolve(new Uint8Array()),
    cwd,
    today: '2026-11-25',
    env: { PATH: '' },
    columns: 0,
    isTerminal: false,
    isErrorTerminal: false,
    workerUrl: undefined,
    interrupted: async () => undefined,
    ...io,
  });
  return { code, out, err };
}
