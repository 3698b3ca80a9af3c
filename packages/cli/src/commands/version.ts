import type { Io } from '../command-line.ts';
import { ExitCode } from '../exit.ts';

/** `bulwark version`. */
export async function runVersion(io: Io): Promise<number> {
  io.write(`bulwark ${io.version} (Node ${io.nodeVersion})\n`);
  return ExitCode.ok;
}
