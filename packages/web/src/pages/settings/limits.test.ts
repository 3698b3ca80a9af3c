import { describe, expect, it } from 'vitest';
import { areGiven, EVERYTHING, givenOf, limitsText, NOT_YET, ROLES, sightOf } from './limits.ts';

const nameOf = (id: number) => `c${id}`;
const CLUSTER = { clusters: [1, 2], namespaces: 'all' as const };
const NAMESPACE = { clusters: 'all' as const, namespaces: ['pay'] };
const BOTH = { clusters: [1], namespaces: ['pay', 'shop'] };

describe('what somebody can see', () => {
  it.each([
    ['viewer', EVERYTHING, 'Sees everything in every cluster, and decides nothing.'],
    ['editor', CLUSTER, 'Sees everything in c1 and c2, and decides about the findings there.'],
    [
      'viewer',
      NAMESPACE,
      'Sees what is in the namespace pay of every cluster, nothing that belongs to a cluster as a whole, and decides nothing.',
    ],
    [
      'editor',
      BOTH,
      'Sees what is in the namespaces pay and shop of c1, nothing that belongs to a cluster as a whole, and decides about the findings there.',
    ],
    [
      'admin',
      EVERYTHING,
      'Sees everything in every cluster, decides about every finding, and changes the settings.',
    ],
    [
      'admin',
      CLUSTER,
      'Sees everything in c1 and c2, decides about the findings there, and does not see the settings: who has limits administers nothing.',
    ],
    ['ci', EVERYTHING, 'Records builds, and sees nothing.'],
    [
      'viewer',
      { clusters: 'all', namespaces: ['pay*'] },
      'Sees what is in every namespace that fits pay* of every cluster, nothing that belongs to a cluster as a whole, and decides nothing.',
    ],
    [
      'editor',
      { clusters: [1], namespaces: ['pay*', 'shop', 'web-*'] },
      'Sees what is in the namespace shop and every namespace that fits pay* or web-* of c1, nothing that belongs to a cluster as a whole, and decides about the findings there.',
    ],
    ['ci', BOTH, 'Records builds of objects in the namespaces pay and shop, and sees nothing.'],
    [
      'ci',
      { clusters: 'all', namespaces: ['pay*'] },
      'Records builds of objects in every namespace that fits pay*, and sees nothing.',
    ],
    ['audit-log', CLUSTER, 'Delivers the audit log of c1 and c2, and sees nothing.'],
    ['audit-log', BOTH, 'Can do nothing: an audit log is of all namespaces of a cluster.'],
    ['metrics', EVERYTHING, 'Reads the metrics of the hub, and sees nothing else.'],
    ['metrics', CLUSTER, 'Can do nothing: metrics are of the whole hub.'],
  ] as const)('as %s within %o is said in one sentence', (role, limits, sentence) => {
    const own = { ...limits, clusters: copied(limits.clusters), namespaces: copied(limits.namespaces) };

    expect(sightOf(role, own, nameOf)).toBe(sentence);
  });

  it('names six of many namespaces, and how many more there are', () => {
    const namespaces = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

    expect(sightOf('viewer', { clusters: 'all', namespaces }, nameOf)).toContain(
      'a, b, c, d, e, f, and 2 more of',
    );
  });

  it('is said of every role', () => {
    for (const role of ROLES) expect(sightOf(role, EVERYTHING, nameOf)).toMatch(/^[A-Z].*\.$/);
  });
});

describe('limits in a table', () => {
  it.each([
    [EVERYTHING, 'everywhere'],
    [CLUSTER, 'all of c1, c2'],
    [NAMESPACE, 'pay'],
    [BOTH, 'pay, shop in c1'],
  ] as const)('%o are said shortly', (limits, text) => {
    expect(
      limitsText({ clusters: copied(limits.clusters), namespaces: copied(limits.namespaces) }, nameOf),
    ).toBe(text);
  });
});

describe('limits that are being chosen', () => {
  it.each([
    [EVERYTHING, true],
    [NOT_YET, false],
    [{ clusters: 'all' as const, namespaces: [] }, false],
    [{ clusters: [1], namespaces: [] }, true],
    [{ clusters: [], namespaces: ['pay'] }, true],
  ])('%o can be given: %s', (limits, is) => {
    expect(areGiven(limits)).toBe(is);
  });

  it('are all where nothing is named beside a choice', () => {
    expect(givenOf({ clusters: [1], namespaces: [] })).toEqual({ clusters: [1], namespaces: 'all' });
    expect(givenOf({ clusters: [], namespaces: ['pay'] })).toEqual({ clusters: 'all', namespaces: ['pay'] });
  });
});

function copied<T>(given: 'all' | readonly T[]): 'all' | T[] {
  return given === 'all' ? given : [...given];
}
