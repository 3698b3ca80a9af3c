/** What the process around a command offers it; tests pass their own. */
export interface Io {
  /** The arguments of the command, for hints that repeat it. */
  readonly argv: readonly string[];
  readonly version: string;
  readonly nodeVersion: string;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly readStdin: () => Promise<Uint8Array>;
  /** The working directory. */
  readonly cwd: string;
  /** The day, as YYYY-MM-DD in UTC, on which exceptions are asked whether they hold. */
  readonly today: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of standard output; 0 when it is not a terminal. */
  readonly columns: number;
  readonly isTerminal: boolean;
  readonly isErrorTerminal: boolean;
  /** The program to start worker threads with; undefined where there is none. */
  readonly workerUrl: URL | undefined;
  /** Asks whoever sits at the terminal for a yes; undefined where nobody does. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Resolves when the user, or the system, wants the program to end. */
  readonly interrupted: () => Promise<void>;
}

/** Runs a parsed command and answers its exit code. */
export type Action = (io: Io) => Promise<number>;
