import { getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { whyFlowIndicator, whyLineBreak, whyRootIndent, whyTightTag } from './ambiguity.ts';
import { findBadEscape, portableEscapes } from './escapes.ts';
import { type FaultReason, refuseAt } from './fault.ts';
import { fullTag } from './tag.ts';

/** A scalar of the source: its text, its place, and what decides its type. */
export interface Scalar {
  readonly event: ScalarEvent;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The full tag, or `plain` or `quoted`: how an untagged scalar is written. */
  readonly tag: string;
}

/** What a scalar stands in, and where an empty one is thought to be. */
export interface Surroundings {
  readonly isFlow: boolean;
  readonly isRoot: boolean;
  readonly lastEnd: number;
}

const NO_RANGE = -1;

/** Reads the scalars of one document from parser events, and refuses those that libyaml reads otherwise. */
export class ScalarReader {
  readonly tagHandles = new Map<string, string>();
  private readonly source: string;
  private json: boolean | undefined;

  constructor(source: string) {
    this.source = source;
  }

  /** @throws ConstructError for escapes that are no characters, and for ambiguous text. */
  read(event: ScalarEvent, around: Surroundings): Scalar {
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    const tag = event.tagStart === NO_RANGE ? (isPlain ? 'plain' : 'quoted') : this.tag(event);
    const { valueStart, valueEnd } = event;
    if (valueStart === NO_RANGE) return { event, text: '', start: around.lastEnd, end: around.lastEnd, tag };
    if (isPlain && around.isFlow) this.refuse(whyFlowIndicator(this.source.charAt(valueStart)), valueStart);
    const quote =
      event.style === SCALAR_STYLE.DOUBLE_QUOTED || event.style === SCALAR_STYLE.SINGLE_QUOTED ? 1 : 0;
    return {
      event,
      text: event.fast ? this.source.slice(valueStart, valueEnd) : this.decode(event, around),
      start: valueStart - quote,
      end: valueEnd + quote,
      tag,
    };
  }

  private refuse(why: FaultReason | undefined, at: number): void {
    refuseAt(why, at);
  }

  private tag({ tagStart, tagEnd }: ScalarEvent): string {
    this.refuse(whyTightTag(this.source, tagEnd), tagStart);
    return fullTag(this.source.slice(tagStart, tagEnd), this.tagHandles);
  }

  private decode(event: ScalarEvent, { isRoot }: Surroundings): string {
    this.refuse(whyLineBreak(this.source, event), event.valueStart);
    if (event.style === SCALAR_STYLE.DOUBLE_QUOTED) return this.decodeDouble(event);
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    if (isRoot && isBlock) this.refuse(whyRootIndent(this.source, event), event.valueStart);
    return getScalarValue(this.source, event);
  }

  private decodeDouble(event: ScalarEvent): string {
    const raw = this.source.slice(event.valueStart, event.valueEnd);
    this.json ??= /^\s*\{/.test(this.source);
    const bad = findBadEscape(raw, this.json);
    if (bad >= 0) this.refuse('bad-escape', event.valueStart + bad);
    const portable = portableEscapes(raw);
    const text = getScalarValue(portable, { ...event, valueStart: 0, valueEnd: portable.length });
    // A JSON reader puts U+FFFD for half a surrogate pair; other text holds none.
    return text.toWellFormed();
  }
}
