import { applyEdits, type Edit, type JsonObject, valueAt } from '@bulwark/core';
import { LayoutPrinter } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../read.ts';
import { CannotSplice } from './cannot-splice.ts';
import { SourceNode } from './source-node.ts';
import { applySplices, type Splice, splicesOf } from './splice.ts';

function splicesIn(text: string, edits: readonly Edit[]): Splice[] {
  const [document] = readDocuments(text).documents;
  if (document === undefined) throw new Error('no document');
  return splicesOf(text, { object: document.value, offsets: document.offsets, node: 0 }, edits);
}

function spliced(text: string, edits: readonly Edit[]): string {
  return applySplices(text, splicesIn(text, edits));
}

const POD = `# a pod
apiVersion: v1
kind: Pod
metadata:
  name: web # its name
spec:
  hostPID: true   # why?
  # the containers
  containers:
    - name: app
      image: "example.com/app:1"
      ports:
      - hostPort: 80
        containerPort: 8080
      - containerPort: 9090
      securityContext: {privileged: true}
    - name: log
      args:
        - |
          a
          b

  # the end
`;

const set = (path: string, value: boolean | string | number | object): Edit => ({
  op: 'set',
  path: path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  value: value as never,
});
const append = (path: string, value: string): Edit => ({ ...set(path, value), op: 'append' }) as Edit;
const remove = (path: string): Edit => ({ op: 'remove', path: set(path, '').path });

/** The lines that a splice changes, as a diff without context. */
function changed(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...now.slice(start, now.length - end).map((line) => `+${line}`),
  ];
}

describe('a splice', () => {
  it.each<{ name: string; edits: readonly Edit[]; lines: readonly string[] }>([
    {
      name: 'replaces a value and keeps the comment beside it',
      edits: [set('spec.hostPID', false)],
      lines: ['-  hostPID: true   # why?', '+  hostPID: false   # why?'],
    },
    {
      name: 'replaces in flow style',
      edits: [set('spec.containers.0.securityContext.privileged', false)],
      lines: ['-      securityContext: {privileged: true}', '+      securityContext: {privileged: false}'],
    },
    {
      name: 'adds to flow style',
      edits: [set('spec.containers.0.securityContext.runAsUser', 1000)],
      lines: [
        '-      securityContext: {privileged: true}',
        '+      securityContext: {privileged: true, runAsUser: 1000}',
      ],
    },
    {
      name: 'adds mappings and lists that are missing, once for several edits',
      edits: [
        set('spec.containers.1.securityContext.privileged', false),
        append('spec.containers.1.securityContext.capabilities.drop', 'ALL'),
        append('spec.containers.1.securityContext.capabilities.drop', 'ALL'),
        set('spec.containers.1.securityContext.seccompProfile', { type: 'RuntimeDefault' }),
      ],
      lines: [
        '+      securityContext:',
        '+        privileged: false',
        '+        capabilities:',
        '+          drop:',
        '+            - ALL',
        '+        seccompProfile:',
        '+          type: RuntimeDefault',
      ],
    },
    {
      name: 'appends to a list in block style, behind a block of text',
      edits: [append('spec.containers.1.args', 'true')],
      lines: ['+        - "true"'],
    },
    {
      name: 'removes a line with its comment',
      edits: [remove('spec.hostPID')],
      lines: ['-  hostPID: true   # why?'],
    },
    {
      name: "removes the first entry of a list's item beside its dash",
      edits: [remove('spec.containers.0.ports.0.hostPort')],
      lines: ['-      - hostPort: 80', '-        containerPort: 8080', '+      - containerPort: 8080'],
    },
    {
      name: 'removes an item of a list',
      edits: [remove('spec.containers.0.ports.0')],
      lines: ['-      - hostPort: 80', '-        containerPort: 8080'],
    },
    {
      name: 'leaves an empty list where the last item goes',
      edits: [remove('spec.containers.0.ports.0'), remove('spec.containers.0.ports.1')],
      lines: [
        '-      ports:',
        '-      - hostPort: 80',
        '-        containerPort: 8080',
        '-      - containerPort: 9090',
        '+      ports: []',
      ],
    },
    {
      name: 'leaves an empty mapping where the last entry goes',
      edits: [remove('spec.containers.0.securityContext.privileged')],
      lines: ['-      securityContext: {privileged: true}', '+      securityContext: {}'],
    },
  ])('$name', ({ edits, lines }) => {
    const after = spliced(POD, edits);

    // What two neighbouring lines share is no difference.
    expect(changed(POD, after).sort()).toEqual([...lines].sort());
    expect(readDocuments(after).documents[0]?.value).toEqual(
      applyEdits(readDocuments(POD).documents[0]?.value as JsonObject, edits),
    );
  });

  it('leaves no empty line where the last line goes that has no end, and something comes below it', () => {
    const text = 'spec:\n  ports:\n    - containerPort: 80\n      hostPort: 80 # why';

    const after = spliced(text, [
      remove('spec.ports.0.hostPort'),
      set('spec.ports.0.name', 'web'),
      set('spec.b', 1),
    ]);

    expect(after).toBe('spec:\n  ports:\n    - containerPort: 80\n      name: web\n  b: 1\n');
  });

  it('keeps the line ends of the file', () => {
    const text = POD.replaceAll('\n', '\r\n');

    const after = spliced(text, [set('spec.containers.1.securityContext.privileged', false)]);

    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('writes JSON into JSON, below what stands there', () => {
    const text = '{\n  "kind": "Pod",\n  "spec": {\n    "hostPID": true\n  }\n}\n';

    expect(spliced(text, [set('spec.securityContext', { runAsNonRoot: true })])).toBe(
      '{\n  "kind": "Pod",\n  "spec": {\n    "hostPID": true,\n    "securityContext": {"runAsNonRoot": true}\n  }\n}\n',
    );
  });

  it('fills in what is written without a value', () => {
    expect(spliced('a:\n  b:\nc: 1\n', [set('a.b.d', true)])).toBe('a:\n  b:\n    d: true\nc: 1\n');
  });

  it('replaces a block of text as a whole', () => {
    expect(spliced('a:\n  b: |-\n    x\n    y\n  c: 1\n', [set('a.b', 'z')])).toBe('a:\n  b: z\n  c: 1\n');
  });

  it('quotes what a reader would take for something else', () => {
    expect(spliced('a: 1\n', [set('b', 'yes'), set('c', '1.0'), set('d', 'a: b'), set('e', 'plain')])).toBe(
      'a: 1\nb: "yes"\nc: "1.0"\nd: "a: b"\ne: plain\n',
    );
  });

  it('refuses two values for one field', () => {
    expect(() => spliced('a: 1\n', [set('a', 2), set('a', 3)])).toThrow(CannotSplice);
  });
});

const KEYS = fc.constantFrom('a', 'b', 'key with: colon', 'true', '-');
const SCALARS = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.constantFrom('x', 'yes', '1', '', ' lead', 'multi\nline\n', '# no comment', '"quoted"', 'é'),
  fc.constant(null),
);
const VALUES = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    SCALARS,
    fc.dictionary(KEYS, tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

function paths(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...entries.flatMap(([key, item]) => paths(item, [...at, key]))];
}

function commentsOf(text: string): string[] {
  return text.match(/# note \d+/g) ?? [];
}

/** Whether an edit leaves every line in place, so that no comment may go. */
function keepsLines({ op, path }: Edit, object: unknown): boolean {
  const value = valueAt(object, path);
  if (op === 'remove') return false;
  return op === 'append' || typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** The stretch of a text that an edit may touch: what it changes, with its lines where it stands alone on them. */
function reachOf(text: string, { op, path }: Edit): Pick<Splice, 'start' | 'end'> {
  const [document] = readDocuments(text).documents;
  let node = SourceNode.root(document?.value, document?.offsets ?? new Uint32Array(), 0);
  let depth = 0;
  for (let child = node.child(path[0] ?? ''); child !== undefined; child = node.child(path[++depth] ?? ''))
    node = child;
  /** With the comments below a line, which stay where they are. */
  const nextLine = (at: number): number =>
    at + (/^[^\r\n]*(?:\r?\n *#[^\r\n]*)*/.exec(text.slice(at))?.[0].length ?? 0) + '\r\n'.length;
  /** The indentation of a line that goes as a whole goes too. */
  const indentBefore = (at: number): number => text.slice(0, at).replace(/ +$/, '').length;
  const { parent } = node;
  if (op !== 'remove' || depth < path.length || parent === undefined)
    return { start: node.keyStart, end: nextLine(node.end) };
  const at = parent.children.indexOf(node);
  if (parent.children.length === 1) return { start: parent.keyStart, end: nextLine(parent.end) };
  return {
    start: parent.children[at - 1]?.end ?? indentBefore(parent.keyStart),
    end: parent.children[at + 1]?.keyStart ?? nextLine(node.end),
  };
}

describe('splices of random edits in random layouts', () => {
  it('make what the edits make, keep every comment and touch nothing else, or refuse', () => {
    const made = { one: 0, commented: 0 };
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('m', 'n', 'o'), VALUES, { minKeys: 1 }),
        fc.array(fc.nat(5039), { minLength: 400, maxLength: 400 }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('set', 'append', 'remove', 'add'), SCALARS), {
          minLength: 1,
          maxLength: 2,
        }),
        (object, numbers, wanted) => {
          let at = 0;
          const printer = new LayoutPrinter((choices) => (numbers[at++ % numbers.length] ?? 0) % choices);
          const text = printer.document(object);
          const [document] = readDocuments(text).documents;
          fc.pre(JSON.stringify(document?.value) === JSON.stringify(object));
          const all = paths(object).filter((path) => path.length > 0);
          const edits = wanted.map(([index, op, value]): Edit => {
            const path = all[index % all.length] ?? [];
            if (op === 'remove') return { op, path };
            return op === 'add'
              ? { op: 'set', path: [...path, 'new', 'deep'], value }
              : { op: op as 'set' | 'append', path, value };
          });
          let expected: unknown;
          let after: string;
          try {
            expected = applyEdits(object as JsonObject, edits);
            after = spliced(text, edits);
          } catch {
            // An edit that contradicts another, or has no place: refused by one or the other.
            return;
          }
          // The caller proves every result; what may not happen often is proved here not to happen at all.
          const result = readDocuments(after);
          expect(result.problems).toEqual([]);
          expect(result.documents[0]?.value ?? {}).toEqual(expected);
          const [edit] = edits;
          if (edit === undefined || edits.length > 1) return;
          made.one++;
          const reach = reachOf(text, edit);
          for (const { start, end } of splicesIn(text, [edit])) {
            expect(start).toBeGreaterThanOrEqual(reach.start);
            expect(end).toBeLessThanOrEqual(reach.end);
          }
          if (!keepsLines(edit, object)) return;
          made.commented += commentsOf(text).length > 0 ? 1 : 0;
          expect(commentsOf(after)).toEqual(commentsOf(text));
        },
      ),
      { numRuns: 1000, seed: 4 },
    );
    expect(made.one).toBeGreaterThan(200);
    expect(made.commented).toBeGreaterThan(100);
  });
});
