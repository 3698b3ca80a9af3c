import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { joinContent, securityContent } from '../security-content/security-content.ts';
import { differencesSinceBuild } from './differences.ts';
import { manifestOf } from './manifest.ts';

const WRITTEN: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        hostNetwork: false,
        volumes: [{ name: 'tmp', emptyDir: {} }],
        containers: [
          {
            name: 'app',
            image: 'registry.example/shop/web:1.2',
            ports: [{ containerPort: 8080 }],
            env: [{ name: 'MODE', value: '1e3' }],
            resources: { limits: { cpu: '1000m', memory: '1024Mi' } },
            readinessProbe: { httpGet: { port: 8080 } },
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp', readOnly: false }],
          },
        ],
      },
    },
  },
};

/** The same as an API server gives it back. */
function deployed(): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      labels: { app: 'web', 'argocd.argoproj.io/instance': 'shop' },
      annotations: { 'deployment.kubernetes.io/revision': '3', 'meta.helm.sh/release-name': 'shop' },
    },
    spec: {
      replicas: 5,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { creationTimestamp: null, labels: { app: 'web', 'tool.example/added': 'x' } },
        spec: {
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          terminationGracePeriodSeconds: 30,
          securityContext: {},
          volumes: [{ name: 'tmp', emptyDir: {} }],
          containers: [
            {
              name: 'app',
              image: 'registry.example/shop/web:1.2',
              imagePullPolicy: 'IfNotPresent',
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              ports: [{ containerPort: 8080, protocol: 'TCP' }],
              env: [{ name: 'MODE', value: '1e3' }],
              resources: { limits: { cpu: '1', memory: '1Gi' } },
              readinessProbe: {
                httpGet: { port: 8080, path: '/', scheme: 'HTTP' },
                timeoutSeconds: 1,
                periodSeconds: 10,
                successThreshold: 1,
                failureThreshold: 3,
              },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
        },
      },
    },
  };
}

type Mutable = Record<string, unknown>;

/** The deployed object after somebody has edited it. */
function edited(edit: (template: Mutable, container: Mutable, object: Mutable) => void): JsonObject {
  const object = structuredClone(deployed()) as Mutable;
  const template = ((object['spec'] as Mutable)['template'] as Mutable)['spec'] as Mutable;
  edit(template, (template['containers'] as Mutable[])[0] ?? {}, object);
  return object as JsonObject;
}

function compare(written: JsonObject, live: JsonObject): string[] {
  const manifest = manifestOf(written);
  return differencesSinceBuild(manifest?.content ?? {}, joinContent(securityContent(live))).map(
    ({ path, change }) => `${change} ${path}`,
  );
}

const POD = 'spec.template.spec';
const APP = `${POD}.containers[app]`;

describe('a deployed object', () => {
  it('is what was written after defaults, a namespace, labels of tools, scaling and shorter amounts', () => {
    expect(compare(WRITTEN, deployed())).toEqual([]);
  });

  it.each<[string, (template: Mutable, container: Mutable, object: Mutable) => void, string]>([
    ['another image', (_t, c) => (c['image'] = 'registry.example/shop/web:1.3'), `changed ${APP}.image`],
    ['the namespaces of its node', (t) => (t['hostPID'] = true), `added ${POD}.hostPID`],
    [
      'a privileged container',
      (_t, c) => (c['securityContext'] = { privileged: true }),
      `added ${APP}.securityContext`,
    ],
    [
      'the root of its node in the place of a folder',
      (t) => (t['volumes'] = [{ name: 'tmp', hostPath: { path: '/', type: '' } }]),
      `added ${POD}.volumes[tmp].hostPath`,
    ],
    [
      'a container more',
      (t, c) => (t['containers'] = [c, { name: 'extra', image: 'x' }]),
      `added ${POD}.containers[extra]`,
    ],
    [
      'another value',
      (_t, c) => (c['env'] = [{ name: 'MODE', value: '1000' }]),
      `changed ${APP}.env[MODE].value`,
    ],
    ['a variable less', (_t, c) => (c['env'] = []), `missing ${APP}.env[MODE]`],
    [
      'less memory',
      (_t, c) => (c['resources'] = { limits: { cpu: '1', memory: '1G' } }),
      `changed ${APP}.resources.limits.memory`,
    ],
    ['no limits', (_t, c) => (c['resources'] = {}), `missing ${APP}.resources.limits`],
    [
      'a port of its node',
      (_t, c) => (c['ports'] = [{ containerPort: 8080, hostPort: 8080, protocol: 'TCP' }]),
      `added ${APP}.ports[0].hostPort`,
    ],
    ['other tolerations', (t) => (t['tolerations'] = [{ operator: 'Exists' }]), `added ${POD}.tolerations`],
    ['another account', (t) => (t['serviceAccountName'] = 'admin'), `added ${POD}.serviceAccountName`],
    [
      'its own label changed',
      (_t, _c, o) => (o['metadata'] = { name: 'web', labels: { app: 'other' } }),
      'changed metadata.labels.app',
    ],
    [
      'an annotation for its pods',
      (_t, _c, o) =>
        (((o['spec'] as Mutable)['template'] as Mutable)['metadata'] = {
          labels: { app: 'web' },
          annotations: { 'sidecar.istio.io/inject': 'false' },
        }),
      'added spec.template.metadata.annotations',
    ],
  ])('has changed with %s', (_what, edit, difference) => {
    expect(compare(WRITTEN, edited(edit))).toEqual([difference]);
  });

  it('of a kind with defaults that nobody knows has changed with what was written, and with what is added to its pods', () => {
    const rollout = (spec: JsonObject, pod: JsonObject): JsonObject => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'web' },
      spec: { ...spec, template: { spec: { containers: [{ name: 'app', image: 'a:1' }], ...pod } } },
    });
    const written = rollout({ strategy: { canary: {} } }, {});

    expect(compare(written, rollout({ strategy: { canary: {} }, unheardOf: 7 }, {}))).toEqual([]);
    expect(compare(written, rollout({ strategy: {} }, { hostPID: true }))).toEqual([`added ${POD}.hostPID`]);
    expect(compare(rollout({ steps: 3 }, {}), rollout({ steps: 4 }, {}))).toEqual(['changed spec.steps']);
  });

  it('that is a bare pod may have what admission gives it', () => {
    const pod: JsonObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'job' },
      spec: { containers: [{ name: 'a', image: 'a:1', resources: { limits: { cpu: 1 } } }] },
    };
    const live: JsonObject = {
      ...pod,
      metadata: { name: 'job', namespace: 'default', uid: 'u' },
      spec: {
        nodeName: 'node-1',
        serviceAccountName: 'default',
        serviceAccount: 'default',
        enableServiceLinks: true,
        priority: 0,
        preemptionPolicy: 'PreemptLowerPriority',
        tolerations: [
          {
            key: 'node.kubernetes.io/not-ready',
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: 300,
          },
        ],
        volumes: [{ name: 'kube-api-access-x2x2x', projected: { defaultMode: 420, sources: [] } }],
        containers: [
          {
            name: 'a',
            image: 'a:1',
            resources: { limits: { cpu: '1' }, requests: { cpu: '1' } },
            volumeMounts: [
              {
                name: 'kube-api-access-x2x2x',
                readOnly: true,
                mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
              },
            ],
          },
        ],
      },
      status: { phase: 'Running' },
    };

    expect(compare(pod, live)).toEqual([]);
  });

  it('is no difference from itself, whatever it is', () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    fc.assert(
      fc.property(json, json, (spec, data) => {
        const object = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'x' },
          spec,
          data,
        } as JsonObject;
        expect(compare(object, object)).toEqual([]);
      }),
    );
  });
});

describe('a manifest', () => {
  it('is its own manifest, so that whoever receives one can make sure of it', () => {
    const manifest = manifestOf(WRITTEN);

    expect(manifest).toMatchObject({ kind: 'apps/Deployment', namespace: '', name: 'web' });
    expect(manifestOf(manifest?.content ?? {})).toEqual(manifest);
  });

  it('has another fingerprint when a field, a label or the namespace does, and the same for another order', () => {
    const print = (object: JsonObject): string => manifestOf(object)?.fingerprint ?? '';
    const { kind, apiVersion, metadata, spec } = WRITTEN;

    expect(print({ spec, metadata, apiVersion, kind })).toBe(print(WRITTEN));
    expect(print({ ...WRITTEN, status: { replicas: 3 } })).toBe(print(WRITTEN));
    expect(print({ ...WRITTEN, metadata: { name: 'web', namespace: 'shop' } })).not.toBe(print(WRITTEN));
    expect(print({ ...WRITTEN, metadata: { name: 'web', labels: { app: 'x' } } })).not.toBe(print(WRITTEN));
    expect(print({ ...WRITTEN, spec: {} })).not.toBe(print(WRITTEN));
  });

  it('holds no secret', () => {
    const object = structuredClone(WRITTEN) as Mutable;
    const text = JSON.stringify(object).replace(
      '"MODE","value":"1e3"',
      '"DB_PASSWORD","value":"hunter2-hunter3"',
    );

    expect(JSON.stringify(manifestOf(JSON.parse(text) as JsonObject))).not.toContain('hunter2');
  });

  it('needs a name', () => {
    expect(manifestOf({ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'a-' } })).toBeUndefined();
  });
});
