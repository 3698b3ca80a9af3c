import type { Io } from './io.ts';

/** Work shorter than this needs no progress. */
const PATIENCE_MS = 1000;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** How far a scan is, on standard error, once it takes longer than a second, and only on a terminal. */
export class Progress {
  private readonly io: Io;
  private readonly isShown: boolean;
  private readonly started = Date.now();
  private total = 0;
  private done = 0;
  private drawn = 0;

  constructor(io: Io, wanted: boolean) {
    this.io = io;
    this.isShown = wanted && io.isErrorTerminal;
  }

  /** Says how many files there are. */
  start(total: number): void {
    this.total = total;
  }

  /** Says that more files are done. */
  advance(files: number): void {
    this.done += files;
    const now = Date.now();
    if (!this.isShown || now - this.started < PATIENCE_MS || now - this.drawn < REDRAW_MS) return;
    this.drawn = now;
    this.io.writeError(`${CLEAR_LINE}Judging ${this.done} of ${this.total} files`);
  }

  /** Clears the line. */
  stop(): void {
    if (this.drawn > 0) this.io.writeError(CLEAR_LINE);
  }
}
