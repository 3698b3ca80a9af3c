import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';
import { pssBaseline } from './pss-baseline.ts';

/**
 * The restricted level of the Pod Security Standards: all of the baseline level, and more. Where a restricted rule
 * replaces a baseline one (volumes, capabilities, seccomp, procMount) both stay: the restricted one is the
 * stricter, so together they say what it says alone (but for capabilities and seccomp of Windows pods, which the API
 * server refuses anyway).
 */
export const pssRestricted: Framework<ControlId> = {
  id: 'pss-restricted',
  title: 'Pod Security Standards, restricted level',
  version: pssBaseline.version,
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  requirements: [
    ...pssBaseline.requirements,
    {
      id: 'volume-types',
      title: 'No volume names a path, server or disk; it comes from a claim, a driver or the API',
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['restricted-volume-types'] },
    },
    {
      id: 'privilege-escalation',
      title: 'No process gains more privileges than its parent has',
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['allow-privilege-escalation'] },
    },
    {
      id: 'running-as-non-root',
      title: 'Containers are required to run as a user other than root',
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['run-as-non-root'] },
    },
    {
      id: 'running-as-non-root-user',
      title: 'No container is given the user 0',
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['run-as-user-root'] },
    },
    {
      id: 'seccomp-restricted',
      title: "Every container runs under the runtime's seccomp profile or a local one, and says so",
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['seccomp-profile-required'] },
    },
    {
      id: 'capabilities-restricted',
      title: 'Every container drops all capabilities and adds back at most NET_BIND_SERVICE',
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['capabilities-drop-all'] },
    },
    {
      id: 'proc-mount-restricted',
      title: 'The default masks of /proc stay, in user namespaces too',
      level: 'restricted',
      coverage: { kind: 'automated', controls: ['proc-mount-restricted'] },
    },
  ],
};
