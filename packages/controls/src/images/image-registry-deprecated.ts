import {
  defineControl,
  familiarName,
  type ImageRef,
  mayBreak,
  parseImageRef,
  valueAt,
  workloads,
} from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';
import { coversImage } from './registry-patterns.ts';

interface Frozen {
  readonly entry: string;
  readonly why: string;
  /** What stands in place of the entry's text, where the same images are found. */
  readonly successor?: string;
}

const FROZEN: readonly Frozen[] = [
  { entry: 'k8s.gcr.io', why: 'has been frozen since April 2023', successor: 'registry.k8s.io' },
  { entry: 'gcr.io/google-containers', why: 'is frozen', successor: 'registry.k8s.io' },
  { entry: 'gcr.io/google_containers', why: 'is frozen', successor: 'registry.k8s.io' },
  { entry: 'gcr.io/k8s-artifacts-prod', why: 'is frozen', successor: 'registry.k8s.io' },
  { entry: 'docker.io/bitnamilegacy', why: 'gets no updates' },
  { entry: 'registry.k8s.io/ingress-nginx', why: 'has had no security fixes since March 2026' },
  { entry: 'docker.pkg.github.com', why: 'is replaced by ghcr.io' },
];

function frozenFor(image: ImageRef): Frozen | undefined {
  return FROZEN.find(({ entry }) => coversImage(entry, image));
}

export const imageRegistryDeprecated = defineControl({
  id: 'image-registry-deprecated',
  aliases: ['kubescape:C-0253', 'kyverno:restrict-deprecated-registry'],
  title: 'Images must not come from a registry that is no longer kept',
  problem: 'use images from registries that are no longer kept',
  message: 'The {place} of {resource} uses {image}, but {entry} {why}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'What is in these places gets no fixes any more: every flaw that is found in it stays. They may also be closed, and then no pod that needs a fresh copy starts.',
  remediation:
    'Take the image from its present home, registry.k8s.io for those of Kubernetes, and with it a version that is kept. In place of ingress-nginx use the Gateway API or another Ingress controller.',
  references: [
    'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/',
    'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
  ],
  attack: ['T1195.002'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  fix: {
    ...mayBreak('Where only the old registry may be reached or is mirrored, the image cannot be pulled.'),
    edits({ path, facts }, { object }) {
      const known = FROZEN.find(({ entry }) => entry === facts['entry']);
      const text = valueAt(object, path);
      if (known?.successor === undefined || typeof text !== 'string') return [];
      const value = known.successor + text.slice(known.entry.length);
      const image = parseImageRef(value);
      // What is frozen in its new home as well is not mended by moving there.
      return image.ok && frozenFor(image.value) === undefined ? [{ op: 'set', path, value }] : [];
    },
  },
  notApplicable: whyNoImage,
  *evaluate({ workload }) {
    for (const { image, path, place } of imageUses(workload, true)) {
      const frozen = frozenFor(image);
      if (frozen === undefined) continue;
      yield { path, facts: { place, image: familiarName(image), entry: frozen.entry, why: frozen.why } };
    }
  },
});
