/** Numbers a node: key start, value start, value end, and how many nodes its subtree has, itself included. */
export const WIDTH = 4;

/** A growing table of node offsets, written depth first. */
export class OffsetBuffer {
  private data = new Uint32Array(256 * WIDTH);
  private length = 0;

  /** Where the next node will be. */
  get size(): number {
    return this.length;
  }

  private grow(extra: number): void {
    if (this.length + extra <= this.data.length) return;
    const larger = new Uint32Array(Math.max(this.data.length * 2, this.length + extra));
    larger.set(this.data.subarray(0, this.length));
    this.data = larger;
  }

  /** Adds a node whose end is not known yet and answers where it is. */
  begin(keyStart: number, valueStart: number): number {
    this.grow(WIDTH);
    const at = this.length;
    this.data[at] = keyStart;
    this.data[at + 1] = valueStart;
    this.length = at + WIDTH;
    return at;
  }

  /** Ends a node: everything added since it began is its subtree. */
  end(node: number, valueEnd: number): void {
    this.data[node + 2] = valueEnd;
    this.resize(node);
  }

  /** Counts the subtree of the last open node again, after something was added to it. */
  resize(node: number): void {
    this.data[node + 3] = (this.length - node) / WIDTH;
  }

  /** The place after a node's subtree. */
  after(node: number): number {
    return node + (this.data[node + 3] ?? 1) * WIDTH;
  }

  /** A copy of a node with its subtree. */
  copy(node: number): Uint32Array {
    return this.data.slice(node, this.after(node));
  }

  /** Appends a copied subtree under another key and answers where it is. */
  append(nodes: Uint32Array, keyStart: number): number {
    this.grow(nodes.length);
    const at = this.length;
    this.data.set(nodes, at);
    this.data[at] = keyStart;
    this.length += nodes.length;
    return at;
  }

  /** Forgets everything from a node on. */
  truncate(node: number): void {
    this.length = node;
  }

  /**
   * Rearranges the children of the last node in the table: `order` gives their present places. What it leaves out is
   * dropped. Costs a copy of the subtree.
   */
  permute(node: number, order: readonly number[]): void {
    const old = this.data.slice(node, this.length);
    let at = node + WIDTH;
    for (const place of order) {
      const from = place - node;
      const block = old.subarray(from, from + (old[from + 3] ?? 1) * WIDTH);
      this.data.set(block, at);
      at += block.length;
    }
    this.length = at;
    this.resize(node);
  }

  /** The table, exactly as long as it was written. */
  finish(): Uint32Array {
    return this.data.slice(0, this.length);
  }
}
