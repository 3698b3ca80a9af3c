import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './lock.ts';

const STOP_WITHIN_MS = 20_000;

/**
 * Stops the server that a killed hub left running on some data. Its file with the number of a process goes where that
 * process is another one by now: PostgreSQL would take it for a server and refuse to start.
 */
export async function stopLeftOver(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!(pid > 1) || !isAlive(pid)) return;
  if (!(await isServerOf(pid, data))) {
    await rm(file, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  if (await hasEnded(pid)) return;
  process.kill(pid, 'SIGQUIT');
  await hasEnded(pid);
}

async function hasEnded(pid: number): Promise<boolean> {
  for (let waited = 0; waited < STOP_WITHIN_MS && isAlive(pid); waited += 50) await sleep(50);
  return !isAlive(pid);
}

/**
 * Whether a process is the server of this data: numbers of processes are used again. One that was started by another path of the
 * same folder is it, too: a server works in its data.
 */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  // Where the system does not tell, PostgreSQL decides whether the file is still good.
  if (line === undefined) return true;
  if (!line.includes('postgres')) return false;
  const real = await realpath(data).catch(() => data);
  const words = line.split('\0');
  if (words.includes(data) || words.includes(real)) return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === real;
}
