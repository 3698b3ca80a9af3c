import { defineControl, get, kinds, mayBreak, setValue } from '@bulwark/core';
import { isPartial } from './replica-count.ts';

export const cronjobDeadline = defineControl({
  id: 'cronjob-deadline',
  aliases: ['kube-score:cronjob-has-deadline'],
  title: 'CronJobs must say how late they may start',
  problem: 'do not say how late they may start',
  message: '{resource} sets no startingDeadlineSeconds.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Without a deadline a run that was missed, because the controller was down or the CronJob suspended, is started as soon as it can be, however late: a nightly job may run in the middle of the day.',
  remediation:
    'Set startingDeadlineSeconds to how late a run is still of use, well above 10 seconds, because that is how often the controller looks.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline'],
  attack: [],
  fix: setValue(600, mayBreak('A run that is more than ten minutes late is left out.')),
  appliesTo: kinds('batch/CronJob'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    isPartial(resource) ? 'Its containers have no images, so it is a part of a manifest.' : undefined,
  *evaluate({ resource, at }) {
    const deadline = get(resource.object, 'spec', 'startingDeadlineSeconds') ?? undefined;
    if (deadline === undefined) yield at('spec.startingDeadlineSeconds');
  },
});
