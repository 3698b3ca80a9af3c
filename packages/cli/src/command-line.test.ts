import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { REPORT_FORMATS } from '@bulwark/formats';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from './io.ts';
import { type Ran, bulwark as runIn } from './run.testing.ts';

const pod = (name: string, rest = '', namespace = 'default'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n${rest}  securityContext: {runAsNonRoot: true}\n  containers:\n  - {name: app, image: example.com/app:1, resources: {limits: {memory: 64Mi}}, securityContext: {allowPrivilegeEscalation: false}}\n`;

const tree: FileTree = writeTree({
  'clean.yaml': pod('clean'),
  'host.yaml': pod('host', '  hostPID: true\n'),
  'privileged.yaml': pod('root').replace(
    'allowPrivilegeEscalation: false',
    'allowPrivilegeEscalation: false, privileged: true',
  ),
  'broken/bad.yaml': `a: [\n---\n${pod('good', '  hostPID: true\n')}`,
  'lost/bad.yaml': 'a: [\n',
  'spaces/a.yaml': pod('a', '  hostPID: true\n', 'one'),
  'spaces/b.yaml': pod('b', '  hostPID: true\n', 'two'),
});
afterAll(() => tree.remove());

function bulwark(args: readonly string[], io: Partial<Io> = {}): Promise<Ran> {
  const readStdin = () => Promise.resolve(new TextEncoder().encode(pod('piped', '  hostPID: true\n')));
  return runIn(args, tree.root, { readStdin, ...io });
}

interface Report {
  readonly findings: readonly {
    control: string;
    severity: string;
    resource: { namespace: string; name: string };
    file: string;
    line: number;
  }[];
  readonly verdicts?: readonly { verdict: string }[];
  readonly coverage: readonly { code: string; kind: string; file: string; line: number }[];
  readonly frameworks: readonly { id: string; verdict: string }[];
  readonly controls: Readonly<Record<string, unknown>>;
}

async function report(args: readonly string[], io: Partial<Io> = {}): Promise<Report> {
  return JSON.parse((await bulwark(['scan', ...args, '--format', 'json'], io)).out) as Report;
}

describe('exit codes', () => {
  it.each([
    ['0 when nothing is wrong', ['clean.yaml'], 0],
    ['1 for a high finding', ['host.yaml'], 1],
    ['1 for a critical finding', ['privileged.yaml', '--fail-on', 'critical'], 1],
    ['0 for findings below the threshold', ['host.yaml', '--fail-on', 'critical'], 0],
    ['0 when nothing may fail', ['privileged.yaml', '--fail-on', 'never'], 0],
    ['0 for lost input without --strict', ['lost'], 0],
    ['3 for lost input with --strict', ['lost', '--strict'], 3],
    ['1 before 3', ['broken', '--strict'], 1],
    ['0 for an excluded control', ['host.yaml', '--exclude', 'host-pid'], 0],
    ['1 for a control named by an alias', ['host.yaml', '--control', 'kube-linter:host-pid'], 1],
    ['1 for an alias that several controls share', ['host.yaml', '--control', 'kubescape:C-0038'], 1],
    ['2 for a path that does not exist', ['nowhere.yaml'], 2],
    ['3 for a namespace without objects with --strict', ['spaces', '-n', 'three', '--strict'], 3],
  ])('%s', async (_name, [path = '', ...flags], code) => {
    expect((await bulwark(['scan', tree.path(path), ...flags])).code).toBe(code);
  });

  it.each([
    [['scan', '--format', 'jsonn'], 'did you mean "json"?'],
    [['scan', '--fail-on', 'info'], 'Allowed choices'],
    [['scan', '--kubernetes-version', '1.99'], 'known are 1.0 to 1.37'],
    [['scan', '--kubernetes-version', 'abc'], 'not a Kubernetes version'],
    [['scan', '--framework', 'pss-basline'], 'did you mean "pss-baseline"?'],
    [['scan', '--control', 'host-pidd'], 'did you mean "host-pid"?'],
    [['scan', '--exclude', 'nonsense-without-likeness'], 'unknown control'],
    [['scan', '--control', 'host-pid', '--exclude', 'host-pid'], 'no control is left'],
    [['scan', '--output', 'json'], 'FORMAT=FILE'],
    [['scan', '--output', 'json=/nonexistent/folder/x.json'], 'cannot be written'],
    [['scan', '--output', `json=${tree.path('clean.yaml')}`], 'is what is to be scanned'],
    [['scan', '-o', `json=${tree.path('x')}`, '-o', `pretty=${tree.path('x')}`], 'is given twice'],
    [['scan', '--control', ''], 'must not be empty'],
    [['scan', '--namespace', ' , '], 'must not be empty'],
    [['scan', '--framework', ''], 'must not be empty'],
    [['scan', '--threads', '0'], 'whole number from 1'],
    [['scam'], "unknown command 'scam'"],
    [['explain'], "missing required argument 'id'"],
    [['explain', 'host-pidd'], 'did you mean "host-pid"?'],
    [['frameworks', 'pss-restrictd'], 'did you mean "pss-restricted"?'],
    [[], 'Usage: bulwark'],
  ])('2 for %j, saying what would be right', async (args, text) => {
    const { code, out, err } = await bulwark([
      ...args,
      ...(args[0] === 'scan' ? [tree.path('clean.yaml')] : []),
    ]);

    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(out).toBe('');
  });

  it('0 for help and version', async () => {
    expect((await bulwark(['--help'])).code).toBe(0);
    expect((await bulwark(['scan', '--help'])).out).toContain('Exit codes');
    expect(await bulwark(['version'])).toEqual({ code: 0, out: 'bulwark 1.2.3 (Node v20.0.0)\n', err: '' });
  });
});

describe('bulwark scan', () => {
  it('judges every document that can be read, beside one that cannot', async () => {
    const { findings, coverage } = await report([tree.path('broken')]);

    expect(findings).toMatchObject([{ control: 'host-pid', resource: { name: 'good' }, line: 7 }]);
    expect(coverage).toMatchObject([
      { code: 'invalid-yaml', kind: 'lost', file: tree.path('broken/bad.yaml') },
    ]);
  });

  it('reads standard input', async () => {
    expect((await report(['-'])).findings).toMatchObject([
      { file: '-', line: 5, resource: { name: 'piped' } },
    ]);
  });

  it.each([
    ['binary', new Uint8Array([0, 1, 2]), [], 'not-text'],
    ['not UTF-8', new Uint8Array([0x61, 0xff]), [], 'not-text'],
    [
      'too large',
      new TextEncoder().encode('#'.repeat(1024 * 1024 + 1)),
      ['--max-file-size', '1'],
      'too-large',
    ],
  ])('reports standard input that is %s', async (_name, bytes, flags, code) => {
    const { coverage } = await report(['-', ...flags], { readStdin: () => Promise.resolve(bytes) });

    expect(coverage).toMatchObject([{ code, kind: 'lost', file: '-' }]);
  });

  it('reads a path that is given twice once', async () => {
    expect(
      (await report([tree.path('host.yaml'), tree.root, '--control', 'host-pid'])).findings,
    ).toHaveLength(4);
  });

  it('judges only the namespaces that are asked for', async () => {
    const { findings } = await report([tree.path('spaces'), '--namespace', 'two']);

    expect(findings.map(({ resource }) => resource)).toMatchObject([{ namespace: 'two', name: 'b' }]);
  });

  it('hides what is below --min-severity', async () => {
    const strict = [tree.path('host.yaml'), '--min-severity', 'critical'];

    expect((await report([...strict, '--fail-on', 'critical'])).findings).toEqual([]);
    // What fails the scan is never hidden.
    expect((await report(strict)).findings).toMatchObject([{ severity: 'high' }]);
  });

  it('answers for frameworks, running all of their controls and no others', async () => {
    const { frameworks, controls } = await report([tree.path('host.yaml'), '--framework', 'pss-baseline']);

    expect(frameworks).toMatchObject([{ id: 'pss-baseline', verdict: 'fail' }]);
    expect(Object.keys(controls)).toContain('host-pid');
    expect(Object.keys(controls)).not.toContain('run-as-non-root');
  });

  it('lists every verdict on demand, passes included', async () => {
    const { verdicts } = await report([tree.path('clean.yaml'), '--verdicts']);

    expect(verdicts?.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(10);
  });

  it('writes further reports to files', async () => {
    const file = tree.path('report.json');
    const { out } = await bulwark(['scan', tree.path('host.yaml'), '-o', `json=${file}`]);

    expect(out).toContain('host-pid');
    expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      schema: 'bulwark.scan/v1',
    });
  });

  it('leaves a report that was there alone until there is a new one, and never reads its own', async () => {
    const folder = writeTree({ 'report,1.json': 'precious', 'a.yaml': pod('a') });
    const [file, output] = [folder.path('report,1.json'), `json=${folder.path('report,1.json')}`];

    const failed = await bulwark(['scan', folder.path('nowhere.yaml'), '-o', output]);
    const before = readFileSync(file, 'utf8');
    await bulwark(['scan', folder.root, '-o', output]);
    const { coverage } = await report([folder.root, '-o', output]);

    expect([failed.code, before, coverage]).toEqual([2, 'precious', []]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schema: 'bulwark.scan/v1' });
    expect(readdirSync(folder.root).toSorted()).toEqual(['a.yaml', 'report,1.json']);
    folder.remove();
  });

  it.skipIf(!existsSync('/dev/full'))('says when a report cannot be written (needs /dev/full)', async () => {
    const { code, err } = await bulwark(['scan', tree.path('clean.yaml'), '-o', 'json=/dev/full']);

    expect([code, err]).toEqual([2, 'error: --output: /dev/full cannot be written (ENOSPC)\n']);
  });

  it('counts what was judged, and says when a namespace that was asked for holds nothing', async () => {
    const { out } = await bulwark(['scan', tree.path('spaces'), '-n', 'two', '-n', 'three', '--all']);

    expect(out).toContain('1 object');
    expect(out).toContain('No object is in the namespace three.');
  });

  it('repeats the command with its options where it hints at more', async () => {
    const { out } = await bulwark([
      'scan',
      tree.path('spaces'),
      '--profile',
      'all',
      '--namespace',
      'one two',
    ]);

    expect(out).not.toContain('--all');
    const folded = await bulwark(['scan', tree.path('spaces'), '--profile', 'all']);
    expect(folded.out).toContain(`bulwark scan ${tree.path('spaces')} --profile all --all`);
  });

  it('names every format in its help', async () => {
    const { out } = await bulwark(['scan', '--help']);

    const formats = /what to print: ([^(]*)/.exec(out)?.[1]?.split(/[\s,]+/) ?? [];
    for (const { id } of REPORT_FORMATS) expect(formats).toContain(id);
  });

  it('prints nothing with --quiet', async () => {
    expect(await bulwark(['scan', tree.path('host.yaml'), '--quiet'])).toEqual({ code: 1, out: '', err: '' });
  });

  it.each([
    ['on a terminal', { isTerminal: true }, [], true],
    ['into a pipe', {}, [], false],
    ['with NO_COLOR', { isTerminal: true, env: { NO_COLOR: '1' } }, [], false],
    ['with --no-color', { isTerminal: true }, ['--no-color'], false],
    ['on a dumb terminal', { isTerminal: true, env: { TERM: 'dumb' } }, [], false],
    ['with FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, [], true],
  ])('decides about colours %s', async (_name, io, flags, hasColor) => {
    const { out } = await bulwark(['scan', tree.path('host.yaml'), ...flags], io);

    expect(out.includes('\u001b[')).toBe(hasColor);
  });
});

describe('the catalogue', () => {
  it('lists controls, for people and for machines', async () => {
    expect((await bulwark(['controls'])).out).toMatch(/^privileged-container +critical/m);
    expect(JSON.parse((await bulwark(['controls', '--format', 'json'])).out)).toContainEqual(
      expect.objectContaining({ id: 'host-pid' }),
    );
  });

  it("explains a control by its id and by another tool's", async () => {
    const { out } = await bulwark(['explain', 'host-pid'], { columns: 60 });

    expect(out).toContain('What to change');
    expect(out).toContain('pss-baseline/');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(100);
    expect((await bulwark(['explain', 'trivy:KSV-0010'])).out).toContain('host-pid');
  });

  it("takes another tool's id as the reports of that tool print it", async () => {
    expect((await bulwark(['explain', 'KSV-0010'])).out).toContain('host-pid');
    expect((await bulwark(['explain', 'CKV_K8S_16'])).out).toContain('privileged-container');
    expect((await bulwark(['explain', 'KSV'])).err).toContain('unknown control "KSV"');
  });

  it('lists frameworks and their requirements', async () => {
    expect((await bulwark(['frameworks'])).out).toContain('pss-restricted');
    expect((await bulwark(['frameworks', 'pss-baseline'])).out).toContain('host-pid');
  });
});
