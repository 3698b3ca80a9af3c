import type { JobItem } from '@bulwark/api';
import type { Style } from '@bulwark/formats';
import { defineList, type Surroundings } from './asked-list.ts';
import { ageOf, details, minuteOf } from './words.ts';

function standing({ lastResult, isRunning }: JobItem): { readonly label: string; readonly style: Style } {
  if (lastResult === 'failed') return { label: 'FAILED', style: 'high' };
  if (lastResult === 'done') return { label: 'DONE', style: 'faint' };
  return { label: isRunning ? 'RUNNING' : 'UNKNOWN', style: 'medium' };
}

function times({ lastRun, lastDone, next }: JobItem, { now }: Surroundings): readonly (string | false)[] {
  return [
    lastRun !== null && `last ${ageOf(lastRun, now)} ago`,
    lastDone !== null && lastDone !== lastRun && `last done ${ageOf(lastDone, now)} ago`,
    next !== null && `next at ${minuteOf(next)}`,
  ];
}

/** `bulwark jobs`: what the hub does without being asked. */
export const jobs = defineList({
  name: 'jobs',
  plural: 'jobs',
  none: 'No job.',
  hasPages: false,
  route: 'listJobs',
  entries: (job, around) => [
    {
      ...standing(job),
      whole: job.cluster === null ? job.name : `${job.name} of ${job.cluster.name}`,
      text: '',
      tail: `by ${details(job.doneBy, job.holder)}`,
    },
    { text: `${job.about} ${details(...times(job, around))}`.trim() },
    ...(job.error === null ? [] : [{ text: job.error }]),
  ],
});
