import { err, ok, type Result } from '@bulwark/core';
import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml';
import type { AccessProblem } from './access.ts';

/** A YAML value that knows where it stands. Offsets count UTF-16 units of the text. */
export type Node = MappingNode | ListNode | ScalarNode;

export interface MappingNode {
  readonly kind: 'mapping';
  readonly at: number;
  readonly entries: ReadonlyMap<string, Node>;
  /** Where each key begins. */
  readonly keysAt: ReadonlyMap<string, number>;
  /** Written with braces. */
  readonly isFlow: boolean;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: number;
  readonly text: string;
  /** Without quotes and tag, so that it may be read as something else than text. */
  readonly isPlain: boolean;
  /** From where to where it is written, with its quotes; undefined where nothing is, and for blocks of lines. */
  readonly extent: { readonly start: number; readonly end: number } | undefined;
}

/** A file, to name places in it. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** The problem at an offset of a file. */
export function problemAt({ file, text }: SourceText, at: number, message: string): AccessProblem {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { file, line: before.split('\n').length, column: at - lineStart + 1, message };
}

class Refusal extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** The one document of a file; undefined for an empty one. */
export function readLocated(source: SourceText): Result<Node | undefined, AccessProblem> {
  try {
    return ok(new Builder(source.text).run(parseEvents(source.text, {})));
  } catch (error) {
    if (error instanceof Refusal) return err(problemAt(source, error.at, error.message));
    if (!(error instanceof YAMLException)) throw error;
    const message = `This is not valid YAML: ${error.reason}.`;
    const { mark } = error;
    if (mark === undefined) return err({ file: source.file, message });
    return err({ file: source.file, line: mark.line + 1, column: mark.column + 1, message });
  }
}

interface Open {
  readonly node:
    | {
        kind: 'mapping';
        at: number;
        entries: Map<string, Node>;
        keysAt: Map<string, number>;
        isFlow: boolean;
      }
    | { kind: 'list'; at: number; items: Node[] };
  key: string | undefined;
}

class Builder {
  private readonly text: string;
  private readonly open: Open[] = [];
  private readonly anchors = new Map<string, Node>();
  private root: Node | undefined;
  private documents = 0;

  constructor(text: string) {
    this.text = text;
  }

  run(events: readonly Event[]): Node | undefined {
    for (const event of events) this.take(event);
    return this.root;
  }

  private take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.documents++;
        return;
      case EVENT_ID.MAPPING:
        this.enter(
          {
            kind: 'mapping',
            at: event.start,
            entries: new Map(),
            keysAt: new Map(),
            isFlow: event.style === COLLECTION_STYLE.FLOW,
          },
          event,
        );
        return;
      case EVENT_ID.SEQUENCE:
        this.enter({ kind: 'list', at: event.start, items: [] }, event);
        return;
      case EVENT_ID.SCALAR: {
        const isPlain = event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
        const node: Node = {
          kind: 'scalar',
          at: event.valueStart,
          text: getScalarValue(this.text, event),
          isPlain,
          extent: extentOf(event),
        };
        this.anchor(event, node);
        this.add(node);
        return;
      }
      case EVENT_ID.ALIAS: {
        const node = this.anchors.get(this.text.slice(event.anchorStart, event.anchorEnd));
        if (node === undefined) throw new Refusal(event.anchorStart, 'There is no anchor of this name.');
        this.add(node);
        return;
      }
      case EVENT_ID.POP:
        this.open.pop();
    }
  }

  private enter(node: Open['node'], event: { anchorStart: number; anchorEnd: number }): void {
    this.anchor(event, node);
    this.add(node);
    this.open.push({ node, key: undefined });
  }

  private anchor({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }, node: Node): void {
    if (anchorStart >= 0) this.anchors.set(this.text.slice(anchorStart, anchorEnd), node);
  }

  private add(node: Node): void {
    const parent = this.open.at(-1);
    if (parent === undefined) {
      if (this.documents > 1 && isNull(node)) return;
      if (this.documents > 1)
        throw new Refusal(node.at, 'A kubeconfig has one document, and this is a second one.');
      this.root = node;
    } else if (parent.node.kind === 'list') parent.node.items.push(node);
    else if (parent.key === undefined) {
      parent.key = keyOf(node, parent.node.entries);
      parent.node.keysAt.set(parent.key, node.kind === 'scalar' ? (node.extent?.start ?? node.at) : node.at);
    } else {
      parent.node.entries.set(parent.key, node);
      parent.key = undefined;
    }
  }
}

function extentOf({ valueStart, valueEnd, style }: ScalarEvent): ScalarNode['extent'] {
  if (valueStart < 0 || style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK)
    return undefined;
  const quote = style === SCALAR_STYLE.PLAIN ? 0 : 1;
  return { start: valueStart - quote, end: valueEnd + quote };
}

/** Whether nothing stands there, or a null. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.isPlain && /^(null|Null|NULL|~|)$/.test(node.text);
}

function keyOf(node: Node, entries: ReadonlyMap<string, Node>): string {
  if (node.kind !== 'scalar') throw new Refusal(node.at, 'A key must be a text.');
  if (node.text === '<<')
    throw new Refusal(node.at, 'Merge keys (<<) are not read here; write the fields out.');
  if (entries.has(node.text)) throw new Refusal(node.at, `The key ${node.text} is written twice.`);
  return node.text;
}
