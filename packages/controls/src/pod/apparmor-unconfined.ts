import {
  type ContainerView,
  containers,
  defineControl,
  isObject,
  mayBreak,
  objectAt,
  stringAt,
  type Violation,
} from '@bulwark/core';
import { judgedSettings, writerOf } from './inherited-settings.ts';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const ALLOWED_TYPES = new Set<unknown>(['RuntimeDefault', 'Localhost']);

export const apparmorUnconfined = defineControl({
  id: 'apparmor-unconfined',
  aliases: ['trivy:KSV-0002', 'kubescape:C-0055', 'kyverno:restrict-apparmor-profiles'],
  title: 'Workloads must not turn AppArmor off',
  problem: 'turn AppArmor off',
  message: 'In {resource}, {where} has the AppArmor profile "{profile}".',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'On nodes with AppArmor every container gets a default profile that denies mounts, writes to the sensitive parts of /proc and /sys, and tracing of processes outside. Without it an attacker in the container has one wall less before the kernel.',
  remediation:
    'Remove the setting, or use the profile RuntimeDefault or Localhost in securityContext.appArmorProfile.type. In the older annotation the values are runtime/default and localhost/NAME.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tutorials/security/apparmor/',
  ],
  attack: ['T1611'],
  fix: {
    ...mayBreak(
      'What the default profile of the runtime denies, such as mounts, is denied in the container.',
    ),
    // Without the setting the default profile holds; naming it would keep the pod off nodes that have no AppArmor.
    edits: ({ path }) => [{ op: 'remove', path: path.at(-1) === 'type' ? path.slice(0, -1) : path }],
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    yield* annotationsOf(view);
    for (const setting of judgedSettings(view, 'appArmorProfile')) {
      if (!isObject(setting.value) || ALLOWED_TYPES.has(setting.value['type'])) continue;
      const profile = stringAt(setting.value, 'type') ?? '';
      const path = Object.hasOwn(setting.value, 'type') ? [...setting.path, 'type'] : setting.path;
      yield view.atSetting({ ...setting, path }, { where: writerOf(view, setting), profile });
    }
  },
});

/** The annotations of all containers of the pod, which are read in every version, beside the field. */
function* annotationsOf({ workload, atMetadata }: ContainerView): Generator<Violation> {
  for (const [key, profile] of Object.entries(objectAt(workload.metadata, 'annotations') ?? {})) {
    if (!key.startsWith(ANNOTATION) || typeof profile !== 'string' || isAllowedAnnotation(profile)) continue;
    yield atMetadata(['annotations', key], { where: `container ${key.slice(ANNOTATION.length)}`, profile });
  }
}

function isAllowedAnnotation(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}
