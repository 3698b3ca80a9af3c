import { Judge, Plan, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { memoryLimitMissing } from './memory-limit-missing.ts';

const PODS = ['shop', 'office']
  .map(
    (namespace) => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ${namespace} }
spec: { containers: [{ name: app, image: example.com/app:1 }] }
`,
  )
  .join('---');

const LIMIT_RANGE = `
apiVersion: v1
kind: LimitRange
metadata: { name: defaults, namespace: shop }
spec: { limits: [{ type: Container, default: { memory: 256Mi } }] }
`;

it("judges a namespace's containers anew when its LimitRange comes and goes", () => {
  const { world } = World.of(resourcesOf(PODS));
  const judge = new Judge(world, new Plan([memoryLimitMissing]), { minor: 37, text: '1.37' });
  const failing = () => judge.findings().map(({ resource }) => resource.namespace);
  const before = failing();

  judge.apply({ upsert: resourcesOf(LIMIT_RANGE) });
  const between = failing();
  judge.apply({ upsert: [], remove: resourcesOf(LIMIT_RANGE).map(({ id }) => id) });

  expect([before, between, failing()]).toEqual([['shop', 'office'], ['office'], ['shop', 'office']]);
});
