import { podSecurityLevels } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';
import { whyOfTheCluster } from './cluster-namespaces.ts';

const LABEL = 'pod-security.kubernetes.io/enforce-version';

export const psaVersionUnpinned = defineControl({
  id: 'psa-version-unpinned',
  aliases: [],
  title: 'The version of the enforced Pod Security Standard should be pinned',
  problem: 'enforce whatever version of the Pod Security Standard the cluster has',
  message: '{resource} enforces {level} in the version of the cluster.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The standards change with releases of Kubernetes. Without a version, an upgrade of the cluster can begin to refuse pods that ran before.',
  remediation:
    'Set the label to the version of the cluster, such as v1.34, and raise it after an upgrade once the warn label, left at latest, is quiet. A version that nobody raises misses what newer standards forbid.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces',
  ],
  attack: [],
  kubernetes: { from: 23 },
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: [podSecurityLevels],
  notApplicable: whyOfTheCluster,
  *evaluate({ resource, world, at }) {
    const { level, version } = world.get(podSecurityLevels).of(resource.name).enforce;
    if (level !== 'privileged' && version === 'latest') yield at(['metadata', 'labels', LABEL], { level });
  },
});
