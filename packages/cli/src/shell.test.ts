import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { quoteForShell } from './shell.ts';

it.each([
  ['plain', 'deploy/a-b_c.yaml', 'deploy/a-b_c.yaml'],
  ['empty', '', "''"],
  ['a quote', "it's", "'it'\\''s'"],
  ['a command', 'x; touch /tmp/pwn\' $(id) `id` \\ " !', undefined],
  ['lines', 'a\nb', undefined],
  ['a pattern', '*.yaml', "'*.yaml'"],
  ['a home', '~/x', "'~/x'"],
])('a shell takes a quoted word for itself: %s', (_name, word, expected) => {
  const quoted = quoteForShell(word);

  expect(execFileSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(word);
  if (expected !== undefined) expect(quoted).toBe(expected);
});
