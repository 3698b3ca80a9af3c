import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCommandLine } from '@bulwark/cli';

const FENCE = /```(?:sh|bash|shell|console)\n([\s\S]*?)```/g;
const LINK = /\]\(([^)\s]+)\)/g;

/** The `bulwark ...` and `npx bulwark ...` commands of a shell line, as arguments; pipes and redirections end one. */
function commandsIn(line: string): string[][] {
  return line
    .replace(/^\$ /, '')
    .replace(/\s#.*$/, '')
    .split(/\s*(?:\|\||&&|\||;|>)\s*/)
    .map((part) => part.trim().split(/\s+/))
    .map((words) => (words[0] === 'npx' ? words.slice(1) : words))
    .filter(([program]) => program === 'bulwark')
    .map(([, ...args]) => args.map((arg) => arg.replaceAll(/^['"]|['"]$/g, '')));
}

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');
const wrong: string[] = [];
let commands = 0;
for (const page of pages) {
  const text = readFileSync(page, 'utf8');
  for (const [, block = ''] of text.matchAll(FENCE))
    for (const args of block.split('\n').flatMap(commandsIn)) {
      commands++;
      const parsed = await parseCommandLine(args);
      if (!parsed.ok && parsed.exitCode !== 0)
        wrong.push(`${page}: bulwark ${args.join(' ')}: ${parsed.error.split('\n')[0] ?? ''}`);
    }
  for (const [, target = ''] of text.matchAll(LINK)) {
    if (/^([a-z]+:|#)/.test(target)) continue;
    const file = join(dirname(page), target.split('#')[0] ?? '');
    if (!existsSync(file)) wrong.push(`${page}: the link ${target} leads nowhere`);
  }
}
if (commands === 0) wrong.push('no command was found in any page, so nothing was checked');
for (const line of wrong) process.stdout.write(`${line}\n`);
process.stdout.write(`${pages.length} pages, ${commands} commands\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
