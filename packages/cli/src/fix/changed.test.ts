import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { CONTROLS } from '@bulwark/controls';
import { NEWEST_MINOR } from '@bulwark/core';
import { expect, it } from 'vitest';
import { type JudgeRequest, judge } from '../scan/pipeline.ts';
import { pod, tree } from './fix.testing.ts';
import { proposalsFor } from './proposals.ts';
import { mendAll } from './prove.ts';
import { Trial } from './trial.ts';

const POD = pod('a', 'hostPID: true');

function requestFor(path: string): JudgeRequest {
  return {
    files: [{ file: 'pod.yaml', path, size: statSync(path).size }],
    controls: CONTROLS.filter(({ id }) => id === 'host-pid'),
    kubernetes: { minor: NEWEST_MINOR, text: `1.${NEWEST_MINOR}` },
    namespaces: [],
    exceptions: {
      stored: [],
      annotations: 'accept',
      otherTools: 'ignore',
      controlsNamed: (name) => [name],
      today: '2026-11-25',
    },
    wantVerdicts: false,
    threads: 1,
    workerUrl: undefined,
    onProgress: () => undefined,
  };
}

const WISHES = { controls: new Set(['host-pid']), namespaces: [], wantsProposal: () => true };

async function mendedAfter(now: string) {
  const { path } = tree({ 'pod.yaml': POD });
  const request = requestFor(path('pod.yaml'));
  const judged = await judge(request);
  writeFileSync(path('pod.yaml'), now);
  const proof = mendAll(judged, request, WISHES);
  expect(readFileSync(path('pod.yaml'), 'utf8')).toBe(now);
  return {
    after: [...proof.files.values()].map(({ after }) => after),
    why: proof.refused.map(({ why }) => why),
  };
}

it.each([
  { name: 'stays as it is', now: POD, after: [POD.replace('  hostPID: true\n', '')], why: [] },
  {
    name: 'gets longer',
    now: `# new\n${POD}`,
    after: [],
    why: ['the file has changed since it was judged'],
  },
  {
    name: 'gets other lines of the same length',
    now: POD.replace('kind: Pod\nmetadata', 'kind: Pod\n\nmetadat'),
    after: [],
    why: ['in this text its edit alone would break or change something else'],
  },
  {
    name: 'gets another value of the same length',
    now: POD.replace('app:1', 'app:2'),
    after: [],
    why: ['in this text its edit alone would break or change something else'],
  },
])('mends only what was judged where a file $name between', async ({ now, after, why }) => {
  expect(await mendedAfter(now)).toEqual({ after, why });
});

it('says that fewer files at a time need fewer scans, where no scan is left to prove a fix', async () => {
  const request = requestFor(tree({ 'pod.yaml': POD }).path('pod.yaml'));
  const judged = await judge(request);
  const proposals = proposalsFor(judged, request, WISHES);
  const trial = new Trial(proposals, { judged, request, budget: { scans: 0 } });

  trial.admit([...proposals.values()].flat());

  expect(trial.end().refused.map(({ why }) => why)).toEqual([
    'too many scans would be needed to prove it; a run on fewer files at a time needs fewer',
  ]);
});
