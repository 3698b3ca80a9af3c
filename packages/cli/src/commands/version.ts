import { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';

/** `bulwark version`. */
export async function runVersion(io: Io): Promise<number> {
  io.write(`bulwark ${io.version} (Node ${io.nodeVersion})\n`);
  return ExitCode.ok;
}
