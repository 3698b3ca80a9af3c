import { setImmediate } from 'node:timers/promises';
import { type AuditDelivery, isSameJson, joinDeliveries, parseAuditDelivery } from '@bulwark/core';
import { auditPositionOf, clusterOfAuditFile, type Store, writeAuditFault } from '@bulwark/store';
import type { AuditLog } from './audit-log.ts';
import { type Position, positionOf, readOn } from './read-on.ts';

/** An audit log in a file. */
export interface FollowedFile {
  /** Name of the cluster: the context of the kubeconfig, or `in-cluster`. */
  readonly cluster: string;
  readonly path: string;
}

export interface FollowOptions {
  readonly store: Store;
  readonly auditLog: AuditLog;
  readonly now: () => Date;
  readonly say: (text: string) => void;
}

const EVERY_MS = 500;
const AGAIN_MS = 2000;
const AWAITED_MS = 60_000;

/** Reads files as they grow, from where they were left, until it is stopped. */
export function followFiles(
  files: readonly FollowedFile[],
  options: FollowOptions,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = files.map((file) => new Follower(file, options, stopping.signal).run());
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

class Follower {
  private readonly file: FollowedFile;
  private readonly options: FollowOptions;
  private readonly signal: AbortSignal;
  private readonly source: string;
  /** The cluster that the position is of, and the position. */
  private at: { readonly cluster: number; readonly position: Position | undefined } | undefined;
  private fault: string | undefined;
  /** Since when no cluster is known, in milliseconds since the epoch, or that this was said. */
  private awaitedSince: number | 'said' | undefined;

  constructor(file: FollowedFile, options: FollowOptions, signal: AbortSignal) {
    this.file = file;
    this.options = options;
    this.signal = signal;
    this.source = `file:${file.path}`;
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      try {
        const isBehind = await this.step();
        if (isBehind) await setImmediate();
        else await this.wait(EVERY_MS);
      } catch (error) {
        await this.failed(error);
        await this.wait(AGAIN_MS);
      }
    }
  }

  /** Reads on; answers whether there is more. */
  private async step(): Promise<boolean> {
    const { store, auditLog } = this.options;
    const cluster = await this.cluster();
    if (cluster === undefined) return this.awaited();
    const isFirst = this.at?.cluster !== cluster;
    if (this.at === undefined || isFirst)
      this.at = { cluster, position: positionOf(await auditPositionOf(store, cluster, this.source)) };
    const before = this.at.position;
    const { lines, tooLong, hasGap, position, isBehind } = await readOn(this.file.path, before);
    const isSame = isSameJson({ ...before }, { ...position });
    // The first time, so that it is known that the file is read, and that what was wrong with it is no more.
    if (!isSame || isFirst) {
      const delivery = deliveryOf(lines, { tooLong, hasGap });
      const context = this.file.cluster;
      await auditLog.take({ cluster, source: this.source, delivery, position: { ...position, context } });
    }
    this.at = { cluster, position };
    this.fault = undefined;
    return isBehind;
  }

  private cluster(): Promise<number | undefined> {
    return clusterOfAuditFile(this.options.store, { context: this.file.cluster, source: this.source });
  }

  /** It is known as soon as it answers for the first time; whoever named another one would wait for ever. */
  private awaited(): false {
    const { say, now } = this.options;
    this.awaitedSince ??= now().getTime();
    if (this.awaitedSince !== 'said' && now().getTime() - this.awaitedSince >= AWAITED_MS) {
      this.awaitedSince = 'said';
      say(`The audit log ${this.file.path} is not read: no cluster is known as ${this.file.cluster} yet.`);
    }
    return false;
  }

  private async failed(error: unknown): Promise<void> {
    const { store, say, now } = this.options;
    // What was read and could not be kept is read again.
    this.at = undefined;
    const fault = faultOf(error);
    if (fault === this.fault) return;
    this.fault = fault;
    say(`The audit log ${this.file.path} of ${this.file.cluster}: ${fault}`);
    try {
      const cluster = await this.cluster();
      if (cluster !== undefined)
        await writeAuditFault(store, cluster, { source: this.source, fault, at: now() });
    } catch {
      // The database is away, which is said elsewhere; the fault is noted when it comes again.
      this.fault = undefined;
    }
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.signal.addEventListener('abort', done);
    });
  }
}

function deliveryOf(
  lines: readonly string[],
  { tooLong, hasGap }: { readonly tooLong: number; readonly hasGap: boolean },
): AuditDelivery {
  const delivery = joinDeliveries(lines.map(parseAuditDelivery));
  const malformed = [
    ...delivery.malformed,
    ...Array<string>(tooLong).fill('a line of more than 8 MiB'),
    ...(hasGap ? ['the end of a file that is gone'] : []),
  ];
  return { ...delivery, malformed };
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'the hub may not read it',
  EPERM: 'the hub may not read it',
  EISDIR: 'it is a folder',
};

function faultOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return 'it could not be read or kept';
  return FAULTS[code] ?? `it could not be read or kept (${code})`;
}
