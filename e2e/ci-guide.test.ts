import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readAction } from './workflow.ts';

interface Hook {
  readonly id: string;
  readonly [key: string]: unknown;
}

interface Block {
  readonly jobs?: { readonly bulwark: { readonly steps: readonly Step[] } };
  readonly include?: unknown;
  readonly bulwark?: { readonly variables: Readonly<Record<string, string>> };
  readonly repos?: readonly { readonly repo: string; readonly hooks: readonly Hook[] }[];
}

interface Step {
  readonly uses: string;
  readonly with?: Readonly<Record<string, string>>;
}

describe('the guide about CI', () => {
  const guide = readFileSync('docs/guides/ci.md', 'utf8');
  const fences = Array.from(
    guide.matchAll(/^```yaml\n(.*?)^```$/gms),
    ([, text = '']) => load(text) as Block,
  );
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

  it('names this version wherever it names one', () => {
    const named = Array.from(
      guide.matchAll(/(?:bulwark@v?|rev: v|bulwark-)(\d+\.\d+\.\d+)/g),
      ([, found]) => found,
    );

    expect(named.length).toBeGreaterThan(3);
    expect(new Set(named)).toEqual(new Set([version]));
  });

  it('gives the action inputs that it has, and reads outputs that it has', () => {
    const { inputs, outputs } = readAction('action.yaml');
    const steps = fences.flatMap(({ jobs }) => jobs?.bulwark.steps ?? []);
    const given = steps
      .filter(({ uses }) => uses.startsWith('OWNER/bulwark@'))
      .flatMap((step) => Object.keys(step.with ?? {}));
    const read = Array.from(guide.matchAll(/steps\.bulwark\.outputs\.([\w-]+)/g), ([, name]) => name);

    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given));
    expect(given).toEqual(expect.arrayContaining(['paths', 'hub-token']));
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(read));
    expect(read.length).toBeGreaterThan(0);
  });

  it('sets variables that the GitLab template has', () => {
    const template = load(readFileSync('deploy/gitlab/bulwark.gitlab-ci.yml', 'utf8')) as Block;
    const [own] = fences.filter(({ include }) => include !== undefined);

    expect(Object.keys(template.bulwark?.variables ?? {})).toEqual(
      expect.arrayContaining(Object.keys(own?.bulwark?.variables ?? { none: '' })),
    );
  });

  it('shows the hook as it is published', () => {
    const [published] = load(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly Hook[];
    const repos = fences.flatMap(({ repos: shown = [] }) => shown);
    const local = repos.find(({ repo }) => repo === 'local')?.hooks[0];
    const { additional_dependencies: dependencies, ...rest } = local ?? { id: '' };

    expect(published).toMatchObject(rest);
    expect(dependencies).toEqual([`bulwark@${version}`]);
    expect(repos.map(({ hooks }) => hooks[0]?.id)).toEqual(['bulwark', 'bulwark']);
  });
});
