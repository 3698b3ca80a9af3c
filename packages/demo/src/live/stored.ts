import { get, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { uidOf } from '../seeded/names.ts';

/** An object as the API server gives it back: with identity, time of creation and a controller's status. */
export function storedObject(object: JsonObject, created: string): JsonObject {
  const kind = stringAt(object, 'kind') ?? '';
  const { name, namespace, ...metadata } = objectAt(object, 'metadata') ?? {};
  const uid = uidOf(
    kind,
    stringAt(object, 'metadata', 'namespace') ?? '',
    stringAt(object, 'metadata', 'name') ?? '',
    created,
  );
  const status = statusOf(object, kind);
  return {
    ...object,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      creationTimestamp: created,
      ...metadata,
    },
    ...(kind === 'PersistentVolumeClaim' && {
      spec: { ...objectAt(object, 'spec'), volumeName: `pvc-${uid}` },
    }),
    ...(status !== undefined && { status }),
  };
}

function statusOf(object: JsonObject, kind: string): JsonObject | undefined {
  if (kind !== 'Deployment' && kind !== 'StatefulSet') return undefined;
  const replicas = Number(get(object, 'spec', 'replicas') ?? 1);
  return { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
}

/** The volume that was made for a claim. */
export function volumeOf(claim: JsonObject): JsonObject {
  const uid = stringAt(claim, 'metadata', 'uid') ?? '';
  const name = `pvc-${uid}`;
  const created = stringAt(claim, 'metadata', 'creationTimestamp') ?? '';
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, uid: uidOf('PersistentVolume', name), creationTimestamp: created },
    spec: {
      accessModes: get(claim, 'spec', 'accessModes'),
      capacity: { storage: get(claim, 'spec', 'resources', 'requests', 'storage') },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: stringAt(claim, 'metadata', 'namespace'),
        name: stringAt(claim, 'metadata', 'name'),
        uid,
      },
      csi: { driver: 'csi.hearthside.example', volumeHandle: name, fsType: 'ext4' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: get(claim, 'spec', 'storageClassName'),
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Bound' },
  };
}
