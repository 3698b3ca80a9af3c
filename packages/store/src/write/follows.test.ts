import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployment } from './attribute.testing.ts';
import { keyOf } from './batch-changes.ts';
import { RecordedCluster } from './recorded.testing.ts';
import type { ResourceRow } from './rows.ts';

let prod: RecordedCluster;

beforeAll(async () => {
  prod = await RecordedCluster.start();
}, 120_000);

afterAll(() => prod?.stop());

const APPS = 'apps/Deployment';
const CRON = 'batch/CronJob';
const ROLLOUT = 'argoproj.io/Rollout';
const SERVICE = 'serving.knative.dev/Service';
const BINDING = 'rbac.authorization.k8s.io/RoleBinding';

interface Made {
  readonly kind: string;
  readonly owner?: readonly [kind: string, name: string];
  readonly manager?: string;
  readonly user?: string;
}

function row(name: string, { kind, owner, manager, user }: Made): ResourceRow {
  const made = deployment(name, prod.minute);
  const managers = manager === undefined ? [] : [manager];
  return {
    ...made,
    kind,
    ownerKind: owner?.[0] ?? kind,
    ownerName: owner?.[1] ?? name,
    isWorkload: owner === undefined && [APPS, CRON, ROLLOUT, SERVICE].includes(kind),
    actor: { ...made.actor, user: user ?? null, managers },
  };
}

async function told(name: string): Promise<readonly string[]> {
  const { rows } = await prod.store.pool.query<{ verb: string }>(
    'select verb from change where name = $1 order by id',
    [name],
  );
  return rows.map(({ verb }) => verb);
}

async function lives(name: string, made: Made): Promise<readonly string[]> {
  await prod.apply({ resources: [row(name, made)] });
  const { actor, ...gone } = row(name, made);
  await prod.apply({ removed: [gone], deletedBy: new Map([[keyOf(gone), actor]]) });
  return told(name);
}

const KUBE = 'kube-controller-manager';
const CASES: readonly (readonly [string, Made, 'follows' | 'is told'])[] = [
  ['a pod of a Deployment', { kind: 'Pod', owner: [APPS, 'web'], manager: KUBE }, 'follows'],
  ['a ReplicaSet of a Deployment', { kind: 'apps/ReplicaSet', owner: [APPS, 'web'] }, 'follows'],
  ['a ReplicaSet of a Rollout', { kind: 'apps/ReplicaSet', owner: [ROLLOUT, 'canary'] }, 'follows'],
  ['a pod of a Rollout', { kind: 'Pod', owner: [ROLLOUT, 'canary'] }, 'follows'],
  ['a pod that another person makes', { kind: 'Pod', owner: [APPS, 'web'], user: 'ann' }, 'is told'],
  ['a pod that names a ConfigMap as its controller', { kind: 'Pod', owner: ['ConfigMap', 'cm'] }, 'is told'],
  ['a pod of what nobody ever saw', { kind: 'Pod', owner: ['foo.example.com/Foo', 'bar'] }, 'is told'],
  ['a Job of a CronJob', { kind: 'batch/Job', owner: [CRON, 'nightly'], manager: KUBE }, 'follows'],
  [
    'a Job under a CronJob by what begins like a program of Kubernetes',
    { kind: 'batch/Job', owner: [CRON, 'nightly'], manager: 'kube-x' },
    'is told',
  ],
  ['a Job of a CronJob in a k3s', { kind: 'batch/Job', owner: [CRON, 'nightly'], manager: 'k3s' }, 'follows'],
  [
    'a Job that somebody makes under a CronJob',
    { kind: 'batch/Job', owner: [CRON, 'nightly'], manager: 'kubectl-create' },
    'is told',
  ],
  [
    'a ReplicaSet that somebody makes under a Deployment',
    { kind: 'apps/ReplicaSet', owner: [APPS, 'web'], manager: 'kubectl-create' },
    'is told',
  ],
  ['a pod that a network writes into', { kind: 'Pod', owner: [APPS, 'web'], manager: 'ovnkube' }, 'follows'],
  ['a binding that names a workload', { kind: BINDING, owner: [APPS, 'web'] }, 'is told'],
  ['a binding of what nobody ever saw', { kind: BINDING, owner: ['foo.example.com/Foo', 'bar'] }, 'is told'],
  ['a Secret that an operator makes', { kind: 'Secret', owner: [ROLLOUT, 'canary'] }, 'is told'],
  ['a Deployment of a Knative Service', { kind: APPS, owner: [SERVICE, 'knative'] }, 'is told'],
];

it.each(CASES)('%s, made and taken away', async (what, made, expected) => {
  const owners = { web: APPS, nightly: CRON, canary: ROLLOUT, knative: SERVICE };
  await prod.apply({ resources: Object.entries(owners).map(([name, kind]) => row(name, { kind })) });

  expect(await lives(what, made)).toEqual(expected === 'follows' ? [] : ['created', 'deleted']);
});

it('what comes together with its workload follows it', async () => {
  const made = [row('both', { kind: ROLLOUT }), row('both-1', { kind: 'Pod', owner: [ROLLOUT, 'both'] })];
  await prod.apply({ resources: made });
  await prod.apply({ removed: made });

  expect(await told('both')).toEqual(['created', 'deleted']);
  expect(await told('both-1')).toEqual([]);
});

it.each([
  ['a ReplicaSet that somebody patches', 'apps/ReplicaSet', 'kubectl-patch', ['changed']],
  ['a ReplicaSet that its Deployment scales', 'apps/ReplicaSet', KUBE, []],
  ['a pod in place', 'Pod', undefined, ['changed']],
])('what is changed in place: %s', async (name, kind, manager, expected) => {
  await prod.apply({ resources: [row('web', { kind: APPS })] });
  const first = row(name, { kind, owner: [APPS, 'web'], manager: KUBE });
  await prod.apply({ resources: [first] });
  const then = row(name, { kind, owner: [APPS, 'web'], ...(manager !== undefined && { manager }) });
  await prod.apply({ resources: [{ ...then, uid: first.uid }] });

  expect(await told(name)).toEqual(expected);
});
