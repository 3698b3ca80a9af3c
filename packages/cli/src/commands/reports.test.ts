import { existsSync, readFileSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ran, bulwark as runIn } from '../run.testing.ts';

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  hostPID: true\n  containers: [{name: app, image: a.example/b:1}]\n`;
const MANY = 10_001;
const tree: FileTree = writeTree({
  'pod.yaml': pod('web'),
  'empty/notes.md': '# Nothing\n',
  'settings/a.yaml': 'a: 1\n',
  'many.yaml': Array.from({ length: MANY }, (_item, index) => pod(`web-${index}`)).join('---\n'),
});
afterAll(() => tree.remove());

const scan = (...args: readonly string[]): Promise<Ran> => runIn(['scan', ...args], tree.root);

describe('a report for standard output', () => {
  const file = tree.path('pod.yaml');

  it.each([[['-o', 'json=-']], [['--quiet', '-o', 'json=-']], [['-q', '-o', 'json=-', '-o', 'junit=x.xml']]])(
    'is printed instead of the usual one: %j',
    async (flags) => {
      const { out, code } = await scan(
        file,
        ...flags.map((flag) => flag.replace('x.xml', tree.path('x.xml'))),
      );

      expect(JSON.parse(out)).toMatchObject({ schema: 'bulwark.scan/v1' });
      expect(code).toBe(1);
      expect(existsSync('-')).toBe(false);
    },
  );

  it.each([
    [['-o', 'json=-', '-o', 'sarif=-'], '--output: - is given twice'],
    [['-f', 'pretty', '-o', 'json=-'], '--format pretty and --output json=- both go to standard output'],
    [['--write-baseline', '-'], '--write-baseline: - is standard output'],
    [['-o', 'json'], 'such as json=report.json, not "json"; -f json writes that to standard output'],
  ])('is the only one: %j is refused', async (flags, message) => {
    const { code, out, err } = await scan(file, ...flags);

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('a report that is cut', () => {
  const only = ['--control', 'host-pid', '--threads', '1'];
  const said = `The report junit: Only the worst 10000 of ${MANY} findings are in it, as GitLab reads no larger report; --all writes them all.\n`;

  it('is said to be on standard error, once for each format', async () => {
    const files = ['a.xml', 'b.xml'].flatMap((name) => ['-o', `junit=${tree.path(name)}`]);
    const { err } = await scan(tree.path('many.yaml'), ...only, ...files);

    expect(err).toBe(said);
    expect(readFileSync(tree.path('a.xml'), 'utf8')).toContain('failures="10000"');
  });

  it.each([['--quiet'], ['--all']])('is not with %s', async (flag) => {
    const output = `junit=${tree.path('c.xml')}`;

    expect((await scan(tree.path('many.yaml'), ...only, '-o', output, flag)).err).toBe('');
  });
});

describe('a scan of nothing', () => {
  it.each([
    { path: 'empty', flags: ['--strict'], expected: 3 },
    { path: 'empty', flags: [], expected: 0 },
    { path: 'settings', flags: ['--strict', '-n', 'shop'], expected: 3 },
    { path: 'pod.yaml', flags: ['--strict', '-n', 'shpo', '--fail-on', 'never'], expected: 3 },
    { path: 'pod.yaml', flags: ['--strict', '-n', 'shop', '--fail-on', 'never'], expected: 0 },
  ])('of $path with $flags ends with $expected', async ({ path, flags, expected }) => {
    expect((await scan(tree.path(path), ...flags)).code).toBe(expected);
  });

  it('says so, and where it looked', async () => {
    const [first, second] = [`${tree.path('empty')}/.`, tree.path('settings')];
    const { out } = await scan(first, second);

    expect(out).toContain('No Kubernetes object that could be judged.');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(`Nothing in ${first}, ${second} is a Kubernetes object.`);
  });

  it('says what would read it, where a named folder has only ignored files', async () => {
    const folder = writeTree({ '.git/HEAD': '', '.gitignore': '/made/*\n', 'made/a.yaml': 'kind: Pod\n' });
    const { out } = await scan(folder.path('made'), '-f', 'json');

    const { coverage } = JSON.parse(out) as { coverage: readonly { code: string; reason: string }[] };
    const lost = coverage.find(({ code }) => code === 'no-object');
    expect(lost?.reason).toMatch(
      /made is a Kubernetes object\. Skipped 1 git-ignored path; --no-ignore reads them\.$/,
    );
    folder.remove();
  });

  it('says so once, where something was lost', async () => {
    const folder = writeTree({ 'a.yaml': 'a: [\n' });
    const { out } = await scan(folder.root, '-f', 'json');

    expect(JSON.parse(out)).toMatchObject({ coverage: [{ code: 'invalid-yaml' }] });
    folder.remove();
  });
});
