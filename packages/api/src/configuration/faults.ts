import type { z } from 'zod';

/** A fault in a document: where, and what would be right. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** What is written and what could have been meant, where one of a few texts was expected. */
  readonly unknown?: { readonly text: string; readonly known: readonly string[] };
}

/** A document without its empty sections: what is below `controls:` may all be commented out. */
export function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}

/** A schema, and the JSON Schema that is published of it, in which keys are looked up. */
export interface CheckedSchema {
  readonly schema: z.ZodType;
  readonly published: Readonly<Record<string, unknown>>;
}

/** Every fault of a document at once. Empty when the schema accepts it. */
export function schemaFaults({ schema, published }: CheckedSchema, value: unknown): SchemaFault[] {
  const { error } = schema.safeParse(value);
  const document = { value, published };
  const ofSchema = error === undefined ? [] : error.issues.flatMap((issue) => faultsOf(issue, document));
  const known = new Set(ofSchema.map(({ path }) => path.join('\n')));
  return [...ofSchema, ...droppedKeys(value).filter(({ path }) => !known.has(path.join('\n')))];
}

/** Keys that the schema library leaves out of a mapping without a word. */
function droppedKeys(value: unknown, path: SchemaFault['path'] = []): SchemaFault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return key === '__proto__' ? [{ path: at, message: 'must not be a key' }] : droppedKeys(below, at);
  });
}

type Issue = z.core.$ZodIssue;

interface Checked {
  readonly value: unknown;
  readonly published: Readonly<Record<string, unknown>>;
}

function faultsOf(issue: Issue, document: Checked, above: Issue['path'] = []): SchemaFault[] {
  const path = [...above, ...issue.path].filter((part) => typeof part !== 'symbol');
  const found = path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined),
    document.value,
  );
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path, document.published);
    return issue.keys.map((text) => ({
      path: [...path, text],
      message: 'unknown key',
      unknown: { text, known },
    }));
  }
  if (issue.code === 'invalid_value') return [notAmong(path, issue.values.map(String), found)];
  if (issue.code === 'invalid_union') {
    const values = issue.errors
      .flat()
      .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
    const isMapping = typeof found === 'object' && found !== null && !Array.isArray(found);
    if (values.length > 0 && !isMapping)
      return [notAmong(path, [...values.filter((each) => typeof each === 'string'), 'a mapping'], found)];
    const best = bestBranch(issue.errors, found);
    return best.flatMap((inner) => faultsOf(inner, document, path));
  }
  if (issue.code === 'invalid_type' && found === undefined) return [{ path, message: 'is missing' }];
  return [{ path, message: messageOf(issue) }];
}

function notAmong(path: SchemaFault['path'], known: readonly string[], found: unknown): SchemaFault {
  const message = `must be ${known.join(', ').replace(/, ([^,]*)$/, ' or $1')}`;
  const isWritten = typeof found === 'string' && !known.includes(found);
  return { path, message, ...(isWritten && { unknown: { text: found, known } }) };
}

/** What a type is called by people who write YAML. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function messageOf(issue: Issue): string {
  if (issue.code === 'too_small') return 'must not be empty';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
  return issue.message;
}

/** Of a choice between shapes, what is wrong with the one that was meant: a mapping for a mapping, a text for a text. */
function bestBranch(branches: readonly (readonly Issue[])[], found: unknown): readonly Issue[] {
  const isMapping = typeof found === 'object' && found !== null;
  const isOther = ({ code, path }: Issue): boolean =>
    path.length === 0 && (code === 'invalid_type' || (isMapping && code === 'invalid_value'));
  const meant = branches.filter((issues) => !issues.some(isOther));
  const candidates = meant.length > 0 ? meant : branches;
  return candidates.reduce((a, b) => (choicesIn(b) > choicesIn(a) ? b : a));
}

function choicesIn(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => (issue.code === 'invalid_value' ? issue.values.length : 0)));
}

/** The keys that a mapping at a path may have, read from the published schema so that there is one definition. */
function keysAt(path: SchemaFault['path'], published: Checked['published']): string[] {
  let nodes: Node[] = [published as Node];
  for (const part of path)
    nodes = nodes
      .flatMap(branchesOf)
      .flatMap(({ properties, items, additionalProperties }) =>
        typeof part === 'number' ? (items ?? []) : (properties?.[part] ?? additionalProperties ?? []),
      )
      .filter((node): node is Node => typeof node === 'object');
  return nodes.flatMap(branchesOf).flatMap(({ properties }) => Object.keys(properties ?? {}));
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | false;
  readonly anyOf?: readonly Node[];
}

function branchesOf(node: Node): Node[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(branchesOf);
}
