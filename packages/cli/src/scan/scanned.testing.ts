import type { JsonObject } from '@bulwark/core';
import { fakeApiServer, writeTree } from '@bulwark/testkit';
import { onTestFinished } from 'vitest';
import { bulwark } from '../run.testing.ts';

/** What is read of a report. */
export interface Report {
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly control: string;
    readonly resource: Named;
  }[];
  readonly verdicts: readonly { readonly control: string; readonly resource: Named }[];
  readonly summary: { readonly workloads: number };
}

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The report of `bulwark scan`, with verdicts. */
export async function scan(...args: readonly string[]): Promise<Report> {
  const { out, err } = await bulwark(['scan', ...args, '--no-config', '--verdicts', '-o', 'json=-'], '/');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Report;
}

/** A folder with files, by their path in it; removed when the test ends. */
export function written(files: Readonly<Record<string, string>>): string {
  const tree = writeTree(files);
  onTestFinished(() => tree.remove());
  return tree.root;
}

/** The report of `bulwark scan --cluster` where a cluster has some objects. */
export async function scanCluster(objects: readonly JsonObject[]): Promise<Report> {
  const server = await fakeApiServer({ objects });
  onTestFinished(() => server.stop());
  const config = written({
    config:
      `clusters: [{name: c, cluster: {server: "${server.url}"}}]\nusers: [{name: u, user: {token: tok}}]\n` +
      'contexts: [{name: c, context: {cluster: c, user: u}}]\ncurrent-context: c\n',
  });
  return scan('--cluster', '--kubeconfig', `${config}/config`);
}
