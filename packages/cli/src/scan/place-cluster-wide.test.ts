import type { JsonObject } from '@bulwark/core';
import { customKind } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { type Report, scan, scanCluster, written } from './scanned.testing.ts';

const DEFINITION = customKind('Runtime', { scope: 'Cluster' });
const RUNTIME: JsonObject = {
  apiVersion: 'example.org/v1',
  kind: 'Runtime',
  metadata: { name: 'r' },
  spec: { hostPID: true, containers: [{ name: 'a', image: 'example.com/a:1' }] },
};
const [definition, runtime] = [DEFINITION, RUNTIME].map((object) => JSON.stringify(object));

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
    const inFiles = await scan(written(files));
    const inCluster = await scanCluster([DEFINITION, RUNTIME]);

    expect(namesOf(inFiles)).not.toEqual([]);
    expect(namesOf(inFiles)).toEqual(namesOf(inCluster));
    expect([placesOf(inFiles), placesOf(inCluster)]).toEqual([[''], ['']]);
    expect(placesOf(await scan(written(files), '--namespace', 'default'))).toEqual([]);
  },
);

it('an object without a definition is taken to lie in the default namespace', async () => {
  expect(placesOf(await scan(written({ 'runtime.yaml': `${runtime}` })))).toEqual(['default']);
});
