/** What a fault found while building values is called in coverage. */
export type FaultCode = 'duplicate-key' | 'alias-bomb' | 'invalid-yaml';

/** A fault found while building values, at a UTF-16 offset of the text that was parsed. */
export class ConstructError extends Error {
  readonly code: FaultCode;
  readonly offset: number;

  constructor(code: FaultCode, message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/**
 * Refuses a document when there is a reason to.
 *
 * @throws ConstructError at that offset.
 */
export function refuseAt(why: string | undefined, offset: number): void {
  if (why !== undefined) throw new ConstructError('invalid-yaml', why, offset);
}
