import {
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { OffsetBuffer, WIDTH } from './offsets.ts';
import { resolvePlain, resolveTagged, ScalarError, type ScalarValue } from './scalar.ts';

/** A fault found while building values, at a UTF-16 offset of the file. */
export class ConstructError extends Error {
  readonly code: 'duplicate-key' | 'alias-bomb' | 'invalid-yaml';
  readonly offset: number;

  constructor(code: ConstructError['code'], message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/** A document's value and its offsets: `WIDTH` numbers a node, depth first, in the order of `Object.keys`. */
export interface Constructed {
  readonly value: unknown;
  readonly offsets: Uint32Array;
}

interface Anchor {
  readonly value: unknown;
  readonly nodes: Uint32Array;
}

interface Child {
  readonly key: string;
  readonly at: number;
}

interface Frame {
  readonly isMap: boolean;
  readonly map: Record<string, unknown>;
  readonly list: unknown[];
  readonly node: number;
  readonly flow: boolean;
  readonly anchor: string | undefined;
  /** Set once the order of `Object.keys` may differ from the document's: integer keys, merges, `__proto__`. */
  children: Child[] | undefined;
  merges: Anchor[] | undefined;
  key: string | undefined;
  keyStart: number;
  keyIsMerge: boolean;
}

/** Nodes that aliases and merges may add to one document before it counts as a bomb. */
const MAX_EXPANDED_NODES = 1_000_000;
const NO_RANGE = -1;

function compareUnsigned(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * Builds the JavaScript value of one document from parser events, with kubectl's reading of scalars, and beside it
 * the offsets of every key and value.
 *
 * @param base the offset in the file of the slice that was parsed.
 * @throws ConstructError for duplicate keys, unusable keys and aliases that expand without measure.
 */
export function constructDocument(events: readonly Event[], source: string, base: number): Constructed {
  return new Builder(source, base).run(events);
}

class Builder {
  private readonly source: string;
  private readonly base: number;
  private readonly nodes = new OffsetBuffer();
  private readonly anchors = new Map<string, Anchor | undefined>();
  private readonly frames: Frame[] = [];
  private readonly tagHandles = new Map<string, string>();
  private frame: Frame | undefined;
  private root: unknown = null;
  private lastEnd = 0;
  private expanded = 0;

  constructor(source: string, base: number) {
    this.source = source;
    this.base = base;
  }

  run(events: readonly Event[]): Constructed {
    let depth = 0;
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          if (++depth > 1) this.fail('invalid-yaml', 'more than one document where one was expected', 0);
          for (const directive of event.directives)
            if (directive.kind === 'tag') this.tagHandles.set(directive.handle, directive.prefix);
          break;
        case EVENT_ID.SCALAR:
          this.scalar(event);
          break;
        case EVENT_ID.MAPPING:
        case EVENT_ID.SEQUENCE:
          this.open(event, event.type === EVENT_ID.MAPPING);
          break;
        case EVENT_ID.ALIAS:
          this.alias(event.anchorStart, event.anchorEnd);
          break;
        case EVENT_ID.POP:
          if (this.frame !== undefined) this.close(this.frame);
          break;
      }
    }
    return { value: this.root, offsets: this.nodes.finish() };
  }

  private fail(code: ConstructError['code'], message: string, at: number): never {
    throw new ConstructError(code, message, this.base + at);
  }

  private scalar(event: ScalarEvent): void {
    const { source } = this;
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    const empty = event.valueStart === NO_RANGE;
    const text = event.fast
      ? source.slice(event.valueStart, event.valueEnd)
      : empty
        ? ''
        : getScalarValue(source, event);
    const start = empty
      ? this.lastEnd
      : isPlain
        ? event.valueStart
        : event.valueStart - (event.style < 4 ? 1 : 0);
    const end = empty ? start : isPlain || event.style >= 4 ? event.valueEnd : event.valueEnd + 1;
    const frame = this.frame;
    if (frame?.isMap === true && frame.key === undefined) {
      this.mapKey(frame, event, text, start);
      this.lastEnd = end;
      return;
    }
    const value = this.resolve(event, text, isPlain, start);
    const node = this.begin(start);
    this.nodes.end(node, this.base + end);
    this.lastEnd = end;
    this.store(
      event.anchorStart === NO_RANGE ? undefined : source.slice(event.anchorStart, event.anchorEnd),
      value,
      node,
    );
    this.attach(value, node);
  }

  private resolve(event: ScalarEvent, text: string, isPlain: boolean, at: number): ScalarValue {
    try {
      if (event.tagStart !== NO_RANGE)
        return resolveTagged(text, this.tag(event.tagStart, event.tagEnd), !isPlain);
      return isPlain ? resolvePlain(text) : text;
    } catch (error) {
      if (error instanceof ScalarError) this.fail('invalid-yaml', error.message, at);
      throw error;
    }
  }

  private tag(start: number, end: number): string {
    const raw = this.source.slice(start, end);
    if (raw.startsWith('!<')) return raw.slice(2, -1);
    const handle = /^!(?:[0-9A-Za-z-]*!)?/.exec(raw)?.[0] ?? '!';
    const prefix = this.tagHandles.get(handle) ?? (handle === '!!' ? 'tag:yaml.org,2002:' : handle);
    return prefix + raw.slice(handle.length);
  }

  private mapKey(frame: Frame, event: ScalarEvent, text: string, start: number): void {
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    frame.keyStart = start;
    if (isPlain && event.tagStart === NO_RANGE && text === '<<') {
      frame.key = text;
      frame.keyIsMerge = true;
      return;
    }
    let key = text;
    if (isPlain || event.tagStart !== NO_RANGE) {
      const value = this.resolve(event, text, isPlain, start);
      if (value === null) this.fail('invalid-yaml', 'a mapping key is null', start);
      if (typeof value !== 'string') key = String(value);
    }
    frame.key = key;
    frame.keyIsMerge = false;
    if (event.anchorStart !== NO_RANGE) {
      const name = this.source.slice(event.anchorStart, event.anchorEnd);
      this.anchors.set(name, {
        value: key,
        nodes: Uint32Array.of(this.base + start, this.base + start, this.base + event.valueEnd, 1),
      });
    }
  }

  private begin(start: number): number {
    const frame = this.frame;
    const key = frame?.isMap === true ? frame.keyStart : start;
    return this.nodes.begin(this.base + key, this.base + start);
  }

  private open(event: MappingEvent | SequenceEvent, isMap: boolean): void {
    if (this.frame?.isMap === true && this.frame.key === undefined)
      this.fail('invalid-yaml', 'a mapping key is not a scalar', event.start);
    if (event.tagStart !== NO_RANGE) this.collectionTag(event, isMap);
    const anchor =
      event.anchorStart === NO_RANGE ? undefined : this.source.slice(event.anchorStart, event.anchorEnd);
    if (anchor !== undefined) this.anchors.set(anchor, undefined);
    const node = this.begin(event.start);
    this.lastEnd = event.start;
    const frame: Frame = {
      isMap,
      map: isMap ? {} : NO_MAP,
      list: isMap ? NO_LIST : [],
      node,
      flow: event.style === 2,
      anchor,
      children: undefined,
      merges: undefined,
      key: undefined,
      keyStart: 0,
      keyIsMerge: false,
    };
    if (this.frame !== undefined) this.frames.push(this.frame);
    this.frame = frame;
  }

  private collectionTag(event: MappingEvent | SequenceEvent, isMap: boolean): void {
    const tag = this.tag(event.tagStart, event.tagEnd);
    const fits = isMap ? /:(map|omap|set)$/ : /:(seq|omap|pairs)$/;
    if (tag.startsWith('tag:yaml.org,2002:') && !fits.test(tag))
      this.fail(
        'invalid-yaml',
        `a ${isMap ? 'mapping' : 'sequence'} cannot carry the tag ${tag}`,
        event.tagStart,
      );
  }

  private close(frame: Frame): void {
    const end = frame.flow ? this.flowEnd(frame.isMap ? 125 : 93) : this.lastEnd;
    this.nodes.end(frame.node, this.base + end);
    this.lastEnd = end;
    this.frame = this.frames.pop();
    if (frame.merges !== undefined) this.merge(frame, frame.merges);
    if (frame.children !== undefined) this.reorder(frame, frame.children);
    const value = frame.isMap ? frame.map : frame.list;
    this.store(frame.anchor, value, frame.node);
    this.attach(value, frame.node);
  }

  /** The events do not say where a flow collection ends: its bracket follows white space, comments and a comma. */
  private flowEnd(bracket: number): number {
    const { source } = this;
    for (let at = this.lastEnd; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === bracket) return at + 1;
      if (code === 35) {
        const eol = source.indexOf('\n', at);
        if (eol < 0) break;
        at = eol;
      }
    }
    return this.lastEnd;
  }

  private store(anchor: string | undefined, value: unknown, node: number): void {
    if (anchor !== undefined) this.anchors.set(anchor, { value, nodes: this.nodes.copy(node) });
  }

  private alias(start: number, end: number): void {
    const name = this.source.slice(start, end);
    const anchor = this.anchors.get(name);
    if (anchor === undefined) {
      const why = this.anchors.has(name) ? 'refers to itself' : 'has no anchor';
      this.fail('invalid-yaml', `the alias *${name} ${why}`, start);
    }
    this.lastEnd = end;
    const frame = this.frame;
    if (frame?.isMap === true && frame.key === undefined) {
      const { value } = anchor;
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        this.fail('invalid-yaml', 'a mapping key is not a scalar', start);
      frame.key = String(value);
      frame.keyStart = start - 1;
      frame.keyIsMerge = false;
      return;
    }
    const key = frame?.isMap === true ? this.base + frame.keyStart : this.base + start - 1;
    this.spend(anchor.nodes.length / WIDTH, start);
    const node = this.nodes.append(anchor.nodes, key);
    this.attach(anchor.value, node);
  }

  private spend(nodes: number, at: number): void {
    this.expanded += nodes;
    if (this.expanded > MAX_EXPANDED_NODES)
      this.fail('alias-bomb', `aliases expand to more than ${MAX_EXPANDED_NODES} nodes`, at);
  }

  private attach(value: unknown, node: number): void {
    const frame = this.frame;
    if (frame === undefined) {
      this.root = value;
      return;
    }
    if (!frame.isMap) {
      frame.list.push(value);
      return;
    }
    const key = frame.key ?? '';
    frame.key = undefined;
    if (frame.keyIsMerge) {
      this.collectMerge(frame, value, node);
      return;
    }
    if (Object.hasOwn(frame.map, key))
      this.fail('duplicate-key', `the key ${JSON.stringify(key.slice(0, 80))} appears twice`, frame.keyStart);
    if (frame.children === undefined && isIrregular(key)) frame.children = this.childrenOf(frame);
    frame.children?.push({ key, at: node });
    if (key === '__proto__')
      Object.defineProperty(frame.map, key, { value, enumerable: true, configurable: true, writable: true });
    else frame.map[key] = value;
  }

  private childrenOf(frame: Frame): Child[] {
    let at = frame.node + WIDTH;
    return Object.keys(frame.map).map((key) => {
      const child = { key, at };
      at = this.nodes.after(at);
      return child;
    });
  }

  private collectMerge(frame: Frame, value: unknown, node: number): void {
    frame.children ??= this.childrenOf(frame);
    frame.merges ??= [];
    const nodes = this.nodes.copy(node);
    this.nodes.truncate(node);
    if (!Array.isArray(value)) {
      if (!isMapping(value)) this.fail('invalid-yaml', 'only mappings can be merged', frame.keyStart);
      frame.merges.push({ value, nodes });
      return;
    }
    let at = WIDTH;
    for (const item of value) {
      if (!isMapping(item)) this.fail('invalid-yaml', 'only mappings can be merged', frame.keyStart);
      const size = (nodes[at + 3] ?? 1) * WIDTH;
      frame.merges.push({ value: item, nodes: nodes.slice(at, at + size) });
      at += size;
    }
  }

  /** YAML merge keys (yaml.org/type/merge): own keys win over merged ones, earlier sources over later ones. */
  private merge(frame: Frame, merges: readonly Anchor[]): void {
    for (const { value, nodes } of merges) {
      let at = WIDTH;
      for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
        const size = (nodes[at + 3] ?? 1) * WIDTH;
        if (!Object.hasOwn(frame.map, key)) {
          this.spend(size / WIDTH, frame.keyStart);
          const block = nodes.subarray(at, at + size);
          frame.children?.push({ key, at: this.nodes.append(block, block[0] ?? 0) });
          Object.defineProperty(frame.map, key, {
            value: item,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        at += size;
      }
    }
    this.nodes.resize(frame.node);
  }

  /** Puts the blocks of a mapping's children in the order in which `Object.keys` gives its keys. */
  private reorder(frame: Frame, children: readonly Child[]): void {
    const places = new Map(children.map((child) => [child.key, child.at]));
    const order = Object.keys(frame.map).map((key) => places.get(key) ?? frame.node);
    if (order.every((at, index) => index === 0 || at > (order[index - 1] ?? 0))) return;
    this.nodes.permute(frame.node, order);
  }
}

const NO_MAP: Record<string, unknown> = {};
const NO_LIST: unknown[] = [];

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JavaScript lists integer-like keys first, whatever the order they were written in. */
function isIrregular(key: string): boolean {
  return (key.length > 0 && key.length < 17 && compareUnsigned(key.charCodeAt(0))) || key === '__proto__';
}
