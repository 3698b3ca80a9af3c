import { containers, defineControl, isObject, mayBreak, removeField } from '@bulwark/core';
import { judgedSettings, writerOf } from './inherited-settings.ts';

/** The types that policies made for containers give; `container_engine_t` was accepted in 1.31. */
const ALLOWED_TYPES = new Set<unknown>(['container_t', 'container_init_t', 'container_kvm_t']);
const ENGINE_TYPE = 'container_engine_t';
const ENGINE_TYPE_FROM = 31;

export const selinuxCustomOptions = defineControl({
  id: 'selinux-custom-options',
  aliases: ['trivy:KSV-0025', 'kubescape:C-0211', 'kyverno:disallow-selinux'],
  title: 'Workloads must not choose an SELinux user, role or uncommon type',
  problem: 'choose an SELinux user, role or uncommon type',
  message: 'In {resource}, {where} sets the SELinux {option} "{value}".',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "SELinux keeps a container away from its node's files and from other containers by its type. A type such as spc_t, or a user and role of the node's own, lifts that, so that an attacker who leaves the container is not held by the policy.",
  remediation:
    'Remove user and role from seLinuxOptions, and set type to container_t, container_init_t, container_kvm_t, from Kubernetes 1.31 on also container_engine_t, or not at all. The option level may stay.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container',
  ],
  attack: ['T1611'],
  fix: removeField(
    mayBreak(
      'What the usual type of containers denies on nodes with SELinux, such as files of the node, is denied in the container.',
    ),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const setting of judgedSettings(view, 'seLinuxOptions')) {
      if (!isObject(setting.value)) continue;
      for (const option of ['type', 'user', 'role']) {
        const value = setting.value[option];
        if (typeof value !== 'string' || value === '') continue;
        if (option === 'type' && isAllowedType(value, view.kubernetes.minor)) continue;
        const facts = { where: writerOf(view, setting), option, value };
        yield view.atSetting({ ...setting, path: [...setting.path, option] }, facts);
      }
    }
  },
});

function isAllowedType(type: string, minor: number): boolean {
  return ALLOWED_TYPES.has(type) || (type === ENGINE_TYPE && minor >= ENGINE_TYPE_FROM);
}
