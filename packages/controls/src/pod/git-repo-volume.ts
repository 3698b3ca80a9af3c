import { arrayAt, defineControl, get, stringAt, workloads } from '@bulwark/core';

export const gitRepoVolume = defineControl({
  id: 'git-repo-volume',
  aliases: [],
  title: 'Pods must not use gitRepo volumes',
  problem: 'use a gitRepo volume',
  message: 'Volume {volume} of {resource} is a gitRepo.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The kubelet clones a gitRepo volume itself, as root and outside of any container, so whoever controls the repository can run code on the node (CVE-2024-10220). The type has had no maintainer for years, and from Kubernetes 1.33 on the kubelet refuses it unless told otherwise, so the pod does not start there.',
  remediation:
    'Clone in an init container, with git from an image of your choice, into an emptyDir that the other containers mount.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#gitrepo',
    'https://nvd.nist.gov/vuln/detail/CVE-2024-10220',
  ],
  attack: ['T1611'],
  refines: ['restricted-volume-types'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
      const gitRepo = get(volume, 'gitRepo');
      if (gitRepo === undefined || gitRepo === null) continue;
      yield at(['volumes', index, 'gitRepo'], { volume: stringAt(volume, 'name') ?? `#${index}` });
    }
  },
});
