import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { formerFingerprint } from '@bulwark/core';
import { type FileTree, namesMadeAlike, writeTree } from '@bulwark/testkit';
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

  it('accepts no copy in another file, and all of it where the file moved', async () => {
    const folder = tree({ 'dev/one.yaml': pod('one', BOTH) });
    const baseline = ['--baseline', folder.path('b.json')];
    await scan(folder, '--write-baseline', folder.path('b.json'));

    mkdirSync(folder.path('copy'));
    writeFileSync(folder.path('copy/one.yaml'), pod('one', BOTH));
    const copied = await scan(folder, ...baseline, '-f', 'json');
    rmSync(folder.path('dev'), { recursive: true });
    const moved = await scan(folder, ...baseline);

    expect([copied.code, moved.code]).toEqual([1, 0]);
    const { findings } = JSON.parse(copied.out) as { findings: { file: string; exception?: unknown }[] };
    expect(findings.map(({ file, exception }) => [file.split('/').at(-2), exception !== undefined])).toEqual([
      ['copy', false],
      ['dev', true],
      ['copy', false],
      ['dev', true],
    ]);
  });

  it('takes in a copy, and leaves out what is gone of it', async () => {
    const folder = tree({ 'dev/one.yaml': pod('one', BOTH), 'prod/one.yaml': pod('one', BOTH) });
    await scan(folder, '--write-baseline', folder.path('b.json'));
    const both = held(folder);

    writeFileSync(folder.path('prod/one.yaml'), pod('one', 'hostPID: true'));
    const { err } = await update(folder);

    expect(both).toEqual(['host-ipc one', 'host-ipc one', 'host-pid one', 'host-pid one']);
    expect(held(folder)).toEqual(['host-ipc one', 'host-pid one', 'host-pid one']);
    expect(err).toContain('leaves out 1 of the old one that is not found any more');
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

/** Makes `b.json` what the version before wrote. */
function asBefore(folder: FileTree): void {
  const { findings, ...rest } = JSON.parse(readFileSync(folder.path('b.json'), 'utf8')) as {
    findings: { control: string; kind: string; namespace: string; name: string; path: string }[];
  };
  const former = findings.map(({ control, kind, namespace, name, path, ...more }) => ({
    ...{ ...more, control, kind, namespace, name, path },
    fingerprint: formerFingerprint({
      ...{ control, semanticPath: path },
      resource: { apiVersion: 'v1', kind, namespace, name },
    }),
  }));
  writeFileSync(
    folder.path('b.json'),
    JSON.stringify({ ...rest, schema: 'bulwark.baseline/v1', findings: former }),
  );
}

/** The names in a report of what is accepted, and its remarks on the baseline. */
function reported({ out }: Ran): { accepted: readonly string[]; said: readonly string[] } {
  const { findings, coverage } = JSON.parse(out) as {
    findings: { control: string; resource: { name: string }; exception?: unknown }[];
    coverage: { code: string; reason: string }[];
  };
  return {
    accepted: findings
      .filter(({ exception }) => exception !== undefined)
      .map(({ control, resource }) => `${control} ${resource.name}`)
      .sort(),
    said: coverage.flatMap(({ code, reason }) => (code === 'former-fingerprints' ? [reason] : [])),
  };
}

describe('a baseline with fingerprints of version 1', () => {
  it('goes on being accepted, and it is said once how it is written anew', async () => {
    const folder = await known();
    asBefore(folder);

    const { accepted, said } = reported(
      await scan(folder, '--baseline', folder.path('b.json'), '-f', 'json'),
    );

    expect(accepted).toEqual(ALL);
    expect(said).toEqual([
      `4 findings are named by their fingerprints of version 1. bulwark scan with --baseline ${folder.path('b.json')} --write-baseline ${folder.path('b.json')} writes it anew.`,
    ]);
  });

  it('is of version 2 once it is written anew, but for what was not looked for, which stays as it is', async () => {
    const folder = await known();
    const before = readFileSync(folder.path('b.json'), 'utf8');
    asBefore(folder);

    const { err } = await update(folder, '--control', 'host-pid');
    const half = JSON.parse(readFileSync(folder.path('b.json'), 'utf8')) as {
      findings: { version?: number }[];
    };
    expect([err, held(folder), half.findings.filter(({ version }) => version === 1).length]).toEqual([
      '',
      ALL,
      2,
    ]);
    await update(folder);

    expect(readFileSync(folder.path('b.json'), 'utf8')).toBe(before);
  });

  it('accepts nothing by a fingerprint that several findings have, and says so', async () => {
    const folder = await madeAlike(['one', 'other']);

    const { accepted, said } = reported(
      await scan(folder, '--baseline', folder.path('b.json'), '-f', 'json'),
    );

    expect(accepted).toEqual([]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('1 of these is of several findings, or of another one than is meant');
  });

  it('accepts no finding of another object that was made to have the fingerprint of one that is gone', async () => {
    const folder = await madeAlike(['other']);

    const { accepted } = reported(await scan(folder, '--baseline', folder.path('b.json'), '-f', 'json'));

    expect(accepted).toEqual([]);
  });
});

/** A folder with some of two pods whose findings have one fingerprint of version 1, and a baseline that lists the first. */
async function madeAlike(there: readonly ('one' | 'other')[]): Promise<FileTree> {
  const [one, other] = namesMadeAlike('1|host-pid|/Pod|shop|');
  const inShop = (name: string): string =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop}, spec: {hostPID: true, containers: [{name: app}]}}\n`;
  const folder = tree({ 'one.yaml': inShop(one) });
  await scan(folder, '--write-baseline', folder.path('b.json'));
  asBefore(folder);
  rmSync(folder.path('one.yaml'));
  for (const each of there) writeFileSync(folder.path(`${each}.yaml`), inShop(each === 'one' ? one : other));
  return folder;
}
