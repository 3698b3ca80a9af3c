import { isObject } from '@bulwark/core';

const WIDTH = 4;

/** A node of a document in its text, with its parts on demand. */
export class SourceNode {
  readonly value: unknown;
  /** Its place in the offsets, which names it. */
  readonly at: number;
  /** Key in its mapping or index in its list; undefined for the root. */
  readonly part: string | number | undefined;
  readonly parent: SourceNode | undefined;
  /** How many nodes it lies in. */
  readonly depth: number;
  private readonly offsets: Uint32Array;
  private parts: readonly SourceNode[] | undefined;

  private constructor(
    offsets: Uint32Array,
    { value, at, part, parent }: Pick<SourceNode, 'value' | 'at' | 'part' | 'parent'>,
  ) {
    this.offsets = offsets;
    this.value = value;
    this.at = at;
    this.part = part;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  static root(value: unknown, offsets: Uint32Array, at: number): SourceNode {
    return new SourceNode(offsets, { value, at, part: undefined, parent: undefined });
  }

  get keyStart(): number {
    return this.offsets[this.at] ?? 0;
  }

  get start(): number {
    return this.offsets[this.at + 1] ?? 0;
  }

  get end(): number {
    return this.offsets[this.at + 2] ?? 0;
  }

  get children(): readonly SourceNode[] {
    this.parts ??= this.findChildren();
    return this.parts;
  }

  child(part: string | number): SourceNode | undefined {
    return typeof part === 'number'
      ? this.children[part]
      : this.children.find((candidate) => candidate.part === part);
  }

  private findChildren(): SourceNode[] {
    const { value, offsets } = this;
    const entries: [string | number, unknown][] = Array.isArray(value)
      ? value.map((item, index) => [index, item])
      : isObject(value)
        ? Object.entries(value)
        : [];
    let at = this.at + WIDTH;
    return entries.map(([part, item]) => {
      const child = new SourceNode(offsets, { value: item, at, part, parent: this });
      at += (offsets[at + 3] ?? 1) * WIDTH;
      return child;
    });
  }
}
