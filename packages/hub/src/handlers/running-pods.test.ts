import { type Passport, passport } from '@bulwark/api';
import { scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passportOf } from './passport.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const JUDGED = `sha256:${'d'.repeat(64)}`;
const OTHER = `sha256:${'e'.repeat(64)}`;
const IMAGE = `example.com/shop/clean@${JUDGED}`;
const MINER = `evil.example.com/miner@${OTHER}`;

const SPEC = (image: string, more = '') => `
  automountServiceAccountToken: false
  containers:
    - { name: c, image: "${image}", securityContext: { runAsNonRoot: true } }
${more}`;

const deployment = (name: string, image = IMAGE) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop, uid: u-${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: ${SPEC(image).replaceAll('\n', '\n    ')}
`;

const replicaSet = (name: string, image = IMAGE) => `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: ${name}-1
  namespace: shop
  uid: u-${name}-1
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${name}, uid: u-${name}, controller: true }]
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: ${SPEC(image).replaceAll('\n', '\n    ')}
`;

interface PodText {
  readonly image?: string;
  readonly more?: string;
  readonly phase?: string;
  readonly imageID?: string;
}

const pod = (
  name: string,
  at: number,
  { image = IMAGE, more = '', phase = 'Running', imageID }: PodText = {},
) => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}-1-${at}
  namespace: shop
  uid: u-${name}-1-${at}
  labels: { app: ${name} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: ${name}-1, uid: u-${name}-1, controller: true }]
spec: ${SPEC(image, more)}
status:
  phase: ${phase}
  containerStatuses: [${imageID === undefined ? '' : `{ name: c, imageID: "${imageID}" }`}]
`;

/** What a webhook of admission adds to a pod. */
const INJECTED = `
    - name: agent
      image: vault:1
      securityContext: { privileged: true }
      env: [{ name: X, valueFrom: { secretKeyRef: { name: injected-env, key: k } } }]
      volumeMounts: [{ name: host, mountPath: /h }]
  serviceAccountName: boss
  volumes:
    - { name: s, secret: { secretName: injected-vol } }
    - { name: host, hostPath: { path: /var/run/docker.sock } }
`;

const DEBUGGED = `
  ephemeralContainers:
    - { name: debugger, image: "busybox:1", securityContext: { privileged: true } }
`;

const BOSS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: boss }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything }
subjects: [{ kind: ServiceAccount, name: boss, namespace: shop }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: everything }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
`;

let hub: TestHub;
let cluster: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  cluster = await hub.cluster('prod', { Pod: 'live', 'apps/Deployment': 'live', 'apps/ReplicaSet': 'live' });
  await cluster.show(
    [
      ...[BOSS, deployment('clean'), replicaSet('clean'), ...[0, 1, 2].map((at) => pod('clean', at))],
      ...[deployment('mesh'), replicaSet('mesh'), pod('mesh', 0, { more: INJECTED })],
      ...[
        deployment('stuck', 'log4j:2.17'),
        replicaSet('stuck', 'log4j:2.14'),
        pod('stuck', 0, { image: 'log4j:2.14' }),
      ],
      ...[deployment('done'), replicaSet('done'), pod('done', 0, { image: 'old:1', phase: 'Succeeded' })],
      ...[
        deployment('told'),
        replicaSet('told'),
        pod('told', 0, { imageID: `example.com/shop/clean@${OTHER}` }),
      ],
    ].join('\n---\n'),
  );
  hub.now = ONE;
  await cluster.show(
    [
      pod('clean', 1, { image: MINER, imageID: `evil.example.com/miner@${OTHER}` }),
      pod('clean', 2, { more: DEBUGGED }),
    ].join('\n---\n'),
  );
}, 60_000);

afterAll(() => hub?.stop());

async function of(name: string, asOf?: Date): Promise<Passport> {
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const place = { kind: 'apps/Deployment', namespace: 'shop', name };
  const key = { cluster: cluster.id, ...place, asOf, now: ONE, limits };
  return passport.parse(await passportOf(hub.store, ALL, key));
}

const ONLY_ONE = 'only in 1 of 3 pods, not in the template';
const IN_ITS_POD = 'in its pod, not in the template';
const PRIVILEGED = 'privileged: root in it is root on the node.';

describe('the passport of a workload whose pods are not as its template', () => {
  it('has the image that one of them was given, and the container in which somebody debugs', async () => {
    const { containers, hostAccess } = await of('clean');

    expect(
      containers.map(({ name, kind, image, digest, inPods }) => [name, kind, image, digest, inPods]),
    ).toEqual([
      ['c', 'regular', IMAGE, JUDGED, 'in the template, in 2 of 3 pods'],
      ['c', 'regular', MINER, OTHER, ONLY_ONE],
      ['debugger', 'ephemeral', 'busybox:1', null, ONLY_ONE],
    ]);
    expect(hostAccess).toEqual([`Container debugger is ${PRIVILEGED} That is so ${ONLY_ONE}.`]);
  });

  it('was as its template before', async () => {
    const { containers, hostAccess } = await of('clean', NOON);

    expect(containers.map(({ image, inPods }) => [image, inPods])).toEqual([[IMAGE, null]]);
    expect(hostAccess).toEqual([]);
  });

  it('has what admission put into them: containers, volumes, secrets, and what another account may do', async () => {
    const { containers, hostAccess, volumes, secrets, accounts, permissions, reach } = await of('mesh');

    expect(containers.map(({ name, inPods }) => [name, inPods])).toEqual([
      ['c', null],
      ['agent', IN_ITS_POD],
    ]);
    expect(hostAccess).toEqual([
      `Container agent is ${PRIVILEGED} That is so ${IN_ITS_POD}.`,
      `It reads and writes the node's /var/run/docker.sock, in agent at /h. That is so ${IN_ITS_POD}.`,
    ]);
    expect(volumes.map(({ name, inPods }) => [name, inPods])).toEqual([
      ['s', IN_ITS_POD],
      ['host', IN_ITS_POD],
    ]);
    expect(secrets.map(({ name, inPods }) => [name, inPods])).toEqual([
      ['injected-env', IN_ITS_POD],
      ['injected-vol', IN_ITS_POD],
    ]);
    expect(accounts).toEqual([
      { name: 'default', inPods: 'in the template, not in its pod' },
      { name: 'boss', inPods: IN_ITS_POD },
    ]);
    expect(permissions.filter(({ account }) => account === 'boss').map(({ rule }) => rule)).toContain(
      'do everything with all resources in the whole cluster',
    );
    expect(reach).toContain(`No token of service account boss is mounted. That is so ${IN_ITS_POD}.`);
  });

  it('has what runs while a rollout stands still', async () => {
    const { containers } = await of('stuck');

    expect(containers.map(({ image, inPods }) => [image, inPods])).toEqual([
      ['log4j:2.17', 'in the template, not in its pod'],
      ['log4j:2.14', IN_ITS_POD],
    ]);
  });

  it('says nothing of pods that have ended', async () => {
    const { containers } = await of('done');

    expect(containers.map(({ image, inPods }) => [image, inPods])).toEqual([[IMAGE, null]]);
  });

  it('has the digest that pods say they run, not the one that is named', async () => {
    const { containers, build } = await of('told');

    expect(containers.map(({ digest }) => digest)).toEqual([OTHER]);
    expect(build.images.map(({ digest }) => digest)).toEqual([OTHER]);
  });

  it('says of what a build judged what runs besides', async () => {
    const { build } = await of('clean');

    expect(build.others).toEqual([
      { container: 'c', image: MINER, inPods: ONLY_ONE },
      { container: 'debugger', image: 'busybox:1', inPods: ONLY_ONE },
    ]);
    expect(build.images.map(({ digest }) => digest)).toEqual([JUDGED, OTHER]);
    expect((await of('stuck')).build.others.map(({ image }) => image)).toEqual(['log4j:2.14']);
  });
});
