import type { ServerResponse } from 'node:http';
import type { Fault, RequestFacts } from './faults.ts';
import type { ObjectStore, StoredEvent } from './object-store.ts';
import type { ResourceType } from './resource-type.ts';

/** What a watch is of. */
export interface WatchStreamOptions {
  readonly store: ObjectStore;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly type: ResourceType;
  readonly facts: RequestFacts;
  readonly bookmarkMs: number | undefined;
  readonly fault: Fault | undefined;
}

/** A watch that is under way. */
export class WatchStream {
  private readonly options: WatchStreamOptions;
  private isFrozen = false;

  constructor(options: WatchStreamOptions) {
    this.options = options;
  }

  start(): void {
    const { store, response, url, type, bookmarkMs, fault } = this.options;
    const from = Number(url.searchParams.get('resourceVersion') ?? 0);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
    response.flushHeaders();
    if (fault !== undefined && 'garbage' in fault) response.write(`${fault.garbage}\n`);
    if (fault !== undefined && 'cutAfterBytes' in fault && fault.cutAfterBytes === 0) {
      // The head of the answer has to be on its way.
      setTimeout(() => response.destroy(), 5);
      return;
    }
    const missed = store.since(type.group, type.kind, from);
    if (missed === undefined) {
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 };
      response.end(
        `${JSON.stringify({ type: 'ERROR', object: { ...status, message: 'too old resource version' } })}\n`,
      );
      return;
    }
    for (const event of missed) this.send(event);
    const stop = store.listen(type.group, type.kind, (event) => this.send(event));
    const bookmarks = bookmarkMs === undefined ? undefined : setInterval(() => this.bookmark(), bookmarkMs);
    const over = (): void => {
      stop();
      clearTimeout(end);
      clearInterval(bookmarks);
    };
    const end = setTimeout(
      () => {
        // What comes until it is closed would be written behind its end.
        over();
        response.end();
      },
      Number(url.searchParams.get('timeoutSeconds') ?? 1800) * 1000,
    );
    response.once('close', over);
  }

  cut(): void {
    this.options.response.destroy();
  }

  freeze(): void {
    this.isFrozen = true;
  }

  private send({ type, stored }: StoredEvent): void {
    const { namespace } = this.options.facts;
    if (this.isFrozen || (namespace !== '' && stored.namespace !== namespace)) return;
    const head = JSON.stringify({ kind: stored.kind, apiVersion: stored.apiVersion });
    const line = `{"type":"${type}","object":${head.slice(0, -1)},${stored.text.slice(1)}}\n`;
    const { fault, response } = this.options;
    if (fault === undefined || !('cutAfterBytes' in fault)) response.write(line);
    else response.write(line.slice(0, fault.cutAfterBytes), () => response.destroy());
  }

  private bookmark(): void {
    const { type, store, response, url } = this.options;
    if (this.isFrozen || url.searchParams.get('allowWatchBookmarks') === null) return;
    const version = type.versions[0] ?? 'v1';
    const apiVersion = type.group === '' ? version : `${type.group}/${version}`;
    const metadata = { resourceVersion: String(store.version), creationTimestamp: null };
    response.write(
      `${JSON.stringify({ type: 'BOOKMARK', object: { kind: type.kind, apiVersion, metadata } })}\n`,
    );
  }
}
