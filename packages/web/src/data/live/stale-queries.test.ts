import { type LiveEvent, liveEvent, ROUTES, type RouteContract } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { isStale, TOPICS_OF } from './stale-queries.ts';

const FINDINGS = topic('findings');

function topic(name: LiveEvent['topics'][number]): LiveEvent {
  return { sequence: 1, cluster: 1, topics: [name] };
}

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
  { what: 'a secret, whose list is refreshed', key: ['getSecret', {}], event: topic('inventory'), is: true },
  { what: 'an object, whose findings are counted', key: ['getResource', {}], event: FINDINGS, is: true },
  {
    what: 'a change, of which the audit log tells who',
    key: ['getChange', {}],
    event: topic('inventory'),
    is: true,
  },
  { what: 'teams, of whose work some is deferred', key: ['listTeams', {}], event: topic('triage'), is: true },
  { what: 'teams, whose workloads come and go', key: ['listTeams', {}], event: topic('inventory'), is: true },
  { what: 'findings of two moments', key: ['compareFindings', {}], event: topic('triage'), is: true },
  { what: 'what the page has of its own', key: ['something else'], event: topic('inventory'), is: false },
  {
    what: 'what is of no cluster',
    key: ['listDeliveries', {}],
    event: { sequence: 1, cluster: null, topics: ['settings'] } satisfies LiveEvent,
    is: true,
  },
  {
    what: 'the jobs of the hub, of which one has ended',
    key: ['listJobs', {}],
    event: { sequence: 1, cluster: null, topics: ['settings'] } satisfies LiveEvent,
    is: true,
  },
])('a change makes stale what it concerns: $what $is', ({ key, event, is }) => {
  expect(isStale(key, event)).toBe(is);
});

describe('every question that the hub answers', () => {
  const questions = Object.values<RouteContract>(ROUTES).filter(
    ({ method, response }) => method === 'GET' && response !== undefined,
  );

  it.each(questions.map(({ id }) => id))('%s has what changes its answer, or why nothing does', (id) => {
    const known = TOPICS_OF[id as keyof typeof TOPICS_OF];

    expect(known).toBeDefined();
    if ('because' in known) expect(known.because).not.toBe('');
    else expect(known.length).toBeGreaterThan(0);
  });

  it('is one of those, and every topic changes some of them', () => {
    const ids = questions.map(({ id }) => id).toSorted();
    const told = new Set(Object.values(TOPICS_OF).flatMap((known) => ('because' in known ? [] : known)));

    expect(Object.keys(TOPICS_OF).toSorted()).toEqual(ids);
    expect([...told].toSorted()).toEqual([...liveEvent.shape.topics.element.options].toSorted());
  });
});
