export { buildProgram, type Io, parseCommandLine, run } from './command-line.ts';
