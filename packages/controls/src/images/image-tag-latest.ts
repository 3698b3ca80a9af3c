import { defineControl, familiarName, textsParam, workloads } from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';

export const imageTagLatest = defineControl({
  id: 'image-tag-latest',
  aliases: [
    'trivy:KSV-0013',
    'kubescape:C-0075',
    'checkov:CKV_K8S_14',
    'kube-linter:latest-tag',
    'kube-score:container-image-tag',
    'polaris:tagNotSpecified',
    'kyverno:disallow-latest-tag',
  ],
  title: 'Images must not be used by the tag latest',
  problem: 'use images by the tag latest or by no tag',
  message: 'The {place} of {resource} uses {image} {how}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The tag latest, which is also meant where none is written, is whatever was pushed last. Nobody can say which code runs, two pods may run different code, going back is impossible, and what an attacker pushes is taken up by the next pod that starts.',
  remediation:
    'Name the version that was tested, and better its digest as well: image:1.4.2@sha256:... A tool such as Renovate keeps both current.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/'],
  attack: ['T1525', 'T1195.002'],
  refines: ['image-not-pinned-digest'],
  params: {
    moving: textsParam('Further tags that name no version but what was pushed last, such as edge or dev.', {
      default: [],
    }),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoImage,
  *evaluate({ workload, params: { moving } }) {
    for (const { image, path, place } of imageUses(workload, false)) {
      const isMoving = image.tag === undefined || image.tag === 'latest' || moving.includes(image.tag);
      if (image.digest !== undefined || !isMoving) continue;
      const how = image.tag === undefined ? 'without a tag' : `by the tag ${image.tag}`;
      const { tag: _tag, ...untagged } = image;
      yield { path, facts: { place, image: familiarName(untagged), how } };
    }
  },
});
