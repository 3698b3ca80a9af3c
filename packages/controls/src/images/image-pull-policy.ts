import { defineControl, familiarName, mayBreak, setValue, workloads } from '@bulwark/core';
import { type ImageUse, imageUses, whyNoImage } from './image-uses.ts';

/** What the API server takes where nothing is written: Always for the tag latest or none, else IfNotPresent. */
function effectivePolicy({ image, policy }: ImageUse): unknown {
  if (policy !== undefined && policy !== null && policy !== '') return policy;
  return image.tag === undefined || image.tag === 'latest' ? 'Always' : 'IfNotPresent';
}

export const imagePullPolicy = defineControl({
  id: 'image-pull-policy',
  aliases: [
    'checkov:CKV_K8S_15',
    'kube-score:container-image-pull-policy',
    'polaris:pullPolicyNotAlways',
    'kyverno:imagepullpolicy-always',
  ],
  title: 'Images whose tag can move must always be pulled',
  problem: 'may run an old copy of an image whose tag moved',
  message: 'The {place} of {resource} uses {image} with the pull policy {policy}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'With IfNotPresent or Never, a node that has the image keeps its copy even after the tag was moved to a repaired one, so nodes run different code. The copy is also there for pods that have no right to pull it, unless the kubelet checks that.',
  remediation:
    'Pin the image by its digest, which makes the policy irrelevant; or set the pull policy to Always, which costs one request for each start as long as the content is the same.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  attack: ['T1525'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  fix: setValue('Always', mayBreak('No container starts while the registry cannot be reached.')),
  notApplicable: whyNoImage,
  *evaluate({ workload }) {
    for (const use of imageUses(workload, false)) {
      const { image, place, policyPath } = use;
      const policy = effectivePolicy(use);
      if (image.digest !== undefined || policy === 'Always') continue;
      const shown = policy === 'Never' || policy === 'IfNotPresent' ? policy : 'of a wrong value';
      yield { path: policyPath, facts: { place, image: familiarName(image), policy: shown } };
    }
  },
});
