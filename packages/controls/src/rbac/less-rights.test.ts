import type { Edit } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { dropVerb } from './less-rights.ts';

it.each<{ name: string; verbs: readonly string[]; edits: readonly Edit[] }>([
  {
    name: 'removes it, or the rule where nothing is left',
    verbs: ['bind', 'get'],
    edits: [{ op: 'remove', path: ['rules', 0, 'verbs', 0], last: ['rules', 0] }],
  },
  { name: 'leaves it to the edit of a * beside it', verbs: ['bind', '*'], edits: [] },
])('the fix of a verb $name', ({ verbs, edits }) => {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' } };
  const resources = resourcesOf(JSON.stringify({ ...role, rules: [{ verbs }] }));

  const fixes = resources.map((resource) =>
    dropVerb('').edits({ path: ['rules', 0, 'verbs', 0], facts: {} }, resource),
  );

  expect(fixes).toEqual([edits]);
});
