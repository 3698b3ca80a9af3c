import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
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
const BEAT_MS = 5000;
/** Beats after which a process that cannot be looked at counts as dead. */
const SILENT_BEATS = 3;

/** Where processes can be looked at: those of another container have numbers of their own, and may share the folder. */
const HERE = createHash('sha256')
  .update(`${hostname()} ${namespaceOfProcesses()}`)
  .digest('hex')
  .slice(0, 12);

function namespaceOfProcesses(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** A folder that is this process's own. */
export interface Lock {
  /** Resolves where another process took it: this one was silent for so long, or its clock so far behind, that it counted as dead. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. Whoever wants it leaves a file that names the process and when it began, and then looks
 * whether somebody living has left another: of two who come at once, at least one sees the other. A file whose process is
 * dead, or whose number another process has by now, means nothing. Of processes in other containers nothing can be seen, so a
 * holder touches its file all the while, and theirs is watched for a moment.
 *
 * @param beatMs how often a holder touches its file, in milliseconds.
 * @throws AppError `conflict` where another living process has it.
 */
export async function takeLock(folder: string, beatMs = BEAT_MS): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (let tries = 1; ; tries++) {
    const own = `${process.pid}-${statOf(process.pid)?.began ?? ''}-${randomBytes(4).toString('hex')}-${HERE}`;
    const file = join(folder, own);
    await writeFile(file, '', { flag: 'wx' });
    const held = hold(file, beatMs);
    const other = await otherIn(folder, own, beatMs * SILENT_BEATS);
    if (other === undefined) return held;
    await held.release();
    // Two who saw each other both stood back: they try again, not at the same time.
    if (tries === TRIES)
      throw new AppError('conflict', { detail: `Another hub, ${other}, uses this database.` });
    await sleep(PAUSE_MS * Math.random());
  }
}

function hold(file: string, beatMs: number): Lock {
  let beat: ReturnType<typeof setInterval> | undefined;
  const lost = new Promise<void>((resolve) => {
    const look = async (): Promise<void> => {
      if (!(await touch(file)) && beat !== undefined) resolve();
    };
    beat = setInterval(() => void look(), beatMs).unref();
  });
  const release = (): Promise<void> => {
    clearInterval(beat);
    beat = undefined;
    return rm(file, { force: true });
  };
  return { lost, release };
}

/** Another one living who left a file; files of the dead go. */
async function otherIn(folder: string, own: string, silentMs: number): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    if (name === own) continue;
    const [pid = '', began = '', , place = HERE] = name.split('-');
    if (place !== HERE) {
      if (await isTouched(join(folder, name), join(folder, own), silentMs)) return 'in another container';
    } else if (/^\d+$/.test(pid) && isAlive(Number(pid)) && (statOf(Number(pid))?.began ?? '') === began)
      return `process ${pid}`;
    await rm(join(folder, name), { recursive: true, force: true });
  }
  return undefined;
}

/** Whether somebody touches a file within a time. One that was left long before our own is not waited for. */
async function isTouched(file: string, own: string, silentMs: number): Promise<boolean> {
  const [before, now] = await Promise.all([touchedAt(file), touchedAt(own)]);
  if (before === undefined || (now ?? 0) - before > 2 * silentMs) return false;
  const until = Date.now() + silentMs;
  for (let at: number | undefined = before; at === before; at = await touchedAt(file)) {
    if (Date.now() > until) return false;
    await sleep(Math.min(200, silentMs / 10));
  }
  return (await touchedAt(file)) !== undefined;
}

function touchedAt(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

/** Touches a file; false where it is not there. */
async function touch(file: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code !== 'ENOENT';
  }
}
