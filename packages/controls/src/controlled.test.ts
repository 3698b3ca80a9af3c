import { Judge, Plan, type Verdict, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const POD = 'containers: [{ name: app, image: "example.com/app:1" }]';
const TEMPLATE = `template: { metadata: { labels: { app: web } }, spec: { ${POD} } }`;

const SITE = 'example.com/v1, kind: Site';

/** What fails a control as long as nothing controls it, and what would control it. */
const SUBJECTS = {
  'pod-naked': ['v1', 'Pod', POD, 'apps/v1, kind: ReplicaSet'],
  'active-deadline-missing': ['v1', 'Pod', `restartPolicy: Never, ${POD}`, 'batch/v1, kind: Job'],
  'recommended-labels-missing': ['batch/v1', 'Job', TEMPLATE, 'batch/v1, kind: CronJob'],
  'job-ttl-missing': ['batch/v1', 'Job', TEMPLATE, 'batch/v1, kind: CronJob'],
  'node-affinity-missing': ['batch/v1', 'CronJob', `jobTemplate: { spec: { ${TEMPLATE} } }`, SITE],
  'replicas-too-few': ['apps/v1', 'Deployment', TEMPLATE, SITE],
  'update-on-delete': ['apps/v1', 'StatefulSet', `updateStrategy: { type: OnDelete }, ${TEMPLATE}`, SITE],
  'pdb-blocks-disruption': ['policy/v1', 'PodDisruptionBudget', 'maxUnavailable: 0', SITE],
  'control-plane-placement': [
    'v1',
    'Pod',
    `tolerations: [{ operator: Exists }], ${POD}`,
    'apps/v1, kind: DaemonSet',
  ],
} as const;

function verdictOf(id: string, reference: string): Verdict | undefined {
  const [apiVersion, kind, spec] = SUBJECTS[id as keyof typeof SUBJECTS];
  const metadata = `{ name: web, namespace: shop, ownerReferences: [${reference}] }`;
  const [resource] = resourcesOf(
    `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: ${metadata}, spec: { ${spec} } }`,
  );
  const { world } = World.of(resource === undefined ? [] : [resource]);
  const plan = new Plan(CONTROLS.filter((control) => control.id === id));
  const [first] = new Judge(world, plan, { minor: 37, text: '1.37' }).all();
  return first?.outcome.verdict;
}

describe.each(Object.entries(SUBJECTS))('what an owner decides, in %s', (id, [, , , owner]) => {
  it('is left to what controls it', () => {
    const reference = `{ apiVersion: ${owner}, name: o, uid: u, controller: true }`;
    expect(['not-applicable', 'pass']).toContain(verdictOf(id, reference));
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['an owner that does not control it', `{ apiVersion: ${owner}, name: o, uid: u }`],
    ['an owner that says so', `{ apiVersion: ${owner}, name: o, uid: u, controller: false }`],
    ['a ConfigMap', '{ apiVersion: v1, kind: ConfigMap, name: o, uid: u }'],
    ['a controller without a name', `{ apiVersion: ${owner}, uid: u, controller: true }`],
  ])('is judged where its owner is %s', (_what, reference) => {
    expect(verdictOf(id, reference)).toBe('fail');
  });

  it.runIf(SUBJECTS[id as keyof typeof SUBJECTS][1] !== 'PodDisruptionBudget')(
    'is judged where it says that what makes no pods controls it',
    () => {
      for (const kind of [
        'v1, kind: ConfigMap',
        'v1, kind: Node',
        'rbac.authorization.k8s.io/v1, kind: Role',
      ])
        expect(verdictOf(id, `{ apiVersion: ${kind}, name: o, uid: u, controller: true }`)).toBe('fail');
    },
  );
});
