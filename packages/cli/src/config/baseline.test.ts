import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { bulwark, type Ran } from '../run.testing.ts';

const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterAll(() => {
  for (const made of trees) made.remove();
});

/** A pod in a namespace of its own. */
const pod = (name: string, spec: string, annotations = ''): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${name}, annotations: {${annotations}}}, spec: {${spec}, containers: [{name: app}]}}\n`;
const BOTH = 'hostPID: true, hostIPC: true';

function scan(folder: FileTree, ...args: string[]): Promise<Ran> {
  const controls = args.includes('--control') ? [] : ['--control', 'host-pid,host-ipc'];
  return bulwark(['scan', folder.root, ...controls, ...args], folder.root);
}

/** Writes `b.json` in the folder after a scan that accepts what it held. */
function update(folder: FileTree, ...args: string[]): Promise<Ran> {
  return scan(
    folder,
    '--baseline',
    folder.path('b.json'),
    '--write-baseline',
    folder.path('b.json'),
    ...args,
  );
}

/** What `b.json` lists, as `control name`. */
function held(folder: FileTree): string[] {
  const { findings } = JSON.parse(readFileSync(folder.path('b.json'), 'utf8')) as {
    findings: { control: string; name: string }[];
  };
  return findings.map(({ control, name }) => `${control} ${name}`).sort();
}

/** A folder with two pods that share the namespaces of their nodes, and a baseline that lists it. */
async function known(): Promise<FileTree> {
  const folder = tree({ 'one.yaml': pod('one', BOTH), 'two.yaml': pod('two', BOTH) });
  await scan(folder, '--write-baseline', folder.path('b.json'));
  return folder;
}

const ALL = ['host-ipc one', 'host-ipc two', 'host-pid one', 'host-pid two'];

describe('a baseline that follows another', () => {
  it('keeps what is still there, so that the next scan fails no more than the last', async () => {
    const folder = await known();

    const { code, err } = await update(folder);

    expect([code, err, held(folder)]).toEqual([0, '', ALL]);
    expect((await scan(folder, '--baseline', folder.path('b.json'))).code).toBe(0);
  });

  it('takes in what is new, and leaves out what is gone and says so', async () => {
    const folder = await known();
    writeFileSync(folder.path('one.yaml'), pod('one', 'hostPID: true'));
    writeFileSync(folder.path('three.yaml'), pod('three', 'hostPID: true'));

    const { err } = await update(folder);

    expect(held(folder)).toEqual(['host-ipc two', 'host-pid one', 'host-pid three', 'host-pid two']);
    expect(err).toBe(
      'The new baseline leaves out 1 of the old one that is not found any more:\n  host-ipc in Pod/one/one spec.hostIPC\n',
    );
  });

  it.each<[string, string[]]>([
    ['a control that does not run', ['--control', 'host-pid']],
    ['a namespace that is left out', ['-n', 'one']],
    ['a severity that is not reported', ['--min-severity', 'critical', '--fail-on', 'critical']],
  ])('keeps what is found by %s', async (_name, args) => {
    const folder = await known();

    expect((await update(folder, ...args)).err).toBe('');
    expect(held(folder)).toEqual(ALL);
  });

  it('keeps what another exception accepts as well, and leaves out what only that accepts', async () => {
    const folder = await known();
    writeFileSync(folder.path('one.yaml'), pod('one', BOTH, 'bulwark.dev/except.host-pid: Why'));
    writeFileSync(
      folder.path('three.yaml'),
      pod('three', 'hostPID: true', 'bulwark.dev/except.host-pid: Why'),
    );

    await update(folder);

    expect(held(folder)).toEqual(ALL);
  });

  it('leaves out what a control found that there is no more', async () => {
    const folder = await known();
    writeFileSync(
      folder.path('b.json'),
      readFileSync(folder.path('b.json'), 'utf8').replaceAll('host-ipc', 'host-ipx'),
    );
    writeFileSync(folder.path('one.yaml'), pod('one', 'hostPID: true'));

    const { err } = await update(folder, '--control', 'host-pid');

    expect(held(folder)).toEqual(['host-pid one', 'host-pid two']);
    expect(err).toContain('leaves out 2 of the old one that are not found any more');
  });

  it('says nothing where nothing is to be said', async () => {
    const folder = await known();
    writeFileSync(folder.path('one.yaml'), pod('one', 'hostPID: true'));

    expect(await update(folder, '--quiet')).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('the file of a baseline', () => {
  it.each<[string, (folder: FileTree) => string, string]>([
    ['what is scanned', ({ root }) => root, 'is what is to be scanned'],
    ['a manifest in what is scanned', (folder) => folder.path('one.yaml'), 'is there and is not a baseline'],
    ['a link to one', (folder) => folder.path('link.json'), 'is there and is not a baseline'],
    ['the configuration', (folder) => folder.path('bulwark.yaml'), 'is there and is not a baseline'],
    ['what is no text', (folder) => folder.path('binary'), 'is there and is not a baseline'],
    ['in no folder', (folder) => folder.path('nowhere/b.json'), 'cannot be written (ENOENT)'],
    ['the file of a report', (folder) => folder.path('report.json'), 'is given twice'],
  ])('is refused before the scan when it is %s', async (_name, file, message) => {
    const folder = tree({
      'one.yaml': pod('one', BOTH),
      'bulwark.yaml': 'profile: strict\n',
      binary: '\0\0',
    });
    symlinkSync('one.yaml', folder.path('link.json'));

    const { code, out, err } = await scan(
      folder,
      '--write-baseline',
      file(folder),
      '-o',
      `json=${folder.path('report.json')}`,
    );

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(message)]);
    expect(err).toContain('--write-baseline');
    expect(readFileSync(folder.path('one.yaml'), 'utf8')).toBe(pod('one', BOTH));
  });

  it('may be empty, or an older baseline', async () => {
    const folder = tree({ 'one.yaml': pod('one', BOTH), 'b.json': '' });

    for (let time = 0; time < 2; time++)
      expect((await scan(folder, '--write-baseline', folder.path('b.json'))).code).toBe(0);
    expect(held(folder)).toEqual(['host-ipc one', 'host-pid one']);
  });
});

describe('the file of a report', () => {
  it.each([
    ['one.yaml', 'holds Kubernetes objects'],
    ['b.json', 'is the baseline'],
    ['bulwark.yaml', 'is the configuration'],
    ['values.yaml', 'is no report'],
  ])('is refused when it is %s, though only its folder is scanned', async (name, message) => {
    const folder = await known();
    writeFileSync(folder.path('bulwark.yaml'), 'profile: default\n');
    writeFileSync(folder.path('values.yaml'), 'replicas: 3\n');
    const before = readFileSync(folder.path(name), 'utf8');

    const { code, err } = await scan(
      folder,
      '--baseline',
      folder.path('b.json'),
      '-o',
      `json=${folder.path(name)}`,
    );

    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(readFileSync(folder.path(name), 'utf8')).toBe(before);
  });
});
