/** What a fault found while building values is called in coverage. */
export type FaultCode = 'duplicate-key' | 'alias-bomb' | 'invalid-yaml';

/**
 * Why a document is refused, in every word that is said about it. A fault takes one of these and no other text: what the
 * document holds, names of anchors and tags included, may be a password that was not quoted, and a report goes far.
 */
const REASONS = {
  'two-documents': 'more than one document where one was expected',
  'anchor-bomb': 'anchors inside anchors hold too many nodes',
  'alias-bomb': 'aliases expand to more nodes than a document can need',
  'unknown-alias': 'an alias has no anchor; text that begins with * has to be quoted',
  'alias-to-itself': 'an alias refers to what it stands in',
  'key-no-scalar': 'a mapping key is not a scalar',
  'key-null': 'a mapping key is null',
  'key-too-large': 'a mapping key is beyond 63 bits',
  'key-twice': 'a key appears twice in a mapping',
  'key-merged-twice': 'a number or boolean that is a key is merged twice',
  'merge-no-mapping': 'only mappings can be merged',
  'no-json-form': 'an infinity or NaN has no JSON form',
  'unfit-tag': 'a value does not fit its tag',
  'bad-escape': 'an escape that is no character',
  'tight-colon': 'a colon that nothing separates from what follows is ambiguous',
  'tight-tag': 'a tag that nothing separates from what follows is ambiguous',
  'flow-indicator': 'a flow collection has a value that begins with an indicator',
  'split-key': 'a key and its colon are not on one line',
  'anchor-name': 'the name of an anchor has other characters than letters and digits',
  'root-indent': 'a whole document is a block scalar with its own indentation',
  'doubled-return': 'a line break with two carriage returns is ambiguous',
  'foreign-break': 'a character that ends the line for some readers of YAML and not for others',
  'indented-marker': 'the marker of a document is indented',
  'two-marks': 'the file begins with two byte order marks',
} as const;

/** Names why a document is refused. */
export type FaultReason = keyof typeof REASONS;

/** A fault found while building values, at a UTF-16 offset of the text that was parsed. */
export class ConstructError extends Error {
  readonly code: FaultCode;
  readonly offset: number;

  constructor(code: FaultCode, why: FaultReason, offset: number) {
    super(REASONS[why]);
    this.code = code;
    this.offset = offset;
  }
}

/** Thrown for a scalar that sigs.k8s.io/yaml refuses, such as `.inf`, which JSON cannot carry. */
export class ScalarError extends Error {
  readonly why: FaultReason;

  constructor(why: FaultReason) {
    super(REASONS[why]);
    this.why = why;
  }
}

/**
 * Refuses a document when there is a reason to.
 *
 * @throws ConstructError at that offset.
 */
export function refuseAt(why: FaultReason | undefined, offset: number): void {
  if (why !== undefined) throw new ConstructError('invalid-yaml', why, offset);
}

/** What js-yaml says of a text, without what it quotes of it: all that stands in quotes or behind a colon. */
export function withoutQuotes(reason: string): string {
  return reason.replaceAll(/ "[^"]*"/g, '').replace(/: .*/s, '');
}
