import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

interface RuleSet {
  readonly directory: string;
  readonly rules: Ignore;
}

function readRules(directory: string, file: string): RuleSet | undefined {
  try {
    return { directory, rules: ignore().add(readFileSync(file, 'utf8')) };
  } catch {
    // No such file, or one that cannot be read: then it ignores nothing.
    return undefined;
  }
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
      const { ignored, unignored } = set.rules.test(local);
      if (ignored || unignored) return ignored;
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
  return local !== undefined && set.rules.ignores(local);
}
