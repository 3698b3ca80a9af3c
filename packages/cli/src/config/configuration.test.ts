import { readFileSync } from 'node:fs';
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

const pod = (name: string, spec = '', metadata = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n${metadata}spec:\n${spec}  containers: [{name: app, image: example.com/app:1}]\n`;
const HOST = pod('host', '  hostPID: true\n');

interface Report {
  readonly findings: readonly {
    readonly control: string;
    readonly severity: string;
    readonly message: string;
    readonly exception?: { readonly reason: string; readonly origin: string; readonly source: string };
    readonly requested?: { readonly reason: string };
  }[];
  readonly controls: Readonly<Record<string, unknown>>;
  readonly coverage: readonly { readonly code: string; readonly reason: string; readonly line: number }[];
  readonly summary: { readonly excepted: number };
}

async function report(folder: FileTree, ...args: string[]): Promise<Report> {
  const { out, err } = await bulwark(['scan', folder.root, '--format', 'json', ...args], folder.root);
  if (err !== '') throw new Error(err);
  return JSON.parse(out) as Report;
}

describe('bulwark.yaml', () => {
  it('says everything that is wrong with it at once, with its line and the nearest name', async () => {
    const folder = tree({
      'bulwark.yaml': `profil: strict
failOn: hi
controls:
  host-pid: {severty: low}
exceptions:
  accepted:
    - control: host-pid
`,
    });

    const { code, err } = await bulwark(['scan'], folder.root);

    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      'error: the configuration is wrong',
      'bulwark.yaml:1:1: profil: unknown key "profil"; did you mean "profile"?',
      'bulwark.yaml:2:1: failOn: must be critical, high, medium, low or never; did you mean "high"?',
      'bulwark.yaml:4:14: controls.host-pid.severty: unknown key "severty"; did you mean "severity"?',
      'bulwark.yaml:7:7: exceptions.accepted.0.reason: is missing',
      '',
    ]);
  });

  it('knows what people call the keys of an exception', async () => {
    const folder = tree({
      'bulwark.yaml':
        'exceptions:\n  accepted:\n    - {control: host-pid, reason: needed, approver: security, expiry: 2027-01-01}\n',
    });

    const { err } = await bulwark(['scan'], folder.root);

    expect(err).toContain('approver: unknown key "approver"; did you mean "approvedBy"?');
    expect(err).toContain('expiry: unknown key "expiry"; did you mean "until"?');
  });

  it('says an unknown parameter beside a wrong key of the same control', async () => {
    const folder = tree({
      'bulwark.yaml':
        'controls:\n  host-pid: {only: {namespce: a}, params: {x: 1}}\n  host-ipc: {severty: low, params: {z: 1}}\n',
    });

    const { code, err } = await bulwark(['scan'], folder.root);

    expect(code).toBe(2);
    expect(err).toContain('unknown key "namespce"');
    expect(err).toContain('controls.host-pid.params.x: unknown parameter of host-pid "x"');
    expect(err).toContain('unknown key "severty"');
    expect(err).toContain('controls.host-ipc.params.z: unknown parameter of host-ipc "z"');
  });

  it('quotes nothing that a terminal or a build server would obey', async () => {
    const folder = tree({ 'bulwark.yaml': '"::add-mask::\\e[31mx\\n::error::y": 1\n' });

    const { err } = await bulwark(['scan'], folder.root);

    expect(err).not.toMatch(/\u001b|^::/m);
    expect(err).toContain('\\x1b[31mx');
  });

  it('says every name in it that does not exist', async () => {
    const folder = tree({
      'bulwark.yaml': `kubernetesVersion: "1.99"
frameworks: [pss-restrictd]
controls:
  host-pidd: off
  projected-token-lifetime: {params: {maximumSecond: 1, maximumSeconds: soon}}
custom:
  - {id: ours, control: required-labl}
  - {id: host-pid, control: host-ipc}
exceptions: {accepted: [{control: [host-ipc, host-pidd], reason: x}]}
`,
    });

    const { err } = await bulwark(['scan'], folder.root);

    for (const part of [
      'bulwark.yaml:1:1: kubernetesVersion: ',
      'bulwark.yaml:2:14: frameworks.0: unknown framework "pss-restrictd"; did you mean "pss-restricted"?',
      'bulwark.yaml:4:3: controls.host-pidd: unknown control "host-pidd"; did you mean "host-pid"?',
      'unknown parameter of projected-token-lifetime "maximumSecond"; did you mean "maximumSeconds"?',
      'params.maximumSeconds: must be a whole number, not "soon"',
      'custom.0.control: unknown control "required-labl"; did you mean "required-label"?',
      'custom.1.id: there is a control host-pid already',
      'exceptions.accepted.0.control.1: unknown control "host-pidd"; did you mean "host-pid"?',
    ])
      expect(err).toContain(part);
  });

  it.each([
    ['a: [', 'bulwark.yaml:1:'],
    ['profile: all\nprofile: strict', 'bulwark.yaml:2:1: '],
    ['- a', 'must be a mapping'],
    ['kubernetesVersion: 1.30', 'must be a text in quotes, such as "1.30"'],
    ['controls: {host-pid: {params: {constructor: 2}}}', 'unknown parameter of host-pid "constructor"'],
    ['profil: all\ncontrols: {host-pidd: off, host-ipc: {severity: 3}}', 'did you mean "host-pid"?'],
    ['a: 1\n---\nb: 1', 'bulwark.yaml:2:1: a second document'],
    ['controls: {__proto__: off}', 'bulwark.yaml:1:12: controls.__proto__: must not be a key'],
  ])('is refused when it is %j', async (text, message) => {
    const { code, err } = await bulwark(['scan'], tree({ 'bulwark.yaml': text }).root);

    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('may have sections with nothing in them', async () => {
    const folder = tree({ 'bulwark.yaml': 'controls:\n# host-pid: off\nexceptions:\n', 'a.yaml': HOST });

    expect((await bulwark(['scan', folder.root, '-q'], folder.root)).code).toBe(1);
  });

  it('is found in a folder around, named, or left alone', async () => {
    const folder = tree({
      '.git/HEAD': '',
      'bulwark.yaml': 'controls: {host-pid: off}',
      'other.yaml': 'controls: {host-pid: low}',
      'deploy/a.yaml': HOST,
    });

    // The command reads the process's own folder; the paths are given so that it does not matter.
    const scan = ['scan', folder.path('deploy'), '--format', 'json'];
    const near = await bulwark(scan, folder.path('deploy'));
    const named = await bulwark([...scan, '--config', folder.path('other.yaml')], folder.root);
    const none = await bulwark([...scan, '--no-config'], folder.root);

    const of = ({ out }: { readonly out: string }) =>
      (JSON.parse(out) as Report).findings.find(({ control }) => control === 'host-pid')?.severity;
    expect([near, named, none].map(of)).toEqual([undefined, 'low', 'high']);
  });

  it('decides what runs, how bad it is, where, and with which parameters', async () => {
    const folder = tree({
      'bulwark.yaml': `profile: default
failOn: critical
ignore: [vendor/]
controls:
  host-ipc: critical
  host-network: {not: {namespace: "sh*"}}
  projected-token-lifetime: {enabled: true, params: {maximumSeconds: 4000}}
custom:
  - id: no-pods
    control: forbidden-kind
    title: Nobody makes bare pods here
    message: "{resource} is a bare pod."
    severity: medium
    params: {kinds: [Pod]}
`,
      'a.yaml': pod('a', '  hostIPC: true\n  hostNetwork: true\n'),
      'vendor/b.yaml': HOST,
    });

    const { findings, controls, coverage } = await report(folder);
    const { code } = await bulwark(['scan', folder.root], folder.root);

    const found = Object.fromEntries(findings.map(({ control, severity }) => [control, severity]));
    expect(found).toMatchObject({ 'host-ipc': 'critical', 'no-pods': 'medium' });
    expect(found).not.toHaveProperty('host-network');
    expect(found).not.toHaveProperty('host-pid');
    expect(findings.find(({ control }) => control === 'no-pods')?.message).toBe('Pod/a is a bare pod.');
    expect(Object.keys(controls)).toContain('projected-token-lifetime');
    expect(coverage.map(({ reason }) => reason)).toContain('The configuration leaves out 1 path.');
    expect(code).toBe(1);
  });

  it('is overruled by the command line', async () => {
    const folder = tree({ 'bulwark.yaml': 'failOn: never\ncontrols: {host-pid: off}', 'a.yaml': HOST });

    const quiet = await bulwark(['scan', folder.root], folder.root);
    const asked = await bulwark(
      ['scan', folder.root, '--fail-on', 'high', '--control', 'host-pid'],
      folder.root,
    );

    expect([quiet.code, asked.code]).toEqual([0, 1]);
  });
});

describe('an exception', () => {
  const EXCEPTION = (until: string): string => `exceptions:
  accepted:
    - control: kube-linter:host-pid
      namespace: shop
      kind: Pod
      name: ho*
      reason: It watches the node.
      owner: platform
      until: ${until}
`;

  it('accepts what it covers, with its reason and its place, and fails nothing', async () => {
    const folder = tree({
      'bulwark.yaml': EXCEPTION('2026-11-25'),
      'a.yaml': HOST,
      'b.yaml': pod('other', '  hostPID: true\n'),
    });

    const { findings, summary } = await report(folder, '--control', 'host-pid');
    const { code, out } = await bulwark(
      ['scan', folder.path('a.yaml'), '--control', 'host-pid'],
      folder.root,
    );

    expect(findings.map(({ exception }) => exception?.reason)).toEqual(['It watches the node.', undefined]);
    expect(findings[0]?.exception).toMatchObject({ origin: 'configuration', source: 'bulwark.yaml:3' });
    expect(summary.excepted).toBe(1);
    expect(code).toBe(0);
    expect(out).toContain('1 finding accepted by exceptions.');
  });

  it('hides nothing once it has run out', async () => {
    const folder = tree({ 'bulwark.yaml': EXCEPTION('2026-11-24'), 'a.yaml': HOST });

    expect((await report(folder, '--control', 'host-pid')).findings[0]?.exception).toBeUndefined();
  });

  const annotated = (annotations: string): string =>
    pod('host', '  hostPID: true\n', `  annotations:\n${annotations}`);

  it.each([
    ['bulwark.dev/except.host-pid: "It watches the node.; until=2027-01-31; owner=platform"', 'annotation'],
    ['ignore-check.kube-linter.io/host-pid: It watches the node.', 'tool:kube-linter'],
    ['kube-linter.io/ignore-all: It watches the node.', 'tool:kube-linter'],
    ['checkov.io/skip1: CKV_K8S_17=It watches the node.', 'tool:checkov'],
    ['polaris.fairwinds.com/hostPIDSet-exempt: "true"', 'tool:polaris'],
  ])('is read from the annotation %s', async (annotation, origin) => {
    const folder = tree({
      'a.yaml': `${annotated(`    ${annotation}\n`)}---\n${pod('b', '  hostPID: true\n')}`,
    });

    const { findings } = await report(folder, '--control', 'host-pid');

    // Never wider than the object it stands in.
    expect(findings.map(({ exception }) => exception?.origin)).toEqual([origin, undefined]);
    expect(findings[0]?.exception?.source).toBe(`${folder.path('a.yaml')}:7`);
  });

  it.each([
    ['# trivy:ignore:KSV-0010', 'tool:trivy'],
    ['#trivy:ignore:AVD-KSV-0010:exp:2027-01-01', 'tool:trivy'],
    ['# checkov:skip=CKV_K8S_17:It watches the node.', 'tool:checkov'],
  ])('is read from the comment %s', async (comment, origin) => {
    const other = pod('b', '  hostPID: true\n');
    const folder = tree({
      'a.yaml': `${comment}\n${HOST}---\n${other}`,
      'b.yaml': HOST.replace('spec:', `${comment}\nspec:`),
    });

    const { findings } = await report(folder, '--control', 'host-pid');

    expect(findings.map(({ exception }) => exception?.origin)).toEqual([origin, undefined, origin]);
  });

  it('in an object is shown as asked for, or not read, as the configuration wants', async () => {
    const files = {
      'a.yaml': annotated('    bulwark.dev/except.host-pid: It watches the node.\n'),
      'b.yaml': annotated('    checkov.io/skip1: CKV_K8S_17=It watches the node.\n'),
    };
    const configured = 'exceptions: {annotations: request, otherTools: ignore}';

    const { findings } = await report(
      tree({ ...files, 'bulwark.yaml': configured }),
      '--control',
      'host-pid',
    );

    expect(findings.map(({ exception, requested }) => [exception, requested?.reason])).toEqual([
      [undefined, 'It watches the node.'],
      [undefined, undefined],
    ]);
  });

  it.each([
    ['bulwark.dev/except.host-pidd: Why', 'there is no control host-pidd'],
    ['bulwark.dev/except.host-pid: until=2027-01-01', 'the reason is missing'],
    ['bulwark.dev/except.host-pid: Why; until=2027-02-30', 'is not a day'],
    ['bulwark.dev/except.host-pid: Why; team=x', 'neither until=YYYY-MM-DD nor owner=NAME'],
  ])('that cannot be read (%s) accepts nothing and says so', async (annotation, reason) => {
    const { findings, coverage } = await report(
      tree({ 'a.yaml': annotated(`    ${annotation}\n`) }),
      '--control',
      'host-pid',
    );

    expect(findings[0]?.exception).toBeUndefined();
    expect(coverage).toMatchObject([
      { code: 'invalid-exception', line: 7, reason: expect.stringContaining(reason) as string },
    ]);
  });
});

describe('a baseline', () => {
  it('accepts what was there when it was written, wherever it has moved, and nothing new', async () => {
    const folder = tree({ 'a.yaml': HOST });
    const file = folder.path('baseline.json');

    const written = await bulwark(['scan', folder.root, '--write-baseline', file, '-q'], folder.root);
    const again = await bulwark(['scan', folder.root, '--baseline', file, '-q'], folder.root);
    const moved = tree({ 'b.yaml': `# moved\n${HOST}`, 'c.yaml': pod('new', '  hostPID: true\n') });
    const { findings } = await report(moved, '--baseline', file, '--control', 'host-pid');

    expect([written.code, again.code]).toEqual([0, 0]);
    expect(findings.map(({ exception }) => exception?.origin)).toEqual(['baseline', undefined]);
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\{\n"schema": "bulwark.baseline\/v2",\n"date": "2026-11-25",/,
    );
  });

  it.each([
    ['{}', 'is not a baseline'],
    ['no json', 'is not a baseline'],
    ['{"schema": "bulwark.baseline/v1", "findings": [{}]}', 'findings.0.fingerprint'],
  ])('that is %s is refused', async (text, message) => {
    const folder = tree({ 'x.json': text });

    const { code, err } = await bulwark(['scan', '--baseline', folder.path('x.json')], folder.root);

    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
