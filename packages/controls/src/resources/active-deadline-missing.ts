import {
  defineControl,
  get,
  hasEnded,
  isControlled,
  type JsonObject,
  kinds,
  objectAt,
  type Path,
  valueAt,
} from '@bulwark/core';

const FIELD = 'activeDeadlineSeconds';

/** Where a kind has the specification of its Job or Pod. */
const SPECS = new Map<string, Path>([
  ['batch/Job', ['spec']],
  ['batch/CronJob', ['spec', 'jobTemplate', 'spec']],
  ['batch/JobTemplate', ['template', 'spec']],
  ['Pod', ['spec']],
]);

function ends(spec: JsonObject): boolean {
  return spec['restartPolicy'] === 'Never' || spec['restartPolicy'] === 'OnFailure';
}

export const activeDeadlineMissing = defineControl({
  id: 'active-deadline-missing',
  aliases: [],
  title: 'Jobs must have a deadline',
  problem: 'may run for ever',
  message: '{resource} has no deadline, so it may run for ever.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A Job that hangs holds its place on a node, and its credentials, until somebody notices; a CronJob adds another one each time, or never starts again. A stolen Job may also go on working for the thief.',
  remediation:
    'Set activeDeadlineSeconds on the Job to well above its longest run. On the pod of a Job it only makes the Job start another pod.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup'],
  attack: [],
  appliesTo: kinds('batch/Job', 'batch/CronJob', 'batch/JobTemplate', 'Pod'),
  looks: 'object',
  reads: [],
  notApplicable({ resource }) {
    const { object, groupKind } = resource;
    if (groupKind !== 'Pod') return undefined;
    const spec = objectAt(object, 'spec');
    if (spec === undefined || !ends(spec)) return 'The pod is meant to run for ever.';
    if (isControlled(resource)) return 'The deadline is a matter of its owner.';
    return hasEnded({ object }) ? 'The pod has ended.' : undefined;
  },
  *evaluate({ resource: { object, groupKind }, at }) {
    const path = SPECS.get(groupKind) ?? ['spec'];
    if (typeof get(valueAt(object, path), FIELD) !== 'number') yield at([...path, FIELD]);
  },
});
