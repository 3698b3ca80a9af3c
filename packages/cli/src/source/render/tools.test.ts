import { expect, it } from 'vitest';
import { runTool } from './tools.ts';

it('a tool that renders gets the environment without the token of a hub', () => {
  const env = { PATH: '/bin', BULWARK_HUB_TOKEN: 'bwt_planted', HOME: '/home/ann' };

  const ran = runTool(process.execPath, ['-p', 'JSON.stringify(process.env)'], env);

  expect(ran.ok && JSON.parse(ran.value)).toEqual({ PATH: '/bin', HOME: '/home/ann' });
});
