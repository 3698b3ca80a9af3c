const NEWLINE = 10;

/**
 * Splits a stream of bytes into lines. A line that lies in one chunk is a view of it; only those that reach over
 * several are copied.
 */
export class LineSplitter {
  private readonly longest: number;
  private parts: Buffer[] = [];
  private held = 0;

  /** @param longest the most bytes of a line; `push` throws RangeError beyond it. */
  constructor(longest: number) {
    this.longest = longest;
  }

  /** The lines that a chunk completes, without their newlines. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(this.complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) this.hold(chunk.subarray(start));
    return lines;
  }

  private complete(tail: Buffer): Buffer {
    if (this.held === 0) return tail;
    this.hold(tail);
    const line = Buffer.concat(this.parts, this.held);
    this.parts = [];
    this.held = 0;
    return line;
  }

  private hold(part: Buffer): void {
    this.held += part.length;
    if (this.held > this.longest) throw new RangeError(`A line is longer than ${this.longest} bytes.`);
    this.parts.push(part);
  }
}
