import { type GroupKind, type JsonObject, ok, Secret, stringAt } from '@bulwark/core';
import type { ClusterAccess, Credentials } from './access/access.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import type { KindState } from './collect/kind-state.ts';
import type { ObjectKey, Sink, Unseen } from './collect/sink.ts';

/** Access to a server of a test, with a token where one is given. */
export function accessTo(
  server: { readonly url: string },
  options: {
    readonly authority?: string;
    readonly token?: string;
    readonly credentials?: Credentials;
    readonly serverName?: string;
    readonly proxy?: string;
    readonly path?: string;
  } = {},
): ClusterAccess {
  const { authority, token, serverName, proxy } = options;
  const authorization = new Secret(`Bearer ${token}`);
  return {
    name: 'test',
    server: new URL(`${server.url}${options.path ?? ''}`),
    namespace: 'default',
    trust: { serverName, insecure: false, authorities: async () => ok(authority) },
    proxy: proxy === undefined ? undefined : new Secret(new URL(proxy)),
    impersonation: undefined,
    credentials: options.credentials ?? {
      current: async () => ok(token === undefined ? {} : { authorization }),
      refused: () => undefined,
    },
    compress: true,
  };
}

/** A clock that runs faster than the machine's, and writes down the waits that it was asked for. */
export class FastClock implements Clock {
  readonly waits: number[] = [];
  private readonly speed: number;
  private readonly began = Date.now();
  private skipped = 0;

  constructor(speed = 100) {
    this.speed = speed;
  }

  now(): number {
    return this.began + this.skipped + (Date.now() - this.began) * this.speed;
  }

  /** Lets time pass at once; waits that are under way are as long as before. */
  skip(milliseconds: number): void {
    this.skipped += milliseconds;
  }

  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(milliseconds);
    await SYSTEM_CLOCK.wait(Math.ceil(milliseconds / this.speed), signal);
  }
}

/** A receiver that keeps what it is given. */
export class Inventory implements Sink {
  readonly objects = new Map<GroupKind, Map<string, JsonObject>>();
  readonly states = new Map<GroupKind, KindState>();
  /** Every call, in its order. */
  readonly calls: string[] = [];
  lastUnseen: Unseen | undefined;

  async upsert(groupKind: GroupKind, objects: readonly JsonObject[]): Promise<void> {
    this.calls.push(`upsert ${groupKind} ${objects.length}`);
    const kind = this.of(groupKind);
    for (const object of objects) {
      const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
      kind.set(`${namespace}/${stringAt(object, 'metadata', 'name')}`, object);
    }
  }

  async remove(groupKind: GroupKind, keys: readonly ObjectKey[]): Promise<void> {
    this.calls.push(`remove ${groupKind} ${keys.length}`);
    for (const { namespace, name } of keys) this.of(groupKind).delete(`${namespace}/${name}`);
  }

  async state(state: KindState): Promise<void> {
    this.calls.push(`state ${state.groupKind} ${state.state}`);
    this.states.set(state.groupKind, state);
  }

  async unseen(unseen: Unseen): Promise<void> {
    this.lastUnseen = unseen;
  }

  /** The names of a kind's objects, as NAMESPACE/NAME, in their order. */
  names(groupKind: GroupKind): string[] {
    return [...this.of(groupKind).keys()].sort();
  }

  private of(groupKind: GroupKind): Map<string, JsonObject> {
    let found = this.objects.get(groupKind);
    if (found === undefined) {
      found = new Map();
      this.objects.set(groupKind, found);
    }
    return found;
  }
}

/** Waits until something is so; throws what it is not, after a time. */
export async function until(what: string, isSo: () => boolean, milliseconds = 10_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not so after ${milliseconds} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
