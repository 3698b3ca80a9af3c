import { afterEach, expect, it } from 'vitest';
import { runTool } from './tools.ts';

const before = process.env['BULWARK_HUB_TOKEN'];

afterEach(() => {
  if (before === undefined) delete process.env['BULWARK_HUB_TOKEN'];
  else process.env['BULWARK_HUB_TOKEN'] = before;
});

it('a tool that renders gets the environment without the token of a hub', () => {
  process.env['BULWARK_HUB_TOKEN'] = 'bwt_planted';

  const ran = runTool(process.execPath, ['-p', 'JSON.stringify(process.env)']);

  expect(ran.ok && (JSON.parse(ran.value) as Record<string, string>)).toMatchObject({
    PATH: process.env['PATH'],
  });
  expect(JSON.stringify(ran)).not.toContain('bwt_planted');
});
