import { deserialize, serialize } from 'node:v8';
import type { Query } from '@bulwark/core';
import {
  type ListRequest,
  type Scope,
  type Store,
  stateOfTopics,
  type Times,
  type Topic,
} from '@bulwark/store';

/** What all kept answers take at most, in bytes: some hundred of the usual size. */
const MOST_BYTES = 16 * 1024 * 1024;
const MINUTE_MS = 60_000;

/** What an answer depends on beside the state of the topics. */
export interface AnswerKey {
  /** Which list, and whatever its request has of its own. Moments are `Date`s. */
  readonly list: readonly [name: string, ...more: (string | Date | undefined)[]];
  readonly scope: Scope;
  readonly request: Omit<ListRequest, 'frameworks'> & Times;
  /** What changes the answer. */
  readonly topics: readonly Topic[];
  /** Whether more than the query depends on the present moment. */
  readonly isOfNow?: boolean;
}

interface Kept {
  readonly state: string;
  readonly answer: Buffer;
}

/**
 * Answers of lists that cost much, kept until something changes that they depend on. Whether that is so is read from the
 * database in each request, so that an answer is never older than what was written when it was asked for, by whichever hub.
 * What depends on the present moment, as ages do, is kept for the rest of its minute. Equal requests at the same time are
 * worked out once. Nothing is kept of failures. The least recently used go first.
 */
export class KeptAnswers {
  private readonly store: Store;
  private readonly mostBytes: number;
  private readonly kept = new Map<string, Kept>();
  private readonly running = new Map<string, Promise<unknown>>();
  private bytesNow = 0;

  constructor(store: Store, mostBytes = MOST_BYTES) {
    this.store = store;
    this.mostBytes = mostBytes;
  }

  /** What is kept now, in bytes. */
  get bytes(): number {
    return this.bytesNow;
  }

  /** @param compute works it out; what it gives is shared, and so must not be changed. */
  async of<T>(asked: AnswerKey, compute: () => Promise<T>): Promise<T> {
    const key = keyOf(asked);
    const state = await stateOfTopics(this.store, asked.scope, asked.topics);
    const known = this.kept.get(key);
    if (known?.state === state) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return deserialize(known.answer) as T;
    }
    const id = `${state} ${key}`;
    const shared = this.running.get(id) ?? this.start(id, { key, state }, compute);
    return shared as Promise<T>;
  }

  private start<T>(
    id: string,
    { key, state }: { readonly key: string; readonly state: string },
    compute: () => Promise<T>,
  ): Promise<T> {
    const running = compute()
      .then((answer) => {
        this.keep(key, { state, answer: serialize(answer) });
        return answer;
      })
      .finally(() => this.running.delete(id));
    this.running.set(id, running);
    return running;
  }

  private keep(key: string, kept: Kept): void {
    this.forget(key);
    const size = sizeOf(key, kept);
    if (size > this.mostBytes) return;
    this.kept.set(key, kept);
    this.bytesNow += size;
    for (const oldest of this.kept.keys()) {
      if (this.bytesNow <= this.mostBytes) return;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    const kept = this.kept.get(key);
    if (kept === undefined) return;
    this.kept.delete(key);
    this.bytesNow -= sizeOf(key, kept);
  }
}

/** Characters are counted as two bytes each. */
function sizeOf(key: string, { state, answer }: Kept): number {
  return 2 * (key.length + state.length) + answer.byteLength;
}

function keyOf({ list, topics, scope, request, isOfNow = false }: AnswerKey): string {
  const { query, sort, limit, cursor, now, asOf, since } = request;
  // Of a moment of the past, that is the present one.
  const minute = asOf === undefined ? Math.floor(now.getTime() / MINUTE_MS) : now.getTime();
  return JSON.stringify([
    list.map((each) => each ?? null),
    topics,
    scope.clusters,
    scope.namespaces,
    query,
    [sort ?? null, limit, cursor ?? null, asOf ?? null, since ?? null],
    isOfNow || isAboutNow(query) ? minute : null,
  ]);
}

/** Whether what a query finds depends on the present moment. */
function isAboutNow(query: Query): boolean {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.items.some(isAboutNow);
    case 'not':
      return isAboutNow(query.item);
    case 'field':
      return query.values.some(({ type }) => type === 'relative' || type === 'duration');
    case 'text':
      return false;
  }
}
