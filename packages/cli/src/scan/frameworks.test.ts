import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';

const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterAll(() => {
  for (const made of trees) made.remove();
});

const pod = (name: string, spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {${spec}containers: [{name: a, image: x}]}\n`;
const EXCEPTION = 'exceptions: {accepted: [{control: host-pid, name: a, reason: It watches the node.}]}\n';

interface Requirement {
  readonly verdict: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly controls: readonly string[];
  readonly reason?: string;
}

async function requirement(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Requirement> {
  const folder = tree(files);
  const scan = ['scan', folder.root, '--framework', 'pss-baseline', '--format', 'json', ...args];
  const { out } = await bulwark(scan, folder.root);
  const { frameworks } = JSON.parse(out) as {
    readonly frameworks: readonly { readonly requirements: readonly Requirement[] }[];
  };
  const found = frameworks[0]?.requirements.find(({ controls }) => controls.includes('host-pid'));
  if (found === undefined) throw new Error('no requirement has host-pid');
  return found;
}

describe('a requirement of a framework', () => {
  const failing = pod('a', 'hostPID: true, ');

  it.each<[string, Readonly<Record<string, string>>, readonly string[], string, number, number]>([
    ['fails', { 'a.yaml': failing }, [], 'fail', 1, 0],
    ['is excepted', { 'a.yaml': failing, 'bulwark.yaml': EXCEPTION }, [], 'excepted', 0, 1],
    [
      'fails beside what is accepted',
      { 'a.yaml': failing, 'b.yaml': pod('b', 'hostPID: true, '), 'bulwark.yaml': EXCEPTION },
      [],
      'fail',
      1,
      1,
    ],
    [
      'is excepted as well where findings are left out of the report',
      { 'a.yaml': failing, 'bulwark.yaml': `${EXCEPTION}failOn: never\n` },
      ['--min-severity', 'critical'],
      'excepted',
      0,
      1,
    ],
  ])('%s', async (_name, files, args, verdict, fail, excepted) => {
    expect(await requirement(files, ...args)).toMatchObject({ verdict, counts: { fail, excepted } });
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[], RegExp]>([
    [
      'a file could not be read',
      { 'a.yaml': pod('a', ''), 'broken.yaml': 'a: [' },
      [],
      /^Nothing that was read fails, and 1 part of the input could not be judged: .*broken\.yaml\.$/,
    ],
    [
      'a control was left out',
      { 'a.yaml': pod('a', '') },
      ['--exclude', 'host-pid'],
      /^host-pid was left out by --exclude\.$/,
    ],
  ])('does not pass where %s, and says so', async (_name, files, args, reason) => {
    const found = await requirement(files, ...args);

    expect(found.verdict).toBe('not-checked');
    expect(found.reason).toMatch(reason);
  });

  it('fails by what was read where a file could not be read', async () => {
    const { verdict } = await requirement({ 'a.yaml': failing, 'broken.yaml': 'a: [' });

    expect(verdict).toBe('fail');
  });

  it('says in every format that it is excepted', async () => {
    const folder = tree({ 'a.yaml': failing, 'bulwark.yaml': EXCEPTION });

    for (const format of ['pretty', 'html', 'markdown']) {
      const scan = ['scan', folder.root, '--framework', 'pss-baseline', '--format', format];
      expect((await bulwark(scan, folder.root)).out).toMatch(/excepted/);
    }
  });
});
