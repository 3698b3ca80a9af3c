import { expect, it } from 'vitest';
import { diffName } from './diff-name.ts';

it.each([
  { name: 'a/deploy/web.yaml', printed: 'a/deploy/web.yaml' },
  { name: 'a/my file.yaml', printed: 'a/my file.yaml\t' },
  { name: 'a/q"uo\te.yaml', printed: '"a/q\\"uo\\te.yaml"' },
  { name: 'a/back\\slash', printed: '"a/back\\\\slash"' },
  { name: 'a\n+++ b/Makefile', printed: '"a\\n+++ b/Makefile"' },
  { name: 'a/\u001b[31m\u007f', printed: '"a/\\033[31m\\177"' },
  { name: 'a/\u0007\b\v\f\r', printed: '"a/\\a\\b\\v\\f\\r"' },
  { name: 'a/é😀.yaml', printed: '"a/\\303\\251\\360\\237\\230\\200.yaml"' },
])('prints the name $name as git does', ({ name, printed }) => {
  expect(diffName(name)).toBe(printed);
});
