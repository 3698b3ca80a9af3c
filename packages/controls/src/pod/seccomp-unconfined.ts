import {
  type ContainerView,
  containers,
  defineControl,
  get,
  isObject,
  stringAt,
  type Violation,
} from '@bulwark/core';
import { judgedSettings, writerOf } from './inherited-settings.ts';
import { seccompRuntimeDefault } from './seccomp-runtime-default.ts';

/** The version that brought the field: before it the standard reads only annotations, from it on only the field. */
const FIELD_FROM = 19;
const ALLOWED_TYPES = new Set<unknown>(['RuntimeDefault', 'Localhost']);
const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

export const seccompUnconfined = defineControl({
  id: 'seccomp-unconfined',
  aliases: ['trivy:KSV-0104', 'kyverno:restrict-seccomp', 'kubesec:SeccompUnconfined'],
  title: 'Workloads must not turn seccomp off',
  problem: 'turn the seccomp filter off',
  message: 'In {resource}, {where} has the seccomp profile "{profile}".',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The seccomp filter of the runtime keeps dozens of system calls away from containers, which exploits of the kernel need and applications hardly ever do. Unconfined, every one of them is open to an attacker in the container.',
  remediation:
    'Set securityContext.seccompProfile.type to RuntimeDefault, or to Localhost with a profile of your own, or remove it to keep the default of the node. Before Kubernetes 1.19 use the annotation values runtime/default and localhost/NAME.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
  ],
  attack: ['T1611'],
  refines: ['seccomp-profile-required'],
  fix: seccompRuntimeDefault,
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    yield* view.kubernetes.minor < FIELD_FROM ? annotationsOf(view) : fieldsOf(view);
  },
});

function* fieldsOf(view: ContainerView): Generator<Violation> {
  for (const setting of judgedSettings(view, 'seccompProfile')) {
    if (!isObject(setting.value) || ALLOWED_TYPES.has(setting.value['type'])) continue;
    const profile = stringAt(setting.value, 'type') ?? '';
    const path = Object.hasOwn(setting.value, 'type') ? [...setting.path, 'type'] : setting.path;
    yield view.atSetting({ ...setting, path }, { where: writerOf(view, setting), profile });
  }
}

function* annotationsOf({ workload, container, atMetadata }: ContainerView): Generator<Violation> {
  const writers = [
    [POD_ANNOTATION, 'the pod'],
    [`${CONTAINER_ANNOTATION}${container.name}`, `container ${container.name}`],
  ] as const;
  for (const [key, where] of writers) {
    const value = get(workload.metadata, 'annotations', key);
    // The API server reads null as an empty value, which is no profile.
    const profile = value === null ? '' : value;
    if (typeof profile === 'string' && !isAllowedAnnotation(profile))
      yield atMetadata(['annotations', key], { where, profile });
  }
}

function isAllowedAnnotation(profile: string): boolean {
  return profile === 'runtime/default' || profile === 'docker/default' || profile.startsWith('localhost/');
}
