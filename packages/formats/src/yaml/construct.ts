import {
  EVENT_ID,
  type Event,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { whyAnchorName, whySplitKey, whyTightColon, whyTightTag } from './ambiguity.ts';
import { type Anchor, Anchors } from './anchors.ts';
import { ConstructError, type FaultCode, type FaultReason, refuseAt, ScalarError } from './fault.ts';
import { attachMerged, attachOwn, type Frame, openFrame, orderOf } from './frame.ts';
import { keyText } from './key.ts';
import { OffsetBuffer, WIDTH } from './offsets.ts';
import { asJson, resolveAny, type ScalarValue } from './scalar.ts';
import { type Scalar, ScalarReader, type Surroundings } from './scalar-text.ts';
import { MERGE_TAG, resolveTagged } from './tag.ts';

/** A document's value and its offsets: `WIDTH` numbers a node, depth first, in the order of `Object.keys`. */
export interface Constructed {
  readonly value: unknown;
  readonly offsets: Uint32Array;
}

const NO_RANGE = -1;
const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;

/**
 * Builds the JavaScript value of one document from parser events, with kubectl's reading of scalars, and beside it
 * the offsets of every key and value. Linear in the events and in what aliases add, which is bounded; integer-like
 * keys and merges cost one more copy of the offsets for each level of nesting. Offsets, those of faults as well, are those of the source.
 *
 * @throws ConstructError for duplicate keys, unusable keys and aliases that expand without measure.
 */
export function constructDocument(events: readonly Event[], source: string): Constructed {
  return new Builder(source).run(events);
}

class Builder {
  private readonly source: string;
  private readonly nodes = new OffsetBuffer();
  private readonly anchors = new Anchors();
  private readonly frames: Frame[] = [];
  private readonly scalars: ScalarReader;
  private frame: Frame | undefined;
  private root: unknown = null;
  private lastEnd = 0;
  private hasAliases = false;

  constructor(source: string) {
    this.source = source;
    this.scalars = new ScalarReader(source);
  }

  run(events: readonly Event[]): Constructed {
    this.hasAliases = events.some((event) => event.type === EVENT_ID.ALIAS);
    let documents = 0;
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          if (++documents > 1) this.fail('invalid-yaml', 'two-documents', this.lastEnd);
          for (const directive of event.directives)
            if (directive.kind === 'tag') this.scalars.tagHandles.set(directive.handle, directive.prefix);
          break;
        case EVENT_ID.SCALAR:
          this.scalar(this.scalars.read(event, this.surroundings()));
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
    // A document of nothing is null, at its beginning.
    if (documents === 0) this.nodes.end(this.begin(0), 0);
    return { value: this.root, offsets: this.nodes.finish() };
  }

  private fail(code: FaultCode, why: FaultReason, at: number): never {
    throw new ConstructError(code, why, at);
  }

  /** Runs a reading of the text at a place; what it refuses is a fault there. */
  private at<T>(place: number, reading: () => T): T {
    try {
      return reading();
    } catch (error) {
      if (error instanceof ScalarError) this.fail('invalid-yaml', error.why, place);
      throw error;
    }
  }

  private surroundings(): Surroundings {
    const { frame, lastEnd } = this;
    return { isFlow: frame?.isFlow === true, isRoot: frame === undefined, lastEnd };
  }

  private refuse(why: FaultReason | undefined, at: number): void {
    refuseAt(why, at);
  }

  private scalar(scalar: Scalar): void {
    const { event, text, start, end, tag } = scalar;
    const frame = this.frame;
    if (frame?.isMap === true && frame.key === undefined) {
      this.mapKey(frame, scalar);
      this.lastEnd = end;
      return;
    }
    const value = this.value(scalar);
    const node = this.begin(start);
    this.nodes.end(node, end);
    this.lastEnd = end;
    const anchor = this.anchorOf(event);
    if (anchor !== undefined)
      this.store(anchor, { value, key: () => keyText(text, tag), nodes: this.nodes.copy(node) }, start);
    this.attach(value, node, false);
  }

  private value({ text, start, tag }: Scalar): ScalarValue {
    if (tag === 'quoted') return text;
    const value = tag === 'plain' ? resolveAny(text) : this.at(start, () => resolveTagged(text, tag));
    return typeof value === 'number' ? this.at(start, () => asJson(value)) : value;
  }

  private keyText({ text, start, tag }: Scalar): string {
    if (tag === 'quoted' || (tag === 'plain' && typeof resolveAny(text) === 'string')) return text;
    return this.at(start, () => keyText(text, tag));
  }

  private mapKey(frame: Frame, scalar: Scalar): void {
    const { event, text, start, end, tag } = scalar;
    frame.keyStart = start;
    frame.keyIsMerge = text === '<<' && (tag === 'plain' || tag === '!' || tag === MERGE_TAG);
    frame.key = frame.keyIsMerge ? text : this.keyText(scalar);
    if (frame.isFlow) this.checkFlowKey(scalar);
    const anchor = this.anchorOf(event);
    if (anchor === undefined) return;
    const value = tag === 'quoted' ? text : tag === 'plain' ? resolveAny(text) : resolveTagged(text, tag);
    this.store(
      anchor,
      { value, key: () => keyText(text, tag), nodes: Uint32Array.of(start, start, end, 1) },
      start,
    );
  }

  private checkFlowKey({ event, start, end }: Scalar): void {
    if (event.style === SCALAR_STYLE.PLAIN) this.refuse(whyTightColon(this.source, end), end);
    const { tagStart, anchorStart } = event;
    const first = Math.min(
      start,
      tagStart === NO_RANGE ? start : tagStart,
      anchorStart === NO_RANGE ? start : anchorStart - 1,
    );
    this.refuse(whySplitKey(this.source, first, end), start);
  }

  private begin(start: number): number {
    const frame = this.frame;
    const key = frame?.isMap === true ? frame.keyStart : start;
    return this.nodes.begin(key, start);
  }

  private anchorOf(event: ScalarEvent | MappingEvent | SequenceEvent): string | undefined {
    if (event.anchorStart === NO_RANGE) return undefined;
    const name = this.source.slice(event.anchorStart, event.anchorEnd);
    this.refuse(whyAnchorName(name), event.anchorStart);
    return this.hasAliases ? name : undefined;
  }

  private store(name: string, anchor: Anchor, at: number): void {
    const isCollection = anchor.key === undefined;
    const fits = isCollection ? this.anchors.close(name, anchor) : this.anchors.set(name, anchor);
    if (!fits) this.fail('alias-bomb', 'anchor-bomb', at);
  }

  private open(event: MappingEvent | SequenceEvent, isMap: boolean): void {
    if (this.frame?.isMap === true && this.frame.key === undefined)
      this.fail('invalid-yaml', 'key-no-scalar', event.start);
    if (event.tagStart !== NO_RANGE) this.refuse(whyTightTag(this.source, event.tagEnd), event.tagStart);
    const anchor = this.anchorOf(event);
    if (anchor !== undefined) this.anchors.open(anchor);
    const node = this.begin(event.start);
    this.lastEnd = event.start;
    const frame = openFrame({ isMap, node, anchor, start: event.start, isFlow: event.style === 2 });
    if (this.frame !== undefined) this.frames.push(this.frame);
    this.frame = frame;
  }

  private close(frame: Frame): void {
    const code = this.source.charCodeAt(frame.start);
    // A pair in a flow sequence, such as [a: b], is a mapping without brackets.
    const hasBracket = frame.isFlow && code === (frame.isMap ? OPEN_BRACE : OPEN_BRACKET);
    const end = hasBracket ? this.flowEnd(code + 2) : this.lastEnd;
    this.nodes.end(frame.node, end);
    this.lastEnd = end;
    this.frame = this.frames.pop();
    const order = orderOf(frame);
    if (order !== undefined) this.nodes.permute(frame.node, order);
    const value = frame.isMap ? frame.map : frame.list;
    if (frame.anchor !== undefined)
      this.store(frame.anchor, { value, key: undefined, nodes: this.nodes.copy(frame.node) }, frame.start);
    this.attach(value, frame.node, false);
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

  private alias(start: number, end: number): void {
    const name = this.source.slice(start, end);
    const anchor = this.anchors.get(name);
    if (anchor === undefined)
      this.fail('invalid-yaml', this.anchors.isOpen(name) ? 'alias-to-itself' : 'unknown-alias', start);
    this.lastEnd = end;
    const frame = this.frame;
    if (frame?.isMap === true && frame.key === undefined) {
      const { key } = anchor;
      if (key === undefined) this.fail('invalid-yaml', 'key-no-scalar', start);
      frame.key = this.at(start, key);
      frame.keyStart = start - 1;
      frame.keyIsMerge = false;
      return;
    }
    const { value } = anchor;
    if (typeof value === 'number') this.at(start, () => asJson(value));
    const key = frame?.isMap === true ? frame.keyStart : start - 1;
    this.spend(anchor.nodes.length / WIDTH, start);
    this.attach(value, this.nodes.append(anchor.nodes, key), true);
  }

  private spend(nodes: number, at: number): void {
    if (!this.anchors.spend(nodes)) this.fail('alias-bomb', 'alias-bomb', at);
  }

  private attach(value: unknown, node: number, isAlias: boolean): void {
    const frame = this.frame;
    if (frame === undefined) {
      this.root = value;
      return;
    }
    if (!frame.isMap) {
      frame.list.push(value);
      return;
    }
    if (frame.keyIsMerge) this.merge(frame, { value, node, isAlias });
    else if (!attachOwn(frame, value, { node, nodes: this.nodes }))
      this.fail('duplicate-key', 'key-twice', frame.keyStart);
    frame.key = undefined;
  }

  private merge(
    frame: Frame,
    { value, node, isAlias }: { value: unknown; node: number; isAlias: boolean },
  ): void {
    // Go's YAML merges the items of a list that is written out, and refuses one behind an alias.
    const isAliasedList = isAlias && Array.isArray(value);
    const added = isAliasedList ? 'no-mapping' : attachMerged(frame, value, { node, nodes: this.nodes });
    if (added === 'no-mapping') this.fail('invalid-yaml', 'merge-no-mapping', frame.keyStart);
    if (added === 'same-key') this.fail('duplicate-key', 'key-merged-twice', frame.keyStart);
    this.spend(added, frame.keyStart);
  }
}
