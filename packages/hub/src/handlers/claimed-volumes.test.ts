import { FINDING_FIELDS } from '@bulwark/core';
import { listFindings, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryOf } from './list-request.ts';
import { passportOf } from './passport.ts';
import { type TestCluster, TestHub, type TestSight } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SHOP = scopeOf({ clusters: 'all', namespaces: ['shop'] });
const NOON = new Date('2026-11-26T12:00:00Z');
const KINDS: Readonly<Record<string, TestSight>> = {
  'apps/Deployment': 'live',
  PersistentVolume: 'live',
  PersistentVolumeClaim: 'live',
};

const WORKLOAD = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: innocent, namespace: shop }
spec:
  selector: { matchLabels: { app: innocent } }
  template:
    metadata: { labels: { app: innocent } }
    spec:
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: app
          image: example.com/app:1
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: data, mountPath: /data, readOnly: true }]
          volumeDevices: [{ name: disk, devicePath: /dev/xvda }]
      volumes:
        - { name: data, persistentVolumeClaim: { claimName: data } }
        - { name: disk, persistentVolumeClaim: { claimName: disk } }
`;

function volume(name: string, source: string): string {
  return `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec: { ${source}, claimRef: { namespace: shop, name: ${name} } }
`;
}

function claim(name: string, volumeName: string): string {
  return `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}, namespace: shop }
spec: { volumeName: ${volumeName} }
`;
}

const DRIVER = 'csi: { driver: csi.example.com, volumeHandle: v }';
const KEYS = 'local: { path: /etc/kubernetes }';
const DISK = 'local: { path: /dev/sda }, volumeMode: Block';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
});

afterAll(() => hub?.stop());

async function passportIn(
  cluster: TestCluster,
  { scope = ALL, kind = 'apps/Deployment', name = 'innocent' } = {},
) {
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const place = { kind, namespace: 'shop', name };
  return await passportOf(hub.store, scope, {
    cluster: cluster.id,
    ...place,
    asOf: undefined,
    now: NOON,
    limits,
  });
}

async function foundIn(name: string): Promise<readonly (readonly [control: string, message: string])[]> {
  const query = queryOf(`cluster:${name} name:innocent state:open`, FINDING_FIELDS);
  const { items } = await listFindings(hub.store, ALL, { query, limit: 100, now: NOON });
  return items
    .filter(({ control }) => control.endsWith('-claim'))
    .map(({ control, message }) => [control, message] as const);
}

describe('what a workload has of its node through claims', () => {
  it('is in its passport and found on it, anew whenever a claim or a volume changes', async () => {
    const cluster = await hub.cluster('bound', KINDS);
    await cluster.show(
      [
        WORKLOAD,
        volume('data', KEYS),
        claim('data', 'data'),
        volume('disk', DISK),
        claim('disk', 'disk'),
      ].join('---'),
    );

    const { hostAccess, volumes, pss } = await passportIn(cluster);
    expect(hostAccess).toEqual([
      "It reads the node's /etc/kubernetes, in app at /data, by claim data (PersistentVolume data).",
      "It reads and writes the node's raw device /dev/sda, in app at /dev/xvda, by claim disk (PersistentVolume disk).",
    ]);
    expect(volumes.map(({ detail }) => detail)).toEqual([
      'data; mounted in app at /data (read-only)',
      'disk; mounted in app at /dev/xvda',
    ]);
    // The standards do not look behind claims.
    expect(pss.level).toBe('restricted');
    expect(await foundIn('bound')).toEqual([
      [
        'sensitive-host-claim',
        'Volume data of Deployment/innocent is /etc/kubernetes of the host, where keys of the node or the cluster lie: claim data is bound to PersistentVolume data.',
      ],
      [
        'host-device-claim',
        'Volume disk of Deployment/innocent is the raw device /dev/sda of the host: claim disk is bound to PersistentVolume disk.',
      ],
    ]);

    await cluster.show([volume('data', DRIVER), volume('other', DRIVER), claim('disk', 'other')].join('---'));
    await expect.poll(() => foundIn('bound')).toEqual([]);
    expect((await passportIn(cluster)).hostAccess).toEqual([]);

    await cluster.show(volume('data', KEYS));
    await expect
      .poll(async () => (await foundIn('bound')).map(([control]) => control))
      .toEqual(['sensitive-host-claim']);

    await cluster.remove('PersistentVolumeClaim', 'shop', 'data');
    await cluster.remove('PersistentVolume', '', 'data');
    await expect.poll(() => foundIn('bound')).toEqual([]);
  });

  it('is told of all claims that a StatefulSet makes, and of what pods have for themselves', async () => {
    const cluster = await hub.cluster('made', { ...KINDS, Pod: 'live', 'apps/StatefulSet': 'live' });
    const podSpec = `{ containers: [{ name: app, image: "example.com/db:1", volumeMounts: [{ name: data, mountPath: /data }, { name: scratch, mountPath: /scratch }] }], volumes: [{ name: scratch, ephemeral: { volumeClaimTemplate: { spec: {} } } }] }`;
    const ordinals = Array.from({ length: 7 }, (_each, index) => index);
    await cluster.show(
      [
        `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  template: { spec: ${podSpec} }
  volumeClaimTemplates: [{ metadata: { name: data } }]
`,
        `
apiVersion: v1
kind: Pod
metadata:
  name: db-0
  namespace: shop
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u, controller: true }]
spec: ${podSpec}
`,
        ...ordinals.flatMap((index) => [
          volume(`data-db-${index}`, `local: { path: /mnt/${index % 2} }`),
          claim(`data-db-${index}`, `data-db-${index}`),
        ]),
        volume('db-0-scratch', KEYS),
        claim('db-0-scratch', 'db-0-scratch'),
      ].join('---'),
    );

    const { hostAccess } = await passportIn(cluster, { kind: 'apps/StatefulSet', name: 'db' });
    const named = ordinals.slice(0, 5).map((index) => `data-db-${index} (PersistentVolume data-db-${index})`);
    expect(hostAccess).toEqual([
      "It reads and writes the node's /etc/kubernetes, in app at /scratch, by claim db-0-scratch (PersistentVolume db-0-scratch).",
      `It reads and writes the node's /mnt/0 and /mnt/1, in app at /data, by claims ${named.join(', ')} and 2 more.`,
    ]);
  });

  it('is said not to be known where volumes are not seen, and not to be shown to who sees some namespaces', async () => {
    const unseen = await hub.cluster('unseen', { ...KINDS, PersistentVolume: 'denied' });
    await unseen.show([WORKLOAD, claim('data', 'data')].join('---'));
    const seen = await hub.cluster('seen', KINDS);
    await seen.show([WORKLOAD, volume('data', KEYS), claim('data', 'data')].join('---'));

    expect((await passportIn(unseen)).hostAccess).toEqual([
      'What its claims give it of its node is not known: PersistentVolumes are not seen.',
    ]);
    expect((await passportIn(seen, { scope: SHOP })).hostAccess).toEqual([
      'What its claims give it of its node is not shown: you see some namespaces only.',
    ]);
  });
});
