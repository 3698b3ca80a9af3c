import type { JsonObject } from '../json.ts';

const TOKEN_VOLUME = (name: string) => ({
  name,
  projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
});
const TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

interface PodParts {
  readonly name: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly labels: JsonObject;
  readonly annotations?: JsonObject;
  readonly volumes?: readonly JsonObject[];
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** A pod as an API server gives it. */
export function pod({ name, owner, labels, annotations, volumes = [], spec, status }: PodParts): JsonObject {
  const token = `kube-api-access-${name.slice(-5).padStart(5, 'x').replaceAll('-', 'y')}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${owner.name}-`,
      namespace: 'shop',
      uid: `uid-${name}`,
      resourceVersion: String(name.length * 1000),
      generation: 3,
      creationTimestamp: '2026-11-01T00:00:00Z',
      labels: { app: 'api', ...labels },
      ...(annotations && { annotations }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          ...owner,
          uid: `uid-${owner.name}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: [{ manager: 'kubelet', time: '2026-11-01T00:00:00Z' }],
    },
    spec: {
      nodeName: `node-${name.length}`,
      tolerations: [{ key: 'spot', operator: 'Exists' }, ...TOLERATIONS],
      volumes: [...volumes, TOKEN_VOLUME(token)],
      containers: [
        { name: 'app', image: 'shop/api:1', volumeMounts: [{ name: token, mountPath: '/var/run' }] },
      ],
      ...spec,
    },
    status: status ?? { phase: 'Running', podIP: `10.0.0.${name.length}` },
  };
}
