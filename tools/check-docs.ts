import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCommandLine } from '@bulwark/cli';

const FENCE = /```(?:sh|bash|shell|console)\n([\s\S]*?)```/g;
const LINK = /\]\(([^)\s]+)\)/g;

/** A quoted text, a sign between commands, a blank, or other letters. */
const TOKEN = /'[^']*'|"[^"]*"|\|\||&&|[|;>()]|\s+|[^'"\s|;>()&]+|&/g;

/**
 * The `bulwark ...` and `npx bulwark ...` commands of a shell line, as arguments; what is quoted is one argument, pipes,
 * redirections and parentheses end a command.
 */
function commandsIn(line: string): string[][] {
  const commands: string[][] = [[]];
  let isInWord = false;
  for (const [token] of line
    .replace(/^\$ /, '')
    .replace(/\s#.*$/, '')
    .matchAll(TOKEN)) {
    const command = commands.at(-1) ?? [];
    const isWord = !/^(?:\|\||&&|[|;>()&]|\s+)$/.test(token);
    const text = token.replaceAll(/^['"]|['"]$/g, '');
    if (isWord && isInWord) command.push(`${command.pop() ?? ''}${text}`);
    else if (isWord) command.push(text);
    else if (!/^\s/.test(token)) commands.push([]);
    isInWord = isWord;
  }
  return commands
    .map((words) => (words[0] === 'npx' ? words.slice(1) : words))
    .filter(([program]) => program === 'bulwark')
    .map(([, ...args]) => args);
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
