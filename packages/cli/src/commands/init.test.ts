import { readFileSync } from 'node:fs';
import { configurationJsonSchema } from '@bulwark/api';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../config/read.ts';
import { configurationTemplate } from '../config/template.ts';
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

/** Takes away the marks that comment something out, as the head of the template tells people to. */
function uncommented(template: string): string {
  return template.replaceAll(/^( *)#(?! )/gm, '$1');
}

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | false;
  readonly anyOf?: readonly Node[];
}

/** Every key of the schema with what it says about it. */
function keysOf({ properties = {}, items, additionalProperties, anyOf = [] }: Node): [string, string][] {
  const own = Object.entries(properties).map(([key, { description = '' }]): [string, string] => [
    key,
    description,
  ]);
  const below = [items, additionalProperties || undefined, ...anyOf, ...Object.values(properties)];
  return [...own, ...below.flatMap((node) => (node === undefined ? [] : keysOf(node)))];
}

describe('the configuration template', () => {
  const template = configurationTemplate('2026-11-25');

  it('is valid as it is, and changes nothing', () => {
    const folder = tree({ 'bulwark.yaml': template });
    const { exceptions, enabled, frameworks, ignore, profile, failOn } = readConfiguration(
      folder.path('bulwark.yaml'),
      'bulwark.yaml',
    );

    expect({ exceptions, enabled: enabled.size, frameworks, ignore, profile, failOn }).toEqual({
      exceptions: [],
      enabled: 0,
      frameworks: [],
      ignore: [],
      profile: 'default',
      failOn: 'high',
    });
  });

  it('is valid with everything in it turned on, every name included', () => {
    const folder = tree({ 'bulwark.yaml': uncommented(template) });
    const { exceptions, enabled, controls, minSeverity } = readConfiguration(
      folder.path('bulwark.yaml'),
      'bulwark.yaml',
    );

    expect(exceptions).toMatchObject([
      { reason: 'It reads the processes of its node.', until: '2027-02-23' },
    ]);
    expect(enabled.get('host-pid')).toBe(false);
    expect(controls.map(({ id }) => id)).toContain('team-label');
    expect(minSeverity).toBe('low');
  });

  it('shows every key of the schema, with what the schema says about it', () => {
    const lines = template.split('\n');
    const keys = keysOf(configurationJsonSchema() as Node);
    const isShown = ([key, description]: [string, string]): boolean =>
      lines.some((line, index) => {
        const isKey = line.replace(/^[ #-]*/, '').startsWith(`${key}:`);
        return (
          isKey &&
          (line.endsWith(`# ${description}`) || (lines[index - 1] ?? '').endsWith(`# ${description}`))
        );
      });

    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter((key) => !isShown(key))).toEqual([]);
  });

  it('fits into 110 columns', () => {
    expect(template.split('\n').filter((line) => line.length > 110)).toEqual([]);
  });
});

describe('bulwark init', () => {
  it('writes the template, which a scan then reads', async () => {
    const folder = tree({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n' });

    const { code, out } = await bulwark(['init'], folder.root);

    expect([code, out]).toEqual([0, expect.stringContaining('Wrote bulwark.yaml')]);
    expect(readFileSync(folder.path('bulwark.yaml'), 'utf8')).toBe(configurationTemplate('2026-11-25'));
    expect((await bulwark(['scan', folder.root], folder.root)).code).toBe(0);
  });

  it('replaces a configuration only when it is told to', async () => {
    const folder = tree({ 'bulwark.yaml': 'profile: strict\n' });

    const refused = await bulwark(['init'], folder.root);
    const before = readFileSync(folder.path('bulwark.yaml'), 'utf8');
    const forced = await bulwark(['init', '--force'], folder.root);

    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--force replaces it')]);
    expect(before).toBe('profile: strict\n');
    expect([forced.code, readFileSync(folder.path('bulwark.yaml'), 'utf8')]).toEqual([
      0,
      configurationTemplate('2026-11-25'),
    ]);
  });

  it.each(['bulwark.yml', '.bulwark.yaml'])('does not write a second one beside %s', async (name) => {
    const folder = tree({ [name]: '' });

    const { code, err } = await bulwark(['init', '--force'], folder.root);

    expect([code, err]).toEqual([2, expect.stringContaining(name)]);
  });

  it('says which configuration no longer holds in the folder', async () => {
    const folder = tree({ '.git/HEAD': '', 'bulwark.yaml': '', 'deploy/a.yaml': '' });

    expect((await bulwark(['init'], folder.path('deploy'))).out).toContain('instead of ../bulwark.yaml');
  });
});
