import { defineControl, get, kinds, mayBreak, setValue } from '@bulwark/core';

/** How often the controller looks for CronJobs that are due. */
const INTERVAL = 10;

export const cronjobDeadlineShort = defineControl({
  id: 'cronjob-deadline-short',
  aliases: [],
  title: 'CronJobs must have time enough to start',
  problem: 'have too little time to start',
  message: '{resource} may start at most {seconds} seconds late.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The controller looks for what is due every 10 seconds. With less time than that a run may always be too late, and a backup or a clean-up never happens.',
  remediation: 'Set startingDeadlineSeconds to at least 10 seconds, better to minutes, or remove it.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline'],
  attack: [],
  fix: setValue(600, mayBreak('A run may start up to ten minutes late.')),
  appliesTo: kinds('batch/CronJob'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const seconds = get(resource.object, 'spec', 'startingDeadlineSeconds');
    if (typeof seconds === 'number' && seconds < INTERVAL)
      yield at('spec.startingDeadlineSeconds', { seconds });
  },
});
