import { readFile, rm, writeFile } from 'node:fs/promises';
import { AppError } from '@bulwark/core';

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** When a process began, in ticks since the machine started; empty where the system does not tell (proc(5), field 22). */
async function beganAt(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/**
 * Takes a folder for this process. The file names the process and when it began, so that one whose number is used again
 * holds no lock.
 *
 * @throws AppError `conflict` where another living process has it.
 */
export async function takeLock(file: string): Promise<{ release(): Promise<void> }> {
  const own = `${process.pid} ${await beganAt(process.pid)}`;
  for (let tries = 0; tries < 3; tries++) {
    try {
      await writeFile(file, own, { flag: 'wx', mode: 0o644 });
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const [pid = '', began = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
    const isHeld = Number(pid) > 0 && isAlive(Number(pid)) && (await beganAt(Number(pid))) === began;
    if (isHeld)
      throw new AppError('conflict', { detail: `Another hub, process ${pid}, uses this database.` });
    await rm(file, { force: true });
  }
  throw new AppError('conflict', { detail: `${file} could not be taken.` });
}
