import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { type CoverageEntry, coverage } from '@bulwark/core';
import { type Excludes, IgnoreRules } from './ignore-rules.ts';
import type { InputFile } from './input.ts';

/** How a directory is walked. */
export interface WalkOptions {
  /** Hidden folders, `node_modules` and git-ignored files are skipped unless this is false. */
  readonly ignore: boolean;
  readonly maxBytes: number;
  /** What the configuration leaves out, whatever else is read. */
  readonly excludes?: Excludes | undefined;
}

/** What a path holds. `directories` has every directory that was entered, for those who look for charts and overlays. */
export interface Walked {
  readonly files: InputFile[];
  readonly directories: string[];
  readonly coverage: CoverageEntry[];
  readonly skipped: Skipped;
  /** How reports name a path: below the path that the user gave, as it was given. */
  readonly display: (path: string) => string;
}

/** How much was left out on purpose. */
export interface Skipped {
  hidden: number;
  modules: number;
  ignored: number;
  excluded: number;
  outside: number;
}

const MANIFEST = /\.(ya?ml|json)$/i;

/** Lists the manifests under a path: a file as it is, a directory recursively, in the order of names. */
export function walk(path: string, options: WalkOptions): Walked {
  const walker = new Walker(path, options);
  walker.start();
  return walker;
}

class Walker implements Walked {
  readonly files: InputFile[] = [];
  readonly directories: string[] = [];
  readonly coverage: CoverageEntry[] = [];
  readonly skipped: Skipped = { hidden: 0, modules: 0, ignored: 0, excluded: 0, outside: 0 };
  private readonly named: string;
  private readonly root: string;
  private readonly realRoot: string;
  private readonly options: WalkOptions;
  private readonly seen = new Set<string>();
  private readonly excludes: IgnoreRules;

  constructor(path: string, options: WalkOptions) {
    this.named = path;
    this.root = resolve(path);
    this.realRoot = realPath(this.root);
    this.options = options;
    this.excludes = IgnoreRules.of(options.excludes);
  }

  start(): void {
    const stats = this.stat(this.root);
    if (stats === undefined) return;
    if (!stats.isDirectory()) this.file(this.root, stats);
    else this.directory(this.root, this.options.ignore ? IgnoreRules.around(this.root) : IgnoreRules.none());
  }

  readonly display = (path: string): string => {
    const below = relative(this.root, path);
    const shown = below === '' ? this.named : join(this.named, below);
    return shown.split(sep).join('/');
  };

  private lose(code: 'unreadable' | 'too-large', path: string, reason: string): void {
    this.coverage.push(coverage(code, reason, { file: this.display(path) }));
  }

  private stat(path: string): Stats | undefined {
    try {
      return statSync(path);
    } catch (error) {
      this.lose('unreadable', path, reasonOf(error));
      return undefined;
    }
  }

  private directory(path: string, around: IgnoreRules): void {
    const real = realPath(path);
    if (this.seen.has(real)) return;
    this.seen.add(real);
    let entries: Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      this.lose('unreadable', path, reasonOf(error));
      return;
    }
    this.directories.push(path);
    const rules = this.options.ignore ? around.enter(path) : around;
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) this.entry(join(path, entry.name), entry, rules);
  }

  private entry(path: string, entry: Dirent, rules: IgnoreRules): void {
    if (entry.isSymbolicLink()) {
      this.link(path, rules);
      return;
    }
    if (entry.isFile() && !MANIFEST.test(entry.name)) return;
    if (this.skips(path, entry.isDirectory(), rules)) return;
    if (entry.isDirectory()) this.directory(path, rules);
    else if (MANIFEST.test(path)) this.file(path, this.stat(path));
  }

  private link(path: string, rules: IgnoreRules): void {
    const stats = this.stat(path);
    if (stats !== undefined && !this.isInside(path)) {
      if (stats.isDirectory() || MANIFEST.test(path)) this.skipped.outside++;
      return;
    }
    if (stats === undefined || this.skips(path, stats.isDirectory(), rules)) return;
    if (stats.isDirectory()) this.directory(path, rules);
    else if (MANIFEST.test(path)) this.file(path, stats);
  }

  private skips(path: string, isDirectory: boolean, rules: IgnoreRules): boolean {
    if (this.excludes.ignores(path, isDirectory)) {
      this.skipped.excluded++;
      return true;
    }
    if (!this.options.ignore) return false;
    const name = basename(path);
    if (isDirectory && name === 'node_modules') this.skipped.modules++;
    else if (isDirectory && name.startsWith('.')) this.skipped.hidden++;
    else if (rules.ignores(path, isDirectory)) this.skipped.ignored++;
    else return false;
    return true;
  }

  private isInside(path: string): boolean {
    const real = realPath(path);
    return real === this.realRoot || real.startsWith(this.realRoot + sep);
  }

  private file(path: string, stats: Stats | undefined): void {
    if (stats === undefined) return;
    const real = realPath(path);
    if (this.seen.has(real)) return;
    this.seen.add(real);
    // A pipe that is named, as `<(helm template .)` does, is meant to be read; one that is met could block for ever.
    const isNamedPipe = stats.isFIFO() && path === this.root;
    if (!stats.isFile() && !isNamedPipe)
      this.lose('unreadable', path, 'It is neither a file nor a directory.');
    else if (stats.size > this.options.maxBytes)
      this.lose(
        'too-large',
        path,
        `It has ${stats.size} bytes; the limit is ${this.options.maxBytes} (--max-file-size).`,
      );
    else this.files.push({ file: this.display(path), path, size: stats.size });
  }
}

/** A path without symbolic links; as it is where it cannot be resolved. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A dangling link or a path that vanished: reading it later says so.
    return path;
  }
}

/** What the operating system said, without the path it repeats. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return REASONS[code ?? ''] ?? `It cannot be read (${code ?? 'unknown error'}).`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or directory.',
  EACCES: 'Permission to read it is missing.',
  EPERM: 'Permission to read it is missing.',
  ELOOP: 'Its symbolic links form a loop.',
};

/** One line about everything that was skipped on purpose; undefined when nothing was. */
export function describeSkipped(all: readonly Skipped[]): CoverageEntry | undefined {
  const sum = (pick: (skipped: Skipped) => number): number =>
    all.reduce((total, skipped) => total + pick(skipped), 0);
  const parts = [
    [sum((skipped) => skipped.hidden), 'hidden folder'],
    [sum((skipped) => skipped.modules), 'node_modules folder'],
    [sum((skipped) => skipped.ignored), 'git-ignored path'],
  ] as const;
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  const excluded = sum((skipped) => skipped.excluded);
  const links = sum((skipped) => skipped.outside);
  const sentences = [
    excluded === 0 ? '' : `The configuration leaves out ${excluded} ${excluded === 1 ? 'path' : 'paths'}.`,
    said.length === 0 ? '' : `Skipped ${said.join(', ')}; --no-ignore reads them.`,
    links === 0
      ? ''
      : `${links} ${links === 1 ? 'link leads' : 'links lead'} outside and ${links === 1 ? 'is' : 'are'} not followed.`,
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? undefined : coverage('ignored-files', sentences.join(' '));
}
