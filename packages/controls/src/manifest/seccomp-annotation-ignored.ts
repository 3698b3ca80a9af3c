import {
  type Container,
  defineControl,
  type Edit,
  get,
  isObject,
  type Json,
  type JsonObject,
  mayBreak,
  objectAt,
  type Path,
  type Resource,
  valueAt,
  type Workload,
  workloads,
} from '@bulwark/core';

const POD = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const LOCALHOST = 'localhost/';

export const seccompAnnotationIgnored = defineControl({
  id: 'seccomp-annotation-ignored',
  aliases: [],
  title: 'Seccomp profiles must be set in fields, for the annotations are ignored',
  problem: 'ask for a seccomp profile in an annotation that is ignored',
  message: 'In {resource}, {where} has a seccomp profile in an annotation, which Kubernetes ignores.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'From Kubernetes 1.27 on the annotations of seccomp have no effect. A pod that relies on them looks confined and is not: unless its node has a default profile, every system call of the kernel is open to whoever takes it over.',
  remediation:
    'Set securityContext.seccompProfile on the pod or the container: type RuntimeDefault for runtime/default and docker/default, type Localhost with localhostProfile for localhost/NAME. Then remove the annotation.',
  references: [
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1611'],
  kubernetes: { from: 27 },
  fix: {
    ...mayBreak(
      'The profile comes into force: a program that needs a system call which it blocks gets an error.',
    ),
    edits: ({ path }, resource) => intoField(path, resource),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ workload, atMetadata }) {
    for (const [key, value] of Object.entries(objectAt(workload.metadata, 'annotations') ?? {})) {
      const holder = profileOf(value) === undefined ? undefined : holderOf(workload, key);
      if (holder === undefined || hasProfile(workload.spec) || hasProfile(holder.spec)) continue;
      yield atMetadata(['annotations', key], { where: holder.where });
    }
  },
});

interface Holder {
  readonly spec: JsonObject;
  readonly path: Path;
  readonly where: string;
}

/** Whose profile an annotation means; undefined for other annotations, and for containers that do not exist. */
function holderOf({ spec, specPath, containers }: Workload, key: string): Holder | undefined {
  if (key === POD) return { spec, path: specPath, where: 'the pod' };
  if (!key.startsWith(CONTAINER)) return undefined;
  const name = key.slice(CONTAINER.length);
  const found: Container | undefined = containers.find((container) => container.name === name);
  return found && { spec: found.spec, path: found.path, where: `container ${name}` };
}

function hasProfile(spec: JsonObject): boolean {
  return isObject(get(spec, 'securityContext', 'seccompProfile'));
}

/** The field's form of an annotation; undefined for `unconfined`, which is what being ignored comes to. */
function profileOf(value: Json | undefined): JsonObject | undefined {
  if (value === 'runtime/default' || value === 'docker/default') return { type: 'RuntimeDefault' };
  if (typeof value !== 'string' || !value.startsWith(LOCALHOST)) return undefined;
  return { type: 'Localhost', localhostProfile: value.slice(LOCALHOST.length) };
}

function intoField(path: Path, { object, workloads: templates }: Resource): readonly Edit[] {
  const profile = profileOf(valueAt(object, path) as Json | undefined);
  const workload = templates.find(({ path: start }) => start.every((part, index) => path[index] === part));
  const holder = workload && holderOf(workload, String(path.at(-1)));
  if (profile === undefined || holder === undefined) return [];
  return [
    { op: 'set', path: [...holder.path, 'securityContext', 'seccompProfile'], value: profile },
    { op: 'remove', path },
  ];
}
