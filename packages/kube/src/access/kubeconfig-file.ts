import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AccessProblem } from './access.ts';
import { Fields } from './fields.ts';
import { reasonOf } from './fresh-file.ts';
import { problemAt, readLocated, type SourceText } from './located-yaml.ts';

/** A named cluster, user or context, with the folder that its relative paths count from. */
export interface Entry {
  readonly name: string;
  readonly fields: Fields;
  readonly folder: string;
}

/** What one kubeconfig file says. Entries are read when they are used: faults in others harm nobody. */
export interface KubeconfigFile {
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly currentContext: { readonly name: string; readonly fields: Fields } | undefined;
}

/** Reads a file. Undefined where there is none, or where it is empty; what is wrong goes to `problems`. */
export function readKubeconfigFile(file: string, problems: AccessProblem[]): KubeconfigFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    problems.push({ file, message: `The kubeconfig cannot be read: ${reasonOf(error)}.` });
    return undefined;
  }
  return readKubeconfigText({ file, text }, problems);
}

/** What the text of a kubeconfig says; what is wrong goes to `problems`. */
export function readKubeconfigText(
  source: SourceText,
  problems: AccessProblem[],
): KubeconfigFile | undefined {
  const root = readLocated(source);
  if (!root.ok) {
    problems.push(root.error);
    return undefined;
  }
  if (root.value === undefined) return undefined;
  if (root.value.kind !== 'mapping') {
    problems.push(problemAt(source, root.value.at, 'This is no kubeconfig: it must be a mapping.'));
    return undefined;
  }
  return fileOf(new Fields(source, root.value, problems));
}

function fileOf(fields: Fields): KubeconfigFile | undefined {
  const kind = fields.text('kind') ?? 'Config';
  const version = fields.text('apiVersion') ?? 'v1';
  if (kind !== 'Config' || version !== 'v1') {
    fields.refuse('kind', `This is no kubeconfig: it is ${version} ${kind} and must be v1 Config.`);
    return undefined;
  }
  const name = fields.text('current-context');
  return {
    clusters: entriesOf(fields, 'clusters', 'cluster'),
    users: entriesOf(fields, 'users', 'user'),
    contexts: entriesOf(fields, 'contexts', 'context'),
    currentContext: name === undefined ? undefined : { name, fields },
  };
}

function entriesOf(fields: Fields, list: string, field: string): Map<string, Entry> {
  const folder = dirname(fields.source.file);
  const entries = new Map<string, Entry>();
  for (const item of fields.mappings(list)) {
    const name = item.text('name');
    const content = item.mapping(field);
    if (name === undefined) item.refuse(undefined, `An entry of ${list} has no name.`);
    else if (entries.has(name)) item.refuse('name', `${list} has two entries of the name ${name}.`);
    else entries.set(name, { name, folder, fields: content ?? emptyFields(item) });
  }
  return entries;
}

/** A user without any field is one who needs no credentials. */
function emptyFields({ source, node, problems }: Fields): Fields {
  return new Fields(source, { ...node, entries: new Map() }, problems);
}

/** A path of an entry: relative ones count from the folder of its file. */
export function pathOf({ fields, folder }: Entry, field: string): string | undefined {
  const path = fields.text(field);
  return path === undefined || isAbsolute(path) ? path : join(folder, path);
}
