import { describe, expect, it } from 'vitest';
import { runTool } from './tools.ts';

function failing(stderr: string): string {
  const result = runTool(process.execPath, [
    '--eval',
    'process.stderr.write(process.argv[1]); process.exit(1)',
    stderr,
  ]);
  return result.ok ? '' : result.error;
}

describe('the reason that a tool gives', () => {
  it.each([
    ['Error: no such chart\nmore', 'no such chart'],
    ['first\nlast', 'last'],
    ['', 'it ended with 1'],
    [
      'Error: yaml: line 3: cannot unmarshal !!str `Sup3rS3...` into int',
      'yaml: line 3: cannot unmarshal !!str [redacted] into int',
    ],
    ['Error: cannot fetch https://a:w0nderland@b.example/c', 'cannot fetch https://a:[redacted]@b.example/c'],
  ])('"%s" is told as "%s"', (stderr, reason) => {
    expect(failing(stderr)).toBe(reason);
  });
});
