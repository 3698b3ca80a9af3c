import type { Requirement } from '@bulwark/core';
import type { ControlId } from '../registry.ts';

/** The chapter about pods: images, what pods may do, who makes sure of it, and the tokens they get. */
export const nsaPods: readonly Requirement<ControlId>[] = [
  {
    id: 'pod-non-root',
    title: 'Containers run as users and groups other than root',
    coverage: {
      kind: 'automated',
      controls: ['root-group', 'run-as-non-root', 'run-as-user-root', 'windows-container-admin'],
    },
  },
  {
    id: 'pod-rootless-engine',
    title: 'Container engines run without root where they can',
    coverage: {
      kind: 'not-checked',
      reason: 'How the container engine of each node runs is in no object of the API.',
    },
  },
  {
    id: 'pod-immutable-file-system',
    title: 'Containers cannot change their own file system',
    coverage: { kind: 'automated', controls: ['read-only-root-filesystem'] },
  },
  {
    id: 'pod-trusted-images',
    title: 'Images are built on, and taken from, what the team trusts',
    coverage: {
      kind: 'manual',
      reason:
        'Which registries and base images are trusted is a decision of the team. Once it is made, image-registry-not-allowed judges pods by it.',
    },
  },
  {
    id: 'pod-image-scanning',
    title: 'Images are scanned for vulnerabilities and misconfigurations',
    coverage: {
      kind: 'not-checked',
      reason: 'What is inside of images is not looked at, and no manifest says whether something else does.',
    },
  },
  {
    id: 'pod-image-admission',
    title: 'Admission refuses images that nobody has scanned or signed',
    coverage: {
      kind: 'manual',
      reason:
        'Whether the rules of an admission controller amount to that can only be judged by who knows how images are scanned and signed.',
    },
  },
  {
    id: 'pod-privileged',
    title: 'No container is privileged',
    coverage: {
      kind: 'automated',
      controls: ['privileged-container', 'privileged-with-host-access', 'windows-host-process'],
    },
  },
  {
    id: 'pod-host-pid',
    title: "No pod shares its host's process namespace",
    coverage: { kind: 'automated', controls: ['host-pid'] },
  },
  {
    id: 'pod-host-ipc',
    title: "No pod shares its host's IPC namespace",
    coverage: { kind: 'automated', controls: ['host-ipc'] },
  },
  {
    id: 'pod-host-network',
    title: "No pod shares its host's network",
    coverage: { kind: 'automated', controls: ['host-network'] },
  },
  {
    id: 'pod-host-paths',
    title: 'No volume is a path of the host',
    coverage: {
      kind: 'automated',
      controls: [
        'container-runtime-socket-mount',
        'host-device-claim',
        'hostpath-pv',
        'hostpath-volume',
        'sensitive-host-claim',
        'sensitive-host-mount',
        'writable-host-mount',
      ],
    },
  },
  {
    id: 'pod-breakout-features',
    title: 'Pods use no other feature that helps to break out of containers',
    coverage: {
      kind: 'automated',
      controls: [
        'capabilities-baseline',
        'capability-kernel-access',
        'capability-net-admin',
        'capability-sys-admin',
        'dra-admin-access',
        'git-repo-volume',
        'mount-propagation-bidirectional',
        'openshift-scc-privileged',
        'proc-mount-unmasked',
        'unsafe-sysctls',
      ],
    },
  },
  {
    id: 'pod-privilege-escalation',
    title: 'No process gains more privileges than its parent has',
    coverage: { kind: 'automated', controls: ['allow-privilege-escalation', 'sudo-in-entrypoint'] },
  },
  {
    id: 'pod-selinux',
    title: 'No workload weakens SELinux',
    coverage: { kind: 'automated', controls: ['selinux-custom-options'] },
  },
  {
    id: 'pod-apparmor',
    title: 'No workload turns AppArmor off',
    coverage: { kind: 'automated', controls: ['apparmor-unconfined'] },
  },
  {
    id: 'pod-seccomp',
    title: 'Every container runs under a seccomp profile',
    coverage: {
      kind: 'automated',
      controls: ['seccomp-annotation-ignored', 'seccomp-profile-required', 'seccomp-unconfined'],
    },
  },
  {
    id: 'pod-enforcement',
    title: 'Admission enforces a level of pod security in every namespace',
    coverage: {
      kind: 'automated',
      controls: [
        'policy-engine-missing',
        'psa-label-invalid',
        'psa-label-missing',
        'psa-level-privileged',
        'psp-legacy',
        'vap-fail-open',
        'vap-not-enforced',
        'vap-parameter-optional',
        'vap-unbound',
        'webhook-fail-open',
      ],
    },
  },
  {
    id: 'pod-service-account-tokens',
    title: 'Pods get a token only where they need one, and none that lasts',
    coverage: {
      kind: 'automated',
      controls: ['automount-service-account-token', 'legacy-sa-token-secret', 'projected-token-lifetime'],
    },
  },
  {
    id: 'pod-sandbox',
    title: 'Workloads that need it run in a stronger sandbox',
    coverage: {
      kind: 'manual',
      reason:
        'Which workloads need more isolation than containers give is a decision of the team. Once it is made, runtime-class-required judges pods by it.',
    },
  },
];
