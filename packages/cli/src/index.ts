export { buildProgram, parseCommandLine, run } from './command-line.ts';
export type { Io } from './io.ts';
