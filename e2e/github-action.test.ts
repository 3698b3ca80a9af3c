import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Packed, packProduct, type Registry, serveRegistry } from './packed.ts';
import { type RecordingHub, startRecordingHub } from './recording-hub.ts';
import { type ActionRun, readAction, runAction } from './workflow.ts';

const pod = (name: string, spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ${spec}\n  containers: [{name: a, image: example.com/a:1}]\n`;

/** Variables that GitHub sets for every job. */
const OF_RUNNER = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SHA: 'c0ffee'.padEnd(40, '0'),
};

describe('the GitHub action', () => {
  const action = readAction('action.yaml');
  const folders: FileTree[] = [];
  let packed: Packed;
  let registry: Registry;
  let hub: RecordingHub;

  beforeAll(async () => {
    packed = await packProduct();
    registry = await serveRegistry(packed);
    hub = await startRecordingHub();
  });

  afterAll(() => {
    hub.close();
    registry.close();
    packed.remove();
    for (const made of folders) made.remove();
  });

  function checkout(files: Readonly<Record<string, string>>): FileTree {
    const made = writeTree(files);
    folders.push(made);
    return made;
  }

  const run = (inputs: Readonly<Record<string, string>>, workspace: FileTree): Promise<ActionRun> =>
    runAction(action, inputs, {
      workspace: workspace.root,
      temp: join(packed.folder, 'temp'),
      env: {
        npm_config_registry: registry.url,
        npm_config_cache: join(packed.folder, 'cache'),
        ...OF_RUNNER,
      },
    });

  it('installs the version of the product that it belongs to', () => {
    expect(action.inputs['version']?.default).toBe(packed.version);
  });

  it('puts no input into the text of a script', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run: script, shell } of action.runs.steps) {
      expect(script).not.toContain('${{');
      expect(shell).toBe('bash');
    }
  });

  it('fails on findings, with annotations, a summary and a SARIF report', async () => {
    const workspace = checkout({ 'deploy/my pod.yaml': pod('p', 'hostPID: true') });

    const ended = await run({ paths: 'deploy/my pod.yaml', sarif: 'bulwark.sarif' }, workspace);

    expect([ended.status, ended.stderr]).toEqual([1, '']);
    expect(ended.stdout).toMatch(/^::error file=deploy\/my pod\.yaml,line=5,/m);
    expect(ended.summary).toContain('host-pid');
    expect(ended.outputs).toEqual({ 'exit-code': '1', sarif: 'bulwark.sarif' });
    const { version, runs } = JSON.parse(readFileSync(workspace.path('bulwark.sarif'), 'utf8')) as Sarif;
    expect([version, runs[0]?.results.some(({ ruleId }) => ruleId === 'host-pid')]).toEqual(['2.1.0', true]);
  });

  it('passes where nothing is as bad as what fails it', async () => {
    const workspace = checkout({ 'a.yaml': pod('p', 'hostPID: true') });

    const ended = await run({ 'fail-on': 'never' }, workspace);

    expect([ended.status, ended.outputs]).toEqual([0, { 'exit-code': '0', sarif: '' }]);
    expect(ended.summary).toContain('none of which fails the scan');
  });

  it('takes several paths, and options divided at blanks and lines', async () => {
    const workspace = checkout({
      'a/a.yaml': pod('in-a', 'hostPID: true'),
      'b/b.yaml': pod('in-b', 'hostPID: true'),
      'c/c.yaml': pod('in-c', 'hostPID: true'),
    });

    const { stdout } = await run({ paths: 'a\nb\r\n\n', args: '--control host-pid\n--all  ' }, workspace);

    const files = Array.from(stdout.matchAll(/^::error file=([^,]+),/gm), ([, file]) => file);
    expect(files).toEqual(['a/a.yaml', 'b/b.yaml']);
  });

  it('is read as it was written, whatever stands in it', async () => {
    const hostile = '$(touch ran); `touch ran` " \' && touch ran #*';
    const workspace = checkout({ 'a.yaml': pod('p', '') });

    for (const input of ['paths', 'args', 'fail-on', 'profile', 'sarif', 'version']) {
      const ended = await run({ [input]: hostile, ...(input !== 'paths' && { paths: 'a.yaml' }) }, workspace);
      // A name of a file may be anything; all else is no value that the command knows.
      expect([input, ended.status]).toEqual([input, input === 'sarif' ? 0 : 2]);
    }
    const reports = readdirSync(workspace.root).filter((name) => name !== 'a.yaml');
    expect(reports).toEqual([hostile]);
  });

  it.each([
    ['version', '0.1.0\n--registry=http://127.0.0.1:1'],
    ['version', 'file:../evil'],
    ['version', ''],
    ['sarif', 'a\nexit-code=0'],
    ['paths', '--write-baseline=x'],
  ])('refuses %s %j', async (input, value) => {
    const workspace = checkout({ 'a.yaml': pod('p', 'hostPID: true') });

    const ended = await run({ [input]: value }, workspace);

    expect([ended.status, readdirSync(workspace.root)]).toEqual([2, ['a.yaml']]);
  });

  it('tells a hub what was judged, with the token in its environment alone', async () => {
    const workspace = checkout({ 'a.yaml': pod('p', 'hostPID: true') });
    const images = `example.com/a@sha256:${'a'.repeat(64)}\r\n\nexample.com/b@sha256:${'b'.repeat(64)}`;

    const ended = await run({ hub: hub.url, 'hub-token': 'bwt_planted', images }, workspace);

    expect(ended.status).toBe(1);
    expect(hub.told).toEqual([
      {
        authorization: 'Bearer bwt_planted',
        record: expect.objectContaining({
          repository: 'github.com/acme/shop',
          commit: OF_RUNNER.GITHUB_SHA,
          verdict: 'failed',
          images: ['a', 'b'].map((name) =>
            expect.objectContaining({ name: `example.com/${name}`, made: true }),
          ),
        }),
      },
    ]);
    expect(ended.stderr).toMatch(/^bulwark: Recorded at .* as build 1:/);
    expect(ended.stdout + ended.stderr + ended.summary).not.toContain('bwt_planted');
    expect(action.runs.steps.filter(({ env }) => 'BULWARK_HUB_TOKEN' in env).map(({ id }) => id)).toEqual([
      'scan',
    ]);
  });

  it('scans where it is given no token, as for pull requests of forks, and says that nothing was recorded', async () => {
    const before = hub.told.length;

    const ended = await run({ hub: hub.url, 'fail-on': 'never' }, checkout({ 'a.yaml': pod('p', '') }));

    expect([ended.status, hub.told.length]).toEqual([0, before]);
    expect(ended.stdout).toMatch(/^::notice title=Bulwark::The input hub-token is empty/m);
  });

  it('hands out no SARIF that it did not write', async () => {
    const workspace = checkout({ 'r.sarif': '{}', 'bulwark.yaml': 'profil: x\n' });

    const ended = await run({ sarif: 'r.sarif' }, workspace);

    expect([ended.status, ended.outputs]).toEqual([2, { 'exit-code': '2', sarif: '' }]);
  });

  it('lets no file give the runner a command', async () => {
    const workspace = checkout({ 'bulwark.yaml': '"a\\n::add-mask::b\\r::error::c": 1\n' });

    const ended = await run({}, workspace);

    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('unknown key');
    expect(ended.stdout + ended.stderr).not.toMatch(/^\s*::/m);
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[] }[];
}
