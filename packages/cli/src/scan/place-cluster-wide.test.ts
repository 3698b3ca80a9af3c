import type { JsonObject } from '@bulwark/core';
import { customKind, fakeApiServer, writeTree } from '@bulwark/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { bulwark } from '../run.testing.ts';

const DEFINITION = customKind('Runtime', { scope: 'Cluster' });
const RUNTIME: JsonObject = {
  apiVersion: 'example.org/v1',
  kind: 'Runtime',
  metadata: { name: 'r' },
  spec: { hostPID: true, containers: [{ name: 'a', image: 'example.com/a:1' }] },
};
const [definition, runtime] = [DEFINITION, RUNTIME].map((object) => JSON.stringify(object));

interface Found {
  readonly fingerprint: string;
  readonly control: string;
  readonly resource: { readonly kind: string; readonly namespace: string };
}
interface Report {
  readonly findings: readonly Found[];
  readonly verdicts: readonly { readonly resource: Found['resource'] }[];
}

async function scan(...args: readonly string[]): Promise<Report> {
  const { out, err } = await bulwark(['scan', ...args, '--no-config', '--verdicts', '-o', 'json=-'], '/');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Report;
}

function written(files: Readonly<Record<string, string>>): string {
  const tree = writeTree(files);
  onTestFinished(() => tree.remove());
  return tree.root;
}

const namesOf = ({ findings }: Report): string[] =>
  findings
    .filter(({ resource }) => resource.kind === 'Runtime')
    .map(({ fingerprint }) => fingerprint)
    .sort();
const placesOf = (report: Report): unknown[] => {
  const all = [...report.findings, ...report.verdicts].filter(({ resource }) => resource.kind === 'Runtime');
  return [...new Set(all.map(({ resource }) => resource.namespace))];
};

it.each([
  ['a file of its own', { 'a-runtime.yaml': `${runtime}`, 'b-definition.yaml': `${definition}` }],
  ['the same file', { 'all.yaml': `${runtime}\n---\n${definition}` }],
])(
  'an object lies in no namespace where its definition in %s says so, as in a cluster',
  async (_where, files) => {
    const server = await fakeApiServer({ objects: [DEFINITION, RUNTIME] });
    onTestFinished(() => server.stop());
    const config = written({
      config:
        `clusters: [{name: c, cluster: {server: "${server.url}"}}]\nusers: [{name: u, user: {token: tok}}]\n` +
        'contexts: [{name: c, context: {cluster: c, user: u}}]\ncurrent-context: c\n',
    });

    const inFiles = await scan(written(files));
    const inCluster = await scan('--cluster', '--kubeconfig', `${config}/config`);

    expect(namesOf(inFiles)).not.toEqual([]);
    expect(namesOf(inFiles)).toEqual(namesOf(inCluster));
    expect([placesOf(inFiles), placesOf(inCluster)]).toEqual([[''], ['']]);
    expect(placesOf(await scan(written(files), '--namespace', 'default'))).toEqual([]);
  },
);

it('an object without a definition is taken to lie in the default namespace', async () => {
  expect(placesOf(await scan(written({ 'runtime.yaml': `${runtime}` })))).toEqual(['default']);
});
