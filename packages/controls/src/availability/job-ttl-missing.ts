import { defineControl, get, isControlled, kinds, mayBreak, objectAt, setValue } from '@bulwark/core';
import { isPartial } from './replica-count.ts';

/** Annotations by which tools remove the Job themselves. */
const HOOKS = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

export const jobTtlMissing = defineControl({
  id: 'job-ttl-missing',
  aliases: ['kube-linter:job-ttl-seconds-after-finished'],
  title: 'Finished Jobs must be removed',
  problem: 'stay after they have finished',
  message: '{resource} sets no ttlSecondsAfterFinished, so it stays when it has finished.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Finished Jobs and their pods stay until somebody deletes them. Their environment and logs can be read by whoever may read pods, and in great numbers they slow down the API server.',
  remediation:
    'Set ttlSecondsAfterFinished to as long as the logs are wanted. Not for a Job that Flux or Argo CD applies from a repository: they would make it again, and it would run again.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/'],
  attack: [],
  fix: setValue(86400, mayBreak('The Job and its logs are gone a day after it has finished.')),
  appliesTo: kinds('batch/Job'),
  looks: 'object',
  reads: [],
  notApplicable({ resource }) {
    if (isControlled(resource)) return 'Its owner removes it.';
    if (isPartial(resource)) return 'Its containers have no images, so it is a part of a manifest.';
    const annotations = objectAt(resource.object, 'metadata', 'annotations');
    const isHook = HOOKS.some((hook) => annotations?.[hook] !== undefined);
    return isHook ? 'The tool whose hook it is removes it.' : undefined;
  },
  *evaluate({ resource, at }) {
    const seconds = get(resource.object, 'spec', 'ttlSecondsAfterFinished') ?? undefined;
    if (seconds === undefined) yield at('spec.ttlSecondsAfterFinished');
  },
});
