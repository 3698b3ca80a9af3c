import { runTypeScript } from './run-typescript.mjs';

// The tool sees its own arguments where a program expects them.
const [file, ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length - 2, ...args);
await runTypeScript(file);
