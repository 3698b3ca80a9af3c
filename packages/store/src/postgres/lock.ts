import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@bulwark/core';

/** A process as the system tells it (proc(5)); undefined where it tells nothing. */
function statOf(pid: number): { readonly state: string; readonly began: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', began: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Whether a process lives. One that has ended counts as dead, also before anybody has asked how it ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EPERM') return false;
  }
  return statOf(pid)?.state !== 'Z';
}

const TRIES = 5;
const PAUSE_MS = 60;

/**
 * Takes a folder for this process. Whoever wants it leaves a file that names the process and when it began, and then looks
 * whether somebody living has left another: of two who come at once, at least one sees the other. A file whose process is
 * dead, or whose number another process has by now, means nothing.
 *
 * @throws AppError `conflict` where another living process has it.
 */
export async function takeLock(folder: string): Promise<{ release(): Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (let tries = 1; ; tries++) {
    const own = `${process.pid}-${statOf(process.pid)?.began ?? ''}-${randomBytes(4).toString('hex')}`;
    const file = join(folder, own);
    await writeFile(file, '', { flag: 'wx' });
    const other = await othersIn(folder, own);
    if (other === undefined) return { release: () => rm(file, { force: true }) };
    await rm(file, { force: true });
    // Two who saw each other both stood back: they try again, not at the same time.
    if (tries === TRIES)
      throw new AppError('conflict', { detail: `Another hub, process ${other}, uses this database.` });
    await sleep(PAUSE_MS * Math.random());
  }
}

/** The process of another file of somebody living; files of the dead go. */
async function othersIn(folder: string, own: string): Promise<number | undefined> {
  for (const name of await readdir(folder)) {
    if (name === own) continue;
    const [pid = '', began = ''] = name.split('-');
    if (/^\d+$/.test(pid) && isAlive(Number(pid)) && (statOf(Number(pid))?.began ?? '') === began)
      return Number(pid);
    await rm(join(folder, name), { recursive: true, force: true });
  }
  return undefined;
}
