import { WIDTH } from './offsets.ts';

/** What an alias stands for: a value with its offsets, and its text as a key where it can be one. */
export interface Anchor {
  readonly value: unknown;
  /** Throws a ScalarError for scalars that cannot be keys; undefined for collections. */
  readonly key: (() => string) | undefined;
  readonly nodes: Uint32Array;
}

/** Nodes that aliases and merges may add to one document before it counts as a bomb. */
export const MAX_EXPANDED_NODES = 1_000_000;
/** Nodes that anchors may hold together: an anchored node counts once for each anchor around it. */
export const MAX_ANCHORED_NODES = 4_000_000;

const OPEN = Symbol('an anchor whose value is not complete');

/** The anchors of one document, and what it may still spend on them. */
export class Anchors {
  private readonly named = new Map<string, Anchor | typeof OPEN>();
  private expanded = 0;
  private anchored = 0;

  /** Names a collection that is not complete yet, so that an alias to it is an error. */
  open(name: string): void {
    this.named.set(name, OPEN);
  }

  isOpen(name: string): boolean {
    return this.named.get(name) === OPEN;
  }

  get(name: string): Anchor | undefined {
    const anchor = this.named.get(name);
    return anchor === OPEN ? undefined : anchor;
  }

  /** Completes a collection; an anchor of the same name inside it is the later one, and stays. */
  close(name: string, anchor: Anchor): boolean {
    return !this.isOpen(name) || this.set(name, anchor);
  }

  /** Names a value; a later anchor replaces an earlier one of the same name. False when there are too many nodes. */
  set(name: string, anchor: Anchor): boolean {
    this.named.set(name, anchor);
    this.anchored += anchor.nodes.length / WIDTH;
    return this.anchored <= MAX_ANCHORED_NODES;
  }

  /** Counts nodes that an alias or a merge adds; false when it is a bomb. */
  spend(nodes: number): boolean {
    this.expanded += nodes;
    return this.expanded <= MAX_EXPANDED_NODES;
  }
}
