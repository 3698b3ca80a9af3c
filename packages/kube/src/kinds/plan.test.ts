import { groupKindOf } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import type { ServedKind } from '../discovery/served-kind.ts';
import { planKinds } from './plan.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

function served(group: string, kind: string): ServedKind {
  const resource = `${kind.toLowerCase()}s`;
  return {
    group,
    version: 'v1',
    kind,
    groupKind: groupKindOf(group, kind),
    resource,
    namespaced: true,
    canWatch: true,
  };
}

const discovery = {
  kinds: [
    served('', 'Secret'),
    served('', 'Event'),
    served('example.com', 'Thing'),
    served('example.com', 'Other'),
    served('', 'Pod'),
  ],
  unknown: [],
};

function names(list: readonly { readonly group: string; readonly kind: string }[]): string[] {
  return list.map(({ group, kind }) => groupKindOf(group, kind));
}

describe('what is collected of a cluster', () => {
  it('is what is known and served, and custom kinds with a pod template', () => {
    const plan = planKinds({
      kinds: WATCHED_KINDS,
      discovery,
      templates: new Set(['example.com/Thing']),
      secrets: false,
    });

    expect(names(plan.collected)).toEqual(['Pod', 'example.com/Thing']);
    expect(names(plan.withheld)).toEqual(['Secret']);
    expect(names(plan.unwatched)).toEqual(['Event', 'example.com/Other']);
    expect(names(plan.absent)).toContain('apps/Deployment');
    expect(names(plan.absent)).not.toContain('Secret');
  });

  it('has Secrets where they are asked for', () => {
    const plan = planKinds({ kinds: WATCHED_KINDS, discovery, templates: new Set(), secrets: true });

    expect(names(plan.collected)).toEqual(['Pod', 'Secret']);
    expect(plan.withheld).toEqual([]);
    expect(plan.collected.find(({ kind }) => kind === 'Secret')).toMatchObject({
      isSecret: true,
      pageSize: 100,
    });
  });
});
