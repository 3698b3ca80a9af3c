import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { err, ok, type Result, redactText } from '@bulwark/core';
import { TOKEN_VARIABLE } from '../../hub-client/address.ts';

const TIMEOUT_MS = 60_000;
const MOST_OUTPUT = 256 * 1024 * 1024;
const LONGEST_REASON = 300;
/** What the tools put before the reason: `Error:`, or kubectl's log line. */
const NOISE = /^(?:error: |E\d{4} .*? err="(?:accumulating resources: )?)/i;

/** Variables as a tool gets them. */
export type ToolEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a program is on the PATH of an environment; undefined when it is not there. */
export function findTool(name: string, env: ToolEnvironment | undefined): string | undefined {
  for (const directory of (env?.['PATH'] ?? '').split(delimiter)) {
    if (directory === '') continue;
    const file = join(directory, process.platform === 'win32' ? `${name}.exe` : name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return undefined;
}

/**
 * Runs a program without a shell. Charts may be a stranger's, and so what runs over them gets no token of a hub.
 *
 * @returns what it printed, or the reason that it gave.
 */
export function runTool(
  program: string,
  args: readonly string[],
  { [TOKEN_VARIABLE]: _token, ...env }: ToolEnvironment,
): Result<string, string> {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    env,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: MOST_OUTPUT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined)
    return err(
      'code' in error && error.code === 'ETIMEDOUT' ? 'it took longer than a minute' : error.message,
    );
  if (status === 0) return ok(stdout);
  const lines = stderr.trim().split('\n');
  const said = lines.find((line) => /^error:/i.test(line)) ?? lines.at(-1) ?? '';
  return err(said === '' ? `it ended with ${String(status)}` : reasonOf(said));
}

/** A tool may quote the value that it stumbled over, in backquotes as the YAML reader of Go does. */
function reasonOf(said: string): string {
  const reason = said.replace(NOISE, '').replaceAll(/`[^`]*`/g, '[redacted]');
  return redactText(reason).slice(0, LONGEST_REASON);
}
