import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import {
  arrayAt,
  type CoverageEntry,
  coverage,
  err,
  get,
  type Result,
  redactText,
  stringAt,
} from '@bulwark/core';
import { readDocuments, splitDocuments } from '@bulwark/formats';
import type { InputFile } from '../input.ts';
import { isFile, readTextFile, rememberFiles } from '../text-file.ts';
import { missing, type Rendered, type RenderOptions } from './charts.ts';
import { TemplateSource } from './line-map.ts';
import { findTool, runTool, type ToolEnvironment } from './tools.ts';

const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const REMOTE = /^(https?:\/\/|ssh:\/\/|git@|git::|github\.com\/|[\w.-]+\.[a-z]{2,}\/[\w./-]+(\/\/|\?ref=))/;

/** A kustomization and what it draws on. */
interface Overlay {
  readonly directory: string;
  readonly file: string;
  readonly isComponent: boolean;
  readonly directories: readonly string[];
  readonly files: readonly string[];
  /** Files of patches, which are no objects of their own. */
  readonly patches: readonly string[];
  readonly remote: string | undefined;
}

/** Renders every overlay that no other one in the scan builds on, with kustomize, else kubectl. */
export function renderOverlays(directories: readonly string[], options: RenderOptions): Rendered {
  const overlays = new Map(
    directories.flatMap((directory) => readOverlay(directory)).map((overlay) => [overlay.directory, overlay]),
  );
  const used = new Set([...overlays.values()].flatMap((overlay) => overlay.directories));
  const roots = [...overlays.values()].filter(
    (overlay) => !overlay.isComponent && !used.has(overlay.directory),
  );
  const files: InputFile[] = [];
  const entries: CoverageEntry[] = [];
  const covered = new Set([...overlays.values()].flatMap(({ file, patches }) => [file, ...patches]));
  const reached = new Set<string>();
  const render = (root: Overlay): void => {
    const parts = reach(root, overlays);
    for (const part of parts) reached.add(part.directory);
    const rendered = renderOverlay(root, parts, options);
    files.push(...rendered.files);
    entries.push(...rendered.coverage);
    // Without a rendering the resources are still judged as they are.
    if (rendered.files.length > 0) for (const part of parts) for (const file of part.files) covered.add(file);
  };
  for (const root of roots) render(root);
  // Overlays that build on each other in a circle have no root; the tool says so when asked for one of them.
  for (const overlay of overlays.values())
    if (!overlay.isComponent && !reached.has(overlay.directory)) render(overlay);
  return { files, coverage: entries, covers: (path) => covered.has(path) };
}

function readOverlay(directory: string): Overlay[] {
  const file = FILE_NAMES.map((name) => join(directory, name)).find(isFile);
  if (file === undefined) return [];
  const text = readTextFile(file);
  const value = text.ok ? readDocuments(text.value).documents[0]?.value : undefined;
  const texts = (key: string): string[] =>
    (arrayAt(value, key) ?? []).filter((item) => typeof item === 'string');
  const patches = [...(arrayAt(value, 'patches') ?? []), ...(arrayAt(value, 'patchesJson6902') ?? [])];
  const named = [...texts('resources'), ...texts('bases'), ...texts('components')];
  const local = named
    .filter((name) => !name.includes('\n') && !REMOTE.test(name))
    .map((name) => resolve(directory, name));
  const patched = [
    ...texts('patchesStrategicMerge').filter((text) => !text.includes('\n')),
    ...patches.flatMap((patch) => stringAt(patch, 'path') ?? []),
  ];
  return [
    {
      directory,
      file,
      isComponent: get(value, 'kind') === 'Component',
      directories: local.filter(isDirectory),
      files: local.filter((path) => !isDirectory(path)),
      patches: patched.map((path) => resolve(directory, path)),
      remote: named.find((name) => REMOTE.test(name)),
    },
  ];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** An overlay with everything it builds on, bases outside the scan included. */
function reach(root: Overlay, overlays: ReadonlyMap<string, Overlay>): Overlay[] {
  const found = new Map<string, Overlay>();
  const visit = (overlay: Overlay): void => {
    if (found.has(overlay.directory)) return;
    found.set(overlay.directory, overlay);
    for (const directory of overlay.directories) {
      const next = overlays.get(directory) ?? readOverlay(directory)[0];
      if (next !== undefined) visit(next);
    }
  };
  visit(root);
  return [...found.values()];
}

function renderOverlay(
  root: Overlay,
  parts: readonly Overlay[],
  { env, display }: RenderOptions,
): Pick<Rendered, 'files' | 'coverage'> {
  const shown = display(root.directory);
  const lost = (reason: string): Pick<Rendered, 'files' | 'coverage'> => ({
    files: [],
    coverage: [coverage('unrendered-overlay', reason, { file: display(root.file) })],
  });
  const remote = parts.find((part) => part.remote !== undefined)?.remote;
  const command = `kustomize build ${shown} | bulwark scan -`;
  if (remote !== undefined)
    return lost(`It draws on ${redactText(remote)}, and a scan fetches nothing. Run: ${command}`);
  const result = build(root.directory, env);
  const sources = rememberFiles((text) => new TemplateSource(text));
  if (result === undefined)
    return lost(`${missing(env, 'Neither kustomize nor kubectl is')} Run: ${command}`);
  if (!result.ok) return lost(`It could not be rendered: ${result.error}`);
  return {
    files: splitDocuments(result.value.output).map(({ start, end }) =>
      toInput(result.value.output.slice(start, end), result.value.base, { root, sources, display }),
    ),
    coverage: [],
  };
}

/** Builds through a temporary overlay that asks where each object comes from; the overlay itself stays untouched. */
function build(
  directory: string,
  env: ToolEnvironment | undefined,
): Result<{ output: string; base: string }, string> | undefined {
  const kustomize = findTool('kustomize', env);
  const kubectl = findTool('kubectl', env);
  if (env === undefined || (kustomize === undefined && kubectl === undefined)) return undefined;
  let base: string;
  try {
    // Without links, as the overlay's own path below: only then is a relative path what the tool makes of it.
    base = mkdtempSync(join(realpathSync(tmpdir()), 'bulwark-'));
  } catch (error) {
    return err(`no folder for temporary files (${error instanceof Error ? error.message : 'unknown error'})`);
  }
  try {
    const resources = JSON.stringify([relative(base, realpathSync(directory))]);
    writeFileSync(
      join(base, 'kustomization.yaml'),
      `resources: ${resources}\nbuildMetadata: [originAnnotations]\n`,
    );
    const result =
      kustomize === undefined
        ? runTool(kubectl ?? '', ['kustomize', base], env)
        : runTool(kustomize, ['build', base], env);
    return result.ok ? { ok: true, value: { output: result.value, base } } : result;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const ORIGIN = /^ {4}config\.kubernetes\.io\/origin: \|\n((?: {6}.*\n)+)/m;
const EMPTY_ANNOTATIONS = /^ {2}annotations:\n(?! {4})/m;

/** One rendered object, pointing at the file that it comes from: a resource, or the kustomization that generates it. */
function toInput(document: string, base: string, { root, sources, display }: Rendering): InputFile {
  const origin = ORIGIN.exec(document);
  const text = document.replace(ORIGIN, '').replace(EMPTY_ANNOTATIONS, '');
  const named = /^ {6}(?:path|configuredIn): (.+)$/m.exec(origin?.[1] ?? '')?.[1];
  const source = named === undefined ? root.file : resolve(base, named);
  const lineMap = sources(source)?.map(text) ?? new Uint32Array(text.split('\n').length).fill(1);
  return { file: display(source), text, lineMap, size: text.length };
}

interface Rendering {
  readonly root: Overlay;
  readonly sources: (path: string) => TemplateSource | undefined;
  readonly display: (path: string) => string;
}
