// The floor: what parsing the same files with js-yaml alone costs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

const [folder] = process.argv.slice(2);
let documents = 0;
for (const name of readdirSync(folder)) documents += loadAll(readFileSync(join(folder, name), 'utf8')).length;
if (documents === 0) throw new Error('there was nothing to parse');
