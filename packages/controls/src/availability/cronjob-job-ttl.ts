import { defineControl, get, kinds, removeField, safe } from '@bulwark/core';

const PATH = ['spec', 'jobTemplate', 'spec', 'ttlSecondsAfterFinished'];

export const cronjobJobTtl = defineControl({
  id: 'cronjob-job-ttl',
  aliases: ['kube-linter:job-ttl-seconds-after-finished'],
  title: 'CronJobs must limit their history by number',
  problem: 'limit their history by time as well as by number',
  message: 'The Jobs of {resource} are removed {seconds} seconds after they have finished.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A CronJob keeps a number of finished Jobs by itself. With ttlSecondsAfterFinished they may be gone before anybody looks, the failed ones among them, and with them what they left in the log.',
  remediation:
    'Remove ttlSecondsAfterFinished from the template and set successfulJobsHistoryLimit and failedJobsHistoryLimit.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#jobs-history-limits'],
  attack: [],
  fix: removeField(
    safe('The CronJob keeps three Jobs that succeeded and one that failed, or as many as it says.'),
  ),
  appliesTo: kinds('batch/CronJob'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const seconds = get(resource.object, ...PATH);
    if (typeof seconds === 'number') yield at(PATH, { seconds });
  },
});
