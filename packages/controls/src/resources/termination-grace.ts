import { defineControl, integerParam, mayBreak, whyNotRange, workloads } from '@bulwark/core';
import { whyNotOperated } from './judged-pods.ts';

const FIELD = 'terminationGracePeriodSeconds';

export const terminationGrace = defineControl({
  id: 'termination-grace',
  aliases: [],
  title: 'Pods must have a sensible time to stop',
  problem: 'have too little or too much time to stop',
  message: 'In {resource}, the pod has {seconds} seconds to stop.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'With no time at all a container is killed in the middle of its work, and its pod is deleted before its node has confirmed that it stopped, so that two pods of a StatefulSet may run under one name. With very much time it holds up every drain of its node.',
  remediation:
    'Remove terminationGracePeriodSeconds, which means 30 seconds, or set it to what an orderly shutdown takes.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination'],
  attack: [],
  params: {
    minimum: integerParam('The fewest seconds that are enough.', { default: 1, minimum: 0 }),
    maximum: integerParam('The most seconds that are sensible.', { default: 3600, minimum: 1 }),
  },
  refuses: whyNotRange,
  fix: {
    ...mayBreak('A shutdown that takes longer than the new time is cut off.'),
    edits: ({ path, facts }) => [{ op: 'set', path, value: Number(facts['nearest']) }],
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNotOperated,
  *evaluate({ spec, at, params: { minimum, maximum } }) {
    const seconds = spec[FIELD];
    if (typeof seconds !== 'number' || (seconds >= minimum && seconds <= maximum)) return;
    // Zero was meant to be fast; the API server's default is the time that containers are written for.
    const nearest = seconds > maximum ? maximum : Math.max(minimum, 30);
    yield at(FIELD, { seconds, nearest });
  },
});
