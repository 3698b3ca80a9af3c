import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, type Packed, packProduct, type Registry, runProgram, serveRegistry } from './packed.ts';
import { type RecordingHub, startRecordingHub } from './recording-hub.ts';

interface Template {
  readonly bulwark: {
    readonly variables: Readonly<Record<string, string>>;
    readonly script: readonly string[];
    readonly artifacts: {
      readonly when: string;
      readonly paths: readonly string[];
      readonly reports: { readonly junit: string };
    };
  };
}

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: b}]}\n';

describe('the GitLab template', () => {
  const template = load(readFileSync('deploy/gitlab/bulwark.gitlab-ci.yml', 'utf8')) as Template;
  const { variables, script, artifacts } = template.bulwark;
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

  /** Runs the job's script as a runner does: its lines after each other, in one shell that stops at the first failure. */
  const job = (shell: string, own: Readonly<Record<string, string>>, { root }: FileTree): Promise<Ended> =>
    runProgram(shell, ['-c', `set -e\n${script.join('\n')}`], {
      cwd: root,
      env: {
        npm_config_registry: registry.url,
        npm_config_cache: join(packed.folder, 'cache'),
        ...variables,
        ...own,
      },
    });

  it('runs the version of the product that it belongs to', () => {
    expect(variables['BULWARK_VERSION']).toBe(packed.version);
  });

  // Images have either, and the runner takes what it finds.
  it.each(['bash', 'sh'])('fails on findings and leaves them as JUnit, run by %s', async (shell) => {
    const workspace = checkout({ 'deploy/pod.yaml': POD });

    const { status, stdout, stderr } = await job(shell, {}, workspace);

    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('host-pid');
    expect(artifacts).toMatchObject({
      when: 'always',
      paths: ['bulwark-junit.xml'],
      reports: { junit: 'bulwark-junit.xml' },
    });
    const report = readFileSync(workspace.path(artifacts.reports.junit), 'utf8');
    expect(report).toMatch(/^<\?xml .*\n<testsuites /);
    expect(report).toMatch(/classname="bulwark.host-pid".*\n *<failure /);
  });

  it('passes its variables on, and leaves a report when all is well', async () => {
    const workspace = checkout({
      'a/a.yaml': POD,
      'b/b.yaml': POD,
      'c/c.yaml': POD.replace('true', 'false'),
    });
    const own = { BULWARK_ARGS: '--control host-pid --fail-on critical', BULWARK_PATHS: 'a c' };

    const { status, stdout } = await job('bash', own, workspace);

    expect(status).toBe(0);
    expect(stdout).toContain('a/a.yaml');
    expect(stdout).not.toContain('b/b.yaml');
    expect(readdirSync(workspace.root)).toContain('bulwark-junit.xml');
  });

  it.each(['bash', 'sh'])(
    'tells a hub what was judged where the project has a token for it, run by %s',
    async (shell) => {
      const workspace = checkout({ 'a.yaml': POD });
      const own = {
        GITLAB_CI: 'true',
        CI_PROJECT_URL: 'https://gitlab.example.com/acme/shop',
        CI_COMMIT_SHA: 'c0ffee'.padEnd(40, '0'),
        BULWARK_HUB: hub.url,
        BULWARK_IMAGES: `example.com/a@sha256:${'a'.repeat(64)} example.com/b@sha256:${'b'.repeat(64)}`,
      };
      hub.told.length = 0;

      const without = await job(shell, own, workspace);
      expect([without.status, hub.told]).toEqual([1, []]);
      expect(without.stdout).toContain('so the hub is not told of it');

      const ended = await job(shell, { ...own, BULWARK_HUB_TOKEN: 'bwt_planted' }, workspace);
      expect(ended.status).toBe(1);
      expect(hub.told).toEqual([
        {
          authorization: 'Bearer bwt_planted',
          record: expect.objectContaining({
            repository: 'gitlab.example.com/acme/shop',
            images: ['a', 'b'].map((name) =>
              expect.objectContaining({ name: `example.com/${name}`, made: true }),
            ),
          }),
        },
      ]);
      expect(ended.stdout + ended.stderr).not.toContain('bwt_planted');
      expect(Object.keys(variables)).not.toContain('BULWARK_HUB_TOKEN');
    },
  );

  it.each(['BULWARK_ARGS', 'BULWARK_PATHS', 'BULWARK_VERSION'])(
    'takes nothing in %s for a command',
    async (name) => {
      const workspace = checkout({ 'a.yaml': POD });

      await job('bash', { [name]: '$(touch ran) `touch ran`; touch ran " *' }, workspace);

      const left = readdirSync(workspace.root).filter((file) => file !== artifacts.reports.junit);
      expect(left).toEqual(['a.yaml']);
    },
  );

  it('runs what the registry has, not what the checkout brings along', async () => {
    const workspace = checkout({
      'a.yaml': POD,
      'package.json': '{"private":true}',
      'node_modules/bulwark/package.json': `{"name":"bulwark","version":"${packed.version}","bin":"bulwark.js"}`,
      'node_modules/bulwark/bulwark.js': 'process.exit(9)',
    });

    expect((await job('bash', {}, workspace)).status).toBe(1);
  });

  it('takes no path for a pattern', async () => {
    const { status, stderr } = await job('bash', { BULWARK_PATHS: '*.yaml' }, checkout({ 'a.yaml': POD }));

    expect([status, stderr]).toEqual([2, expect.stringContaining('*.yaml')]);
  });
});
