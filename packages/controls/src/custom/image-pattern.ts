import {
  containers,
  defineControl,
  formatImageRef,
  matchesPattern,
  parseImageRef,
  stringAt,
  textsParam,
} from '@bulwark/core';

export const imagePattern = defineControl({
  id: 'image-pattern',
  aliases: ['kyverno:restrict-image-registries'],
  title: 'Images must match a pattern that the team allows',
  problem: 'use an image that matches no pattern the team allows',
  message: 'Container {container} of {resource} uses the image {image}, which no pattern allows.',
  severity: 'medium',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'An image from anywhere runs code that nobody in the team has chosen. A list of registries, repositories and forms of tags turns a slip of the pen, or an image that an attacker put into a manifest, into a finding.',
  remediation:
    'Use an image that one of the patterns allows, or copy the image to a repository that does. A pattern is compared with the whole reference as runtimes read it: docker.io/library/nginx:1 for nginx:1. Put a slash after the registry, or names that merely begin like it match too.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/'],
  attack: ['T1525', 'T1610'],
  params: {
    patterns: textsParam(
      'The images that are allowed, such as registry.example.com/*; the star stands for any characters.',
      { minimum: 1 },
    ),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: ({ container }) =>
    (container.spec['image'] ?? '') === '' ? 'The container names no image.' : undefined,
  *evaluate({ container, params, at }) {
    const image = stringAt(container.spec, 'image') ?? '';
    const parsed = parseImageRef(image);
    const full = parsed.ok ? formatImageRef(parsed.value) : image;
    if (!params.patterns.some((pattern) => matchesPattern(pattern, full))) yield at('image', { image: full });
  },
});
