import { mkdirSync, symlinkSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { describeSkipped, walk } from './walk.ts';

const OPTIONS = { ignore: true, maxBytes: 1000 };
const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterEach(() => {
  for (const made of trees.splice(0)) made.remove();
});

function names(root: string, options = OPTIONS): string[] {
  return walk(root, options).files.map(({ file }) => file.slice(root.length + 1));
}

describe('walking a directory', () => {
  it('finds YAML and JSON at any depth, in the order of names, and nothing else', () => {
    const { root } = tree({
      'b.yaml': '',
      'a/c.yml': '',
      'a/d.json': '',
      'a/e.YAML': '',
      'readme.md': '',
      'x.yaml.bak': '',
    });

    expect(names(root)).toEqual(['a/c.yml', 'a/d.json', 'a/e.YAML', 'b.yaml']);
  });

  it('skips what nobody means and counts it in one line', () => {
    const { root } = tree({
      '.git/config.yaml': '',
      '.github/workflows/ci.yaml': '',
      'node_modules/x/a.yaml': '',
      '.gitignore': 'dist/\n*.local.yaml\n!keep.local.yaml\n',
      'dist/out.yaml': '',
      'a.local.yaml': '',
      'keep.local.yaml': '',
      'a.yaml': '',
    });

    const walked = walk(root, OPTIONS);

    expect(walked.files.map(({ file }) => file.slice(root.length + 1))).toEqual([
      'a.yaml',
      'keep.local.yaml',
    ]);
    expect(describeSkipped([walked.skipped])?.reason).toBe(
      'Skipped 2 hidden folders, 1 node_modules folder, 2 git-ignored paths; --no-ignore reads them.',
    );
    expect(names(root, { ...OPTIONS, ignore: false })).toHaveLength(7);
  });

  it('follows rules of nested and surrounding .gitignore files, the nearest first', () => {
    const { path } = tree({
      '.git/HEAD': '',
      '.gitignore': 'secret.yaml\nbuild/\n',
      'deploy/.gitignore': '!secret.yaml\n/local.yaml\n',
      'deploy/secret.yaml': '',
      'deploy/local.yaml': '',
      'deploy/sub/local.yaml': '',
      'other/secret.yaml': '',
      'build/a.yaml': '',
    });

    expect(names(path('deploy'))).toEqual(['secret.yaml', 'sub/local.yaml']);
    expect(names(path('other'))).toEqual([]);
    expect(names(path('build'))).toEqual(['a.yaml']);
  });

  it('decides folder by folder, as git does: what a nearer file lets in is looked into', () => {
    const { root } = tree({
      '.git/HEAD': '',
      '.gitignore': 'foo/*\n*.json\n[ab].yaml\n',
      'foo/.gitignore': '!bar/\n',
      'foo/bar/x.yaml': '',
      'foo/bar/x.json': '',
      'foo/other.yaml': '',
      'sub/a.yaml': '',
    });

    expect(names(root)).toEqual(['foo/bar/x.yaml']);
  });

  it('reads a list of what is let in as git does', () => {
    const { root } = tree({
      '.git/HEAD': '',
      '.gitignore': '*\n!*/\n!*.yaml\nout/**\n!out/keep/\n/top.yaml\n',
      'a/b/x.yaml': '',
      'a/b/x.json': '',
      'out/keep/x.yaml': '',
      'out/x.yaml': '',
      'top.yaml': '',
      'a/top.yaml': '',
    });

    expect(names(root)).toEqual(['a/b/x.yaml', 'a/top.yaml']);
  });

  it.skipIf(process.platform !== 'linux')('tells upper from lower case, as git does on Linux', () => {
    const { root } = tree({ '.git/HEAD': '', '.gitignore': 'secret.yaml\n', 'Secret.yaml': '' });

    expect(names(root)).toEqual(['Secret.yaml']);
  });

  it('follows links inside the root once, never out of it and never in circles', () => {
    const { root, path } = tree({ 'real/a.yaml': '' });
    const outside = tree({ 'b.yaml': '' });
    symlinkSync(path('real'), path('again'));
    symlinkSync(root, path('real', 'loop'));
    symlinkSync(path('real', 'a.yaml'), path('z.yaml'));
    symlinkSync(outside.path('b.yaml'), path('out.yaml'));
    symlinkSync(outside.root, path('elsewhere'));
    symlinkSync(path('nowhere.yaml'), path('dangling.yaml'));

    const walked = walk(root, OPTIONS);

    expect(walked.files).toHaveLength(1);
    expect(walked.skipped.outside).toBe(2);
    expect(walked.coverage).toMatchObject([
      { code: 'unreadable', reason: 'There is no such file or directory.' },
    ]);
  });

  it.each([
    ['a file that does not exist', 'none.yaml', 'unreadable'],
    ['a file over the limit', 'large.yaml', 'too-large'],
  ])('reports %s', (_name, file, code) => {
    const { path } = tree({ 'large.yaml': 'x'.repeat(1001) });

    expect(walk(path(file), OPTIONS).coverage).toMatchObject([{ code, kind: 'lost' }]);
  });

  it('reads a file that is named, whatever its name and whatever ignores it', () => {
    const { path } = tree({ '.git/HEAD': '', '.gitignore': '*', 'manifest.txt': '' });

    expect(walk(path('manifest.txt'), OPTIONS).files).toHaveLength(1);
  });

  it('does not take a folder for a manifest because of its name', () => {
    const { root, path } = tree({});
    mkdirSync(path('folder.yaml'));

    expect(names(root)).toEqual([]);
  });
});
