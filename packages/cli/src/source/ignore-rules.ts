import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Patterns of a .gitignore that stand somewhere else, and the directory that they are relative to. */
export interface Excludes {
  readonly directory: string;
  readonly patterns: readonly string[];
}

interface RuleSet {
  readonly directory: string;
  /** All rules at once: what matches none of them, nor lies in a folder that does, needs no closer look. */
  readonly all: Ignore;
  /** The rules one by one, last first, for the last that matches decides. */
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly isNegated: boolean;
  readonly pattern: string;
  readonly matcher: Ignore;
}

/** What git sets core.ignorecase to when it makes a repository: what the file systems there usually do. */
const OPTIONS = { ignorecase: process.platform === 'darwin' || process.platform === 'win32' };

function readRules(directory: string, file: string): RuleSet | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { directory, all: ignore(OPTIONS).add(text), rules: rulesOf(text) };
  } catch {
    // No such file, or one that cannot be read: then it ignores nothing.
    return undefined;
  }
}

function rulesOf(text: string): Rule[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line): Rule => {
      const isNegated = line.startsWith('!');
      const pattern = isNegated ? line.slice(1) : line;
      return { isNegated, pattern, matcher: ignore(OPTIONS).add(pattern) };
    })
    .reverse();
}

/**
 * Whether a rule matches a path itself, not only a folder around it: git decides folder by folder, and a folder that
 * is looked into has been decided already.
 */
function matches({ pattern, matcher }: Rule, local: string): boolean {
  const path = local.replace(/\/$/, '');
  const parent = dirname(path);
  // Without a slash inside, a pattern matches the name alone (gitignore(5)).
  if (!pattern.trim().slice(0, -1).includes('/'))
    return matcher.ignores(local.slice(parent === '.' ? 0 : parent.length + 1));
  if (!matcher.ignores(local)) return false;
  return pattern.includes('**') || parent === '.' || !matcher.ignores(`${parent}/`);
}

/** The `.gitignore` rules in force in a directory, nearest last (gitignore(5): a nearer file decides). */
export class IgnoreRules {
  private readonly sets: readonly RuleSet[];

  private constructor(sets: readonly RuleSet[]) {
    this.sets = sets;
  }

  static none(): IgnoreRules {
    return new IgnoreRules([]);
  }

  /**
   * The rules of a scan's root: those of the Git work tree around it, from its top down to the root. Rules that ignore
   * the root itself are left out: who names an ignored folder wants it read.
   */
  static around(root: string): IgnoreRules {
    const above: string[] = [];
    for (let directory = root; ; directory = dirname(directory)) {
      above.unshift(directory);
      if (existsSync(join(directory, '.git'))) break;
      if (dirname(directory) === directory) return IgnoreRules.none().enter(root);
    }
    const top = above[0] ?? root;
    const own = readRules(top, join(top, '.git', 'info', 'exclude'));
    const sets = [own, ...above.map((directory) => readRules(directory, join(directory, '.gitignore')))];
    return new IgnoreRules(
      sets.filter((set) => set !== undefined).filter((set) => !ignoresDirectory(set, root)),
    );
  }

  /** What a configuration leaves out; nothing when it says nothing of it. */
  static of(excludes: Excludes | undefined): IgnoreRules {
    if (excludes === undefined) return IgnoreRules.none();
    const text = excludes.patterns.join('\n');
    return new IgnoreRules([
      { directory: excludes.directory, all: ignore(OPTIONS).add(text), rules: rulesOf(text) },
    ]);
  }

  /** The rules inside a directory, with its own file added. */
  enter(directory: string): IgnoreRules {
    if (this.sets.some((set) => set.directory === directory)) return this;
    const own = readRules(directory, join(directory, '.gitignore'));
    return own === undefined ? this : new IgnoreRules([...this.sets, own]);
  }

  /** Whether a path is ignored; the nearest file that has a rule for it decides. */
  ignores(path: string, isDirectory: boolean): boolean {
    for (let index = this.sets.length - 1; index >= 0; index--) {
      const set = this.sets[index];
      const local = set && localPath(set, path, isDirectory);
      if (!set || local === undefined) continue;
      const { ignored, unignored } = set.all.test(local);
      const rule = (ignored || unignored) && set.rules.find((candidate) => matches(candidate, local));
      if (rule) return !rule.isNegated;
    }
    return false;
  }
}

function localPath({ directory }: RuleSet, path: string, isDirectory: boolean): string | undefined {
  const local = relative(directory, path).split(sep).join('/');
  if (local === '' || local.startsWith('..')) return undefined;
  return isDirectory ? `${local}/` : local;
}

function ignoresDirectory(set: RuleSet, root: string): boolean {
  const local = localPath(set, root, true);
  return local !== undefined && set.all.ignores(local);
}
