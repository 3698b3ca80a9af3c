import { defineControl, get, mayBreak, setValue, workloads } from '@bulwark/core';
import { whyNotLinux } from './windows-pods.ts';

export const supplementalGroupsMerge = defineControl({
  id: 'supplemental-groups-merge',
  aliases: [],
  title: 'Pods must not take over groups from their images',
  problem: 'take over groups from their images',
  message: 'The containers of {resource} are also in every group that their images give their user.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Unless supplementalGroupsPolicy is Strict, a process is also in the groups that /etc/group of its image names for its user. No policy and no reader of the manifest sees those groups, yet they open files in shared volumes.',
  remediation:
    'Set securityContext.supplementalGroupsPolicy to Strict on the pod, and name the groups that it needs in supplementalGroups. The container runtime of the nodes must support it (containerd 2.0, CRI-O 1.31).',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#supplementalgroupspolicy',
  ],
  attack: [],
  kubernetes: { from: 33 },
  fix: setValue(
    'Strict',
    mayBreak(
      'Files that the pod reached through a group of its image are out of reach, and old nodes refuse it.',
    ),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('supplementalGroupsPolicy'),
  *evaluate({ spec, at }) {
    if (get(spec, 'securityContext', 'supplementalGroupsPolicy') !== 'Strict')
      yield at('securityContext.supplementalGroupsPolicy');
  },
});
