import type { LiveEvent } from '@bulwark/api';
import { expect, it } from 'vitest';
import { isStale } from './stale-queries.ts';

const FINDINGS: LiveEvent = { sequence: 1, cluster: 1, topics: ['findings'] };

it.each([
  { what: 'findings of all clusters', key: ['listFindings', { q: 'x' }], event: FINDINGS, is: true },
  { what: 'findings of that cluster', key: ['listFindings', { cluster: 1 }], event: FINDINGS, is: true },
  { what: 'findings of another cluster', key: ['listFindings', { cluster: 2 }], event: FINDINGS, is: false },
  {
    what: 'a workload of another cluster',
    key: ['getWorkload', { params: { cluster: 2, kind: 'Pod' } }],
    event: FINDINGS,
    is: false,
  },
  {
    what: 'findings as of a moment',
    key: ['listFindings', { asOf: '2026-11-26T10:00:00.000Z' }],
    event: FINDINGS,
    is: false,
  },
  {
    what: 'a workload as of a moment',
    key: ['getWorkload', { params: { cluster: 1 }, query: { asOf: '2026-11-26T10:00:00.000Z' } }],
    event: FINDINGS,
    is: false,
  },
  { what: 'an exception, whose findings are told', key: ['getException', {}], event: FINDINGS, is: true },
  { what: 'exceptions, whose findings are counted', key: ['listExceptions', {}], event: FINDINGS, is: true },
  { what: 'the state of clusters', key: ['listClusters', {}], event: FINDINGS, is: false },
  {
    what: 'the state of clusters, when coverage is another one',
    key: ['listClusters', {}],
    event: { ...FINDINGS, topics: ['inventory', 'coverage'] } satisfies LiveEvent,
    is: true,
  },
  {
    what: 'what is of no cluster',
    key: ['listDeliveries', {}],
    event: { sequence: 1, cluster: null, topics: ['settings'] } satisfies LiveEvent,
    is: true,
  },
])('a change makes stale what it concerns: $what $is', ({ key, event, is }) => {
  expect(isStale(key, event)).toBe(is);
});
