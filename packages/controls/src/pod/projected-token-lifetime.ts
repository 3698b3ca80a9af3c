import {
  arrayAt,
  defineControl,
  get,
  integerParam,
  mayBreak,
  setValue,
  stringAt,
  workloads,
} from '@bulwark/core';

const HOUR = 3600;
const DAY = 24 * HOUR;

export const projectedTokenLifetime = defineControl({
  id: 'projected-token-lifetime',
  aliases: ['kube-linter:projected-token-long-expiration'],
  title: 'Projected service account tokens must be short-lived',
  problem: 'mount a service account token that is valid for long',
  message: 'Volume {volume} of {resource} holds a token that is valid for {seconds} seconds.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A stolen token serves its thief until it expires. The kubelet renews a projected token before that without the pod having to do anything, so a long life helps nobody but the thief.',
  remediation:
    'Remove expirationSeconds, which means an hour, or set it to at most a day. The program has to read the file again when it needs the token, as the client libraries do.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  ],
  attack: ['T1528'],
  params: {
    maximumSeconds: integerParam('For how many seconds a token may be valid at most.', {
      default: DAY,
      minimum: HOUR,
    }),
  },
  fix: setValue(HOUR, mayBreak('A program that reads the token only once is refused after an hour.')),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, params, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries())
      for (const [source, item] of (arrayAt(volume, 'projected', 'sources') ?? []).entries()) {
        const seconds = Number(get(item, 'serviceAccountToken', 'expirationSeconds') ?? 0);
        if (!(seconds > params.maximumSeconds)) continue;
        yield at(
          ['volumes', index, 'projected', 'sources', source, 'serviceAccountToken', 'expirationSeconds'],
          { volume: stringAt(volume, 'name') ?? `#${index}`, seconds },
        );
      }
  },
});
