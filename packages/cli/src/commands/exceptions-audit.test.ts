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

const pod = (name: string, annotations = ''): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${name}, annotations: {${annotations}}}, spec: {hostPID: true, containers: [{name: app}]}}\n`;

function audit(folder: FileTree, ...args: string[]): Promise<Ran> {
  return bulwark(['exceptions', 'audit', folder.root, ...args], folder.root);
}

interface Audit {
  readonly exceptions: readonly { source: string; faults: string[]; findings: unknown[]; gone?: number }[];
  readonly unreadable: readonly { file: string; line: number; reason: string }[];
  readonly lost: readonly { file: string }[];
}

async function audited(folder: FileTree, ...args: string[]): Promise<Audit> {
  const { out, err } = await audit(folder, '-f', 'json', ...args);
  if (err !== '') throw new Error(err);
  return JSON.parse(out) as Audit;
}

/** `bulwark.yaml` with exceptions from its third line on. */
const accepting = (...exceptions: string[]): string =>
  `exceptions:\n  accepted:\n${exceptions.map((each) => `    - {${each}, reason: Why}\n`).join('')}`;

describe('an audit of exceptions', () => {
  it('lists those that cannot be read, and fails for them alone', async () => {
    const folder = tree({
      'a.yaml': `# trivy:ignore:KSV-0010:exp:never\n${pod('a', 'bulwark.dev/except.host-pidd: Why')}`,
    });

    const { code, out } = await audit(folder);

    expect(code).toBe(1);
    expect(out).toContain(`UNREADABLE  ${folder.path('a.yaml')}:2:`);
    expect(out).toContain('there is no control host-pidd\n');
    expect(out).toContain('0 exceptions, 0 to clean up, 2 that cannot be read and accept nothing.\n');
    expect((await audited(folder)).unreadable).toMatchObject([
      {
        file: folder.path('a.yaml'),
        line: 2,
        reason: 'bulwark.dev/except.host-pidd: there is no control host-pidd',
      },
      { file: folder.path('a.yaml'), line: 1 },
    ]);
  });

  it('says nothing of what the configuration leaves unread', async () => {
    const folder = tree({
      'a.yaml': pod('a', 'bulwark.dev/except.host-pidd: Why'),
      'bulwark.yaml': 'exceptions: {annotations: ignore}',
    });

    expect(await audit(folder)).toMatchObject({ code: 0, out: 'There are no exceptions.\n' });
  });

  it.each([
    ['control: host-pid'],
    ['control: host-pid, namespace: "**"'],
    ['control: host-pid, namespace: ["*", a]'],
    ['control: host-pid, labels: {}'],
    ['control: host-pid, kind: "*", name: "*", path: "***"'],
    ['control: host-pid, kind: "*.*"'],
    ['control: "*", namespace: a'],
    ['control: ["*"], namespace: a'],
    ['control: [host-pid, "*"], namespace: a'],
    ['namespace: a, name: a, kind: Pod'],
  ])('finds {%s} too wide', async (exception) => {
    const folder = tree({ 'a.yaml': pod('a'), 'bulwark.yaml': accepting(exception) });

    expect((await audited(folder)).exceptions.map(({ faults }) => faults)).toEqual([['too wide']]);
  });

  it.each([
    ['control: host-pid, namespace: a'],
    ['control: host-pid, namespace: "*", name: a'],
    ['control: host-pid, kind: Pod'],
    ['control: host-pid, kind: Pod.'],
    ['control: host-pid, labels: {team: x}'],
    ['control: host-pid, path: "*/a.yaml"'],
    ['control: [host-pid, trivy:KSV-0010], name: a*'],
  ])('finds {%s} narrow enough, and counts what it hides once', async (exception) => {
    const folder = tree({
      'a.yaml': pod('a').replace('namespace: a', 'namespace: a, labels: {team: x}'),
      'bulwark.yaml': accepting(exception),
    });

    const { exceptions } = await audited(folder);

    expect(exceptions).toMatchObject([{ faults: [], findings: [{ control: 'host-pid' }] }]);
    expect(exceptions[0]?.findings).toHaveLength(1);
  });

  it.each<[string, string[], string[]]>([
    ['everything', [], ['3', '4', '5', '6', 'a.yaml:1']],
    ['one namespace', ['-n', 'a'], ['4', '5', '6', 'a.yaml:1']],
    ['another namespace', ['-n', 'b'], ['3', '6']],
    ['one control', ['--control', 'host-pid'], ['3', '5', '6']],
    ['all but one control', ['--exclude', 'host-ipc'], ['3', '5', '6']],
  ])('asks only what %s can tell', async (_name, args, sources) => {
    const folder = tree({
      'a.yaml': pod('a', 'bulwark.dev/except.host-ipc: Useless'),
      'b.yaml': pod('b'),
      'bulwark.yaml': accepting(
        'control: host-pid, namespace: b',
        'control: host-ipc, namespace: a',
        'control: host-pid, namespace: a',
        'control: host-pid, kind: Pod',
      ),
    });

    const { exceptions } = await audited(folder, ...args);

    expect(
      exceptions.map(({ source }) => source.replace(`${folder.root}/`, '').replace('bulwark.yaml:', '')),
    ).toEqual(sources);
  });

  it('takes an exception from a control that lacks its parameters for a useless one', async () => {
    const folder = tree({
      'a.yaml': pod('a'),
      'bulwark.yaml': accepting('control: required-label, name: a'),
    });

    expect((await audited(folder)).exceptions.map(({ faults }) => faults)).toEqual([['matches nothing']]);
  });

  it('says that an exception may be for what could not be judged', async () => {
    const folder = tree({ 'a.yaml': 'a: [', 'bulwark.yaml': accepting('control: host-pid, name: a') });

    const { code, out } = await audit(folder);

    expect(code).toBe(1);
    expect(out).toContain('MATCHES NOTHING  bulwark.yaml:3');
    expect(out).toContain(
      '1 part of the input could not be judged; an exception that matches nothing may match there.',
    );
    expect((await audited(folder)).lost).toMatchObject([{ file: folder.path('a.yaml') }]);
  });

  it('says how much of a baseline is gone', async () => {
    const folder = tree({ 'a.yaml': pod('a'), 'b.yaml': pod('b') });
    const file = folder.path('b.json');
    await bulwark(
      ['scan', folder.root, '--control', 'host-pid', '--write-baseline', file, '-q'],
      folder.root,
    );

    const args = ['exceptions', 'audit', folder.path('a.yaml'), '--baseline', file];
    const { code, out } = await bulwark(args, folder.root);

    expect(code).toBe(0);
    expect(out).toContain('hides 1 finding:');
    expect(out).toContain('1 finding in it is gone; --write-baseline drops them');
  });

  it('prints nothing that a terminal obeys', async () => {
    const folder = tree({ 'a.yaml': pod('a', 'bulwark.dev/except.host-pid: "\\e[2J\\u202eWhy"') });

    expect((await audit(folder)).out).toContain('\\x1b[2J\\u202eWhy (no owner, no end)');
  });
});

describe('every report', () => {
  const folder = tree({
    'a.yaml': pod(
      'a',
      'bulwark.dev/except.host-pid: "Granted; until=2026-11-25; owner=platform", bulwark.dev/except.host-ipc: "Bygone; until=2026-11-24", kube-linter.io/ignore-all: Wished',
    ).replace('hostPID', 'hostIPC: true, hostNetwork: true, hostPID'),
    'bulwark.yaml': 'exceptions: {otherTools: request}',
  });
  const report = async (format: string): Promise<string> =>
    (
      await bulwark(
        ['scan', folder.root, '--control', 'host-pid,host-ipc,host-network', '-f', format, '--all'],
        folder.root,
      )
    ).out;

  it.each(['json', 'sarif', 'junit', 'markdown', 'html'])(
    'of %s has the reason of what is accepted',
    async (format) => {
      expect(await report(format)).toContain('Granted');
    },
  );

  it.each(['json', 'sarif', 'junit', 'markdown', 'html', 'github'])(
    'of %s has the reason of what is asked for',
    async (format) => {
      expect(await report(format)).toContain('Wished');
    },
  );

  it.each<[string, RegExp]>([
    ['pretty', /1 finding accepted by exceptions\. An exception is asked for 2 findings\./],
    ['json', /"excepted": ?1\b/],
    ['sarif', /"status":"accepted"/],
    ['junit', /skipped="1"/],
    ['github', /1 under an exception/],
  ])('of %s counts what is accepted, and nothing that has run out', async (format, count) => {
    const text = await report(format);

    expect(text).toMatch(count);
    expect(text).not.toContain('Bygone');
  });
});
