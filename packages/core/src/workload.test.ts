import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { formatPath } from './path.ts';
import { settingOf, workloadsOf } from './workload.ts';

const podSpec = { containers: [{ name: 'app', image: 'example.com/app:1' }] };
const template = { metadata: { labels: { app: 'x' } }, spec: podSpec };

describe('workloadsOf', () => {
  it.each([
    ['Pod', { spec: podSpec }, ['']],
    ['PodTemplate', { template }, ['template']],
    ['ReplicationController', { spec: { template } }, ['spec.template']],
    ['apps/Deployment', { spec: { template } }, ['spec.template']],
    ['apps/StatefulSet', { spec: { template } }, ['spec.template']],
    ['batch/Job', { spec: { template } }, ['spec.template']],
    ['batch/CronJob', { spec: { jobTemplate: { spec: { template } } } }, ['spec.jobTemplate.spec.template']],
    ['argoproj.io/Rollout', { spec: { template } }, ['spec.template']],
    [
      'serving.knative.dev/Service',
      { spec: { template: { spec: { containers: [{ image: 'a' }] } } } },
      ['spec.template'],
    ],
    ['apps.kruise.io/CloneSet', { spec: { template } }, ['spec.template']],
    [
      'ray.io/RayCluster',
      { spec: { headGroupSpec: { template }, workerGroupSpecs: [{ groupName: 'w', template }] } },
      ['spec.headGroupSpec.template', 'spec.workerGroupSpecs[0].template'],
    ],
    [
      'jobset.x-k8s.io/JobSet',
      { spec: { replicatedJobs: [{ name: 'j', template: { spec: { template } } }] } },
      ['spec.replicatedJobs[j].template.spec.template'],
    ],
    ['tekton.dev/Task', { spec: { steps: [{ name: 's', image: 'a' }] } }, ['spec']],
    [
      'tekton.dev/Pipeline',
      { spec: { tasks: [{ name: 't', taskSpec: { steps: [{ image: 'a' }] } }] } },
      ['spec.tasks[t].taskSpec'],
    ],
    ['Service', { spec: { containers: [] } }, []],
    ['kyverno.io/ClusterPolicy', { spec: { rules: [{ validate: { pattern: { spec: podSpec } } }] } }, []],
    [
      'apiextensions.k8s.io/CustomResourceDefinition',
      { spec: { versions: [{ schema: { spec: podSpec } }] } },
      [],
    ],
    ['example.com/Thing', { spec: { containers: 3 } }, []],
  ])('finds the pod templates of %s', (groupKind, object, paths) => {
    expect(workloadsOf(object, groupKind).map((workload) => formatPath(object, workload.path))).toEqual(
      paths,
    );
  });

  it('knows all containers of a pod, and sidecars from init containers', () => {
    const object = {
      spec: {
        initContainers: [{ name: 'setup' }, { name: 'mesh', restartPolicy: 'Always' }],
        containers: [{ name: 'app' }, {}],
        ephemeralContainers: [{ name: 'debug' }],
      },
    };

    expect(workloadsOf(object, 'Pod')[0]?.containers.map(({ name, type }) => [name, type])).toEqual([
      ['setup', 'init'],
      ['mesh', 'sidecar'],
      ['app', 'regular'],
      ['#1', 'regular'],
      ['debug', 'ephemeral'],
    ]);
  });

  it.each([
    [{ spec: { containers: 'app' } }, 'spec.containers'],
    [{ spec: { containers: ['app'] } }, 'spec.containers[0]'],
    [{ spec: { containers: [{ name: 'a', securityContext: [] }] } }, 'spec.containers[a]'],
    [{ spec: { containers: [], securityContext: true } }, 'spec.securityContext'],
    [{ spec: null }, 'spec'],
  ])('says what is malformed in %j', (object, path) => {
    expect(workloadsOf(object, 'Pod')[0]?.malformed.map((each) => formatPath(object, each))).toEqual([path]);
  });

  const nested = (levels: number): JsonObject =>
    levels === 0 ? { spec: { containers: [{ image: 'a' }] } } : { inner: nested(levels - 1) };

  it.each([
    ['sparkoperator.k8s.io/SparkApplication', { spec: { driver: { template: nested(0) } } }, 1],
    ['example.com/Deep', { spec: nested(40) }, 1],
    [
      'example.com/Partial',
      { spec: { template: { spec: { containers: [{ name: 'main' }, { name: 'log', image: 'a' }] } } } },
      1,
    ],
    ['networking.k8s.io/Ingress', { spec: { template: nested(0) } }, 0],
    ['kyverno.io/Policy', { spec: { rules: [{ pattern: nested(0) }] } }, 0],
    ['templates.gatekeeper.sh/ConstraintTemplate', { spec: { template: nested(0) } }, 0],
  ])('finds by shape in %s what has a pod template', (groupKind, object, count) => {
    expect(workloadsOf(object, groupKind)).toHaveLength(count);
  });

  it("gives a Tekton step its template's settings, its own first", () => {
    const object = {
      spec: {
        stepTemplate: { securityContext: { runAsNonRoot: true, privileged: true } },
        steps: [{ name: 's', image: 'a', securityContext: { privileged: false } }],
      },
    };

    expect(workloadsOf(object, 'tekton.dev/Task')[0]?.containers[0]?.spec['securityContext']).toEqual({
      runAsNonRoot: true,
      privileged: false,
    });
  });

  it("gives a TaskRun's pod its podTemplate's settings", () => {
    const object = { spec: { podTemplate: { hostNetwork: true }, taskSpec: { steps: [{ image: 'a' }] } } };

    expect(workloadsOf(object, 'tekton.dev/TaskRun')[0]?.spec['hostNetwork']).toBe(true);
  });
});

describe('settingOf', () => {
  const object = {
    spec: {
      securityContext: { runAsUser: 0, runAsNonRoot: null },
      containers: [{ name: 'inherits' }, { name: 'overrides', securityContext: { runAsUser: 1000 } }],
    },
  };
  const [workload] = workloadsOf(object, 'Pod');
  const setting = (index: number, name: 'runAsUser' | 'runAsNonRoot') => {
    const container = workload?.containers[index];
    if (workload === undefined || container === undefined) throw new Error('no container');
    const found = settingOf(workload, container, name);
    return [found.value, found.source, formatPath(object, found.path)];
  };

  it.each([
    [0, 'runAsUser', [0, 'pod', 'spec.securityContext.runAsUser']],
    [1, 'runAsUser', [1000, 'container', 'spec.containers[overrides].securityContext.runAsUser']],
    [0, 'runAsNonRoot', [undefined, 'unset', 'spec.containers[inherits].securityContext.runAsNonRoot']],
  ] as const)('resolves container %i, %s', (index, name, expected) => {
    expect(setting(index, name)).toEqual(expected);
  });
});
