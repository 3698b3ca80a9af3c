import { CONTROLS } from '@bulwark/controls';
import { groupKindOf, type Read } from '@bulwark/core';
import { WATCHED_KINDS } from '@bulwark/kube';
import { expect, it } from 'vitest';

/** Stand for many kinds. */
const WILDCARD = /^[@*]/;
/** Kinds of manifests alone: no server serves them, or none since Kubernetes 1.16, or it mirrors them to a kind that is collected. */
const IN_FILES = /^(extensions\/|batch\/JobTemplate$|Endpoints$)/;

function kindsRead(reads: readonly Read[]): string[] {
  return reads.flatMap((read) => (typeof read === 'string' ? [read] : kindsRead(read.reads)));
}

it('every kind that a control looks at is collected from a cluster', () => {
  const watched = new Set(WATCHED_KINDS.map(({ group, kind }) => groupKindOf(group, kind)));
  const looked = CONTROLS.flatMap((control) => {
    const { appliesTo } = control;
    const own = appliesTo.kinds ?? [];
    return [...own, ...kindsRead(control.reads)].map((kind) => [control.id, kind] as const);
  });

  const missing = looked.filter(
    ([, kind]) => !WILDCARD.test(kind) && !IN_FILES.test(kind) && !watched.has(kind),
  );
  expect([...new Set(missing.map((pair) => pair.join(' looks at ')))]).toEqual([]);
  expect(looked.length).toBeGreaterThan(100);
});
