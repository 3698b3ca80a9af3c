import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { JsonObject } from '@bulwark/core';
import { writeKubeconfig } from '../../e2e/hub/kubeconfig.testing.ts';

/** What the process of the cluster is told. */
export type ToCluster =
  | { readonly type: 'count' }
  | { readonly type: 'churn'; readonly perMinute: number }
  | {
      readonly type: 'put';
      readonly id: number;
      readonly verb: 'upsert' | 'delete';
      readonly object: JsonObject;
    };

/** How many changes there were. */
export interface Churned {
  readonly status: number;
  readonly pod: number;
  readonly relevant: number;
}

/** What it tells. */
export type FromCluster =
  | { readonly type: 'ready'; readonly url: string; readonly objects: number }
  | ({ readonly type: 'churned' } & Churned)
  | { readonly type: 'put'; readonly id: number; readonly at: number };

/** A cluster in a process of its own, so that what it costs to be one is not taken for the hub's. */
export class BenchCluster {
  readonly objects: number;
  private readonly url: string;
  private readonly child: ChildProcess;
  private puts = 0;

  private constructor(child: ChildProcess, { url, objects }: { url: string; objects: number }) {
    this.child = child;
    this.url = url;
    this.objects = objects;
  }

  /** @param env sizes, as size.ts reads them, where they differ from this process's. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<BenchCluster> {
    const child = spawn(process.execPath, ['tools/tool.mjs', join('bench', 'hub', 'cluster.process.ts')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    const ready = await answer(child, (message) => (message.type === 'ready' ? message : undefined));
    return new BenchCluster(child, ready);
  }

  /** Writes a kubeconfig for it and answers its path. */
  kubeconfig(folder: string): string {
    const file = join(folder, 'kubeconfig.json');
    return writeKubeconfig(file, { name: 'bench', cluster: { server: this.url } });
  }

  /** Lets changes come, so many a minute, until the next call; answers how many there were until now. */
  churn(perMinute: number): Promise<Churned> {
    const told = answer(this.child, (message) => (message.type === 'churned' ? message : undefined));
    this.child.send({ type: 'churn', perMinute } satisfies ToCluster);
    return told;
  }

  /** How many changes there were until now. */
  counts(): Promise<Churned> {
    const told = answer(this.child, (message) => (message.type === 'churned' ? message : undefined));
    this.child.send({ type: 'count' } satisfies ToCluster);
    return told;
  }

  /** Makes one change; answers when, in milliseconds since 1970. */
  async put(verb: 'upsert' | 'delete', object: JsonObject): Promise<number> {
    const id = ++this.puts;
    const told = answer(this.child, (message) =>
      message.type === 'put' && message.id === id ? message : undefined,
    );
    this.child.send({ type: 'put', id, verb, object } satisfies ToCluster);
    return (await told).at;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.disconnect();
    await ended;
  }
}

function answer<T>(child: ChildProcess, pick: (message: FromCluster) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromCluster): void => {
      const picked = pick(message);
      if (picked === undefined) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(picked);
    };
    const onExit = (): void => reject(new Error('the process of the cluster has ended'));
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
