import { existsSync, readdirSync, readFileSync } from 'node:fs';

const KIB_A_MIB = 1024;
/** Clock ticks a second in /proc, the same on every Linux of today (proc_pid_stat(5)). */
const TICKS = 100;

/** Whether this system tells how much memory processes have of their own, shared parts counted once: Linux does. */
export const rollsUp = existsSync('/proc/self/smaps_rollup');

/** A process with all that it started. */
export interface Tree {
  readonly root: number;
}

/** Numbers of a process and of all its descendants. */
export function processesOf({ root }: Tree): number[] {
  const found = [root];
  for (let at = 0; at < found.length; at++) found.push(...childrenOf(found[at] ?? 0));
  return found;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      (read(`/proc/${pid}/task/${task}/children`) ?? '').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended in between.
    return undefined;
  }
}

/** What a tree of processes holds, in MiB: proportional set sizes, which count what processes share once. */
export interface Memory {
  readonly total: number;
  readonly node: number;
  readonly postgres: number;
}

/** Reads the memory of a tree (proc_pid_smaps(5), smaps_rollup). */
export function memoryOf(tree: Tree): Memory {
  let node = 0;
  let postgres = 0;
  for (const pid of processesOf(tree)) {
    const rollup = read(`/proc/${pid}/smaps_rollup`) ?? '';
    const size = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / KIB_A_MIB;
    if ((read(`/proc/${pid}/comm`) ?? '').startsWith('postgres')) postgres += size;
    else node += size;
  }
  return { total: node + postgres, node, postgres };
}

/** Seconds of processor that a tree has used, those that ended in between included. */
export interface Processor {
  readonly total: number;
  readonly node: number;
  readonly postgres: number;
}

export function processorOf(tree: Tree): Processor {
  let node = 0;
  let postgres = 0;
  for (const pid of processesOf(tree)) {
    const stat = read(`/proc/${pid}/stat`) ?? '';
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    // utime, stime, cutime and cstime are fields 14 to 17; the third one comes after the name.
    const [user = 0, system = 0, ended = 0, endedSystem = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number);
    const seconds = (user + system + ended + endedSystem) / TICKS;
    if (name.startsWith('postgres')) postgres += seconds;
    else node += seconds;
  }
  return { total: node + postgres, node, postgres };
}

/** Watches the memory of a tree. */
export class MemoryWatch {
  private peakNow: Memory = { total: 0, node: 0, postgres: 0 };
  private readonly tree: Tree;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(tree: Tree, everyMs = 200) {
    this.tree = tree;
    this.timer = setInterval(() => this.look(), everyMs);
  }

  /** The largest of all samples since the last call. */
  takePeak(): Memory {
    this.look();
    const peak = this.peakNow;
    this.peakNow = { total: 0, node: 0, postgres: 0 };
    return peak;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = memoryOf(this.tree);
    if (now.total > this.peakNow.total) this.peakNow = now;
  }
}

/** Average load of the machine over the last minute, in processes that want to run. */
export function load(): number {
  return Number((read('/proc/loadavg') ?? '').split(' ')[0] ?? Number.NaN);
}
