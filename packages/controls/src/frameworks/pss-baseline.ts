import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';

/**
 * The baseline level of the Pod Security Standards, as Kubernetes 1.37 has it. For an older target version each
 * control applies the rule of that version, and one whose rule is younger is not applicable.
 */
export const pssBaseline: Framework<ControlId> = {
  id: 'pss-baseline',
  title: 'Pod Security Standards, baseline level',
  version: '1.37',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  requirements: [
    {
      id: 'host-process',
      title: 'No Windows container runs as a process of its host',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['windows-host-process'] },
    },
    {
      id: 'host-namespaces',
      title: "No pod shares its host's network, process or IPC namespace",
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['host-ipc', 'host-network', 'host-pid'] },
    },
    {
      id: 'privileged-containers',
      title: 'No container is privileged',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['privileged-container'] },
    },
    {
      id: 'capabilities',
      title: 'No container adds a capability beyond the default set',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['capabilities-baseline'] },
    },
    {
      id: 'host-path-volumes',
      title: 'No volume is a path of the host',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['hostpath-volume'] },
    },
    {
      id: 'host-ports',
      title: 'No container binds a port of the host',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['host-port'] },
    },
    {
      id: 'host-probes-lifecycle-hooks',
      title: 'No probe or lifecycle hook names a host',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['host-probe-or-lifecycle-host'] },
    },
    {
      id: 'apparmor',
      title: 'No workload turns the default AppArmor profile off',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['apparmor-unconfined'] },
    },
    {
      id: 'selinux',
      title: 'No workload chooses an SELinux user, role or uncommon type',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['selinux-custom-options'] },
    },
    {
      id: 'proc-mount-type',
      title: 'The default masks of /proc stay, except in a user namespace',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['proc-mount-unmasked'] },
    },
    {
      id: 'seccomp',
      title: 'No workload turns seccomp off',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['seccomp-unconfined'] },
    },
    {
      id: 'sysctls',
      title: 'Only safe sysctls are set',
      level: 'baseline',
      coverage: { kind: 'automated', controls: ['unsafe-sysctls'] },
    },
  ],
};
