import { get, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { suffixOf, uidOf } from '../seeded/names.ts';
import { fittingNodes, placeOf } from './dependents.ts';
import type { NodeSpec } from './nodes.ts';
import { ownerReference } from './owner-reference.ts';
import { podObject } from './pod.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A Job that a CronJob made, with its pod, both done. */
export interface JobRun {
  readonly at: number;
  readonly job: JsonObject;
  readonly pod: JsonObject;
}

/** The last runs of a CronJob before a moment, oldest first: as many as it keeps. */
export function lastRuns(cronJob: JsonObject, now: number, nodes: readonly NodeSpec[]): JobRun[] {
  const kept = Number(get(cronJob, 'spec', 'successfulJobsHistoryLimit') ?? 3);
  const schedule = stringAt(cronJob, 'spec', 'schedule') ?? '';
  return lastTimes(schedule, now, kept).map((at) => runAt(cronJob, at, nodes));
}

/**
 * The last times of a schedule before a moment, oldest first. Knows minutes as `N` or `*\/N`, hours as `N` or `*`, and days
 * of the week as `N` or `*`, which is all that the demo writes.
 */
export function lastTimes(schedule: string, now: number, count: number): number[] {
  const [minute = '0', hour = '*', , , weekday = '*'] = schedule.split(' ');
  const every = minute.startsWith('*/') ? Number(minute.slice(2)) : undefined;
  const fits = (at: number): boolean => {
    const date = new Date(at);
    return (
      (every === undefined ? date.getUTCMinutes() === Number(minute) : date.getUTCMinutes() % every === 0) &&
      (hour === '*' || date.getUTCHours() === Number(hour)) &&
      (weekday === '*' || date.getUTCDay() === Number(weekday) % 7)
    );
  };
  const times: number[] = [];
  const latest = Math.floor((now - 5 * MINUTE) / MINUTE) * MINUTE;
  for (let at = latest; times.length < count && latest - at < 30 * DAY; at -= MINUTE)
    if (fits(at)) times.unshift(at);
  return times;
}

function runAt(cronJob: JsonObject, at: number, nodes: readonly NodeSpec[]): JobRun {
  const name = `${stringAt(cronJob, 'metadata', 'name') ?? ''}-${Math.floor(at / MINUTE)}`;
  const namespace = stringAt(cronJob, 'metadata', 'namespace') ?? '';
  const uid = uidOf('Job', namespace, name);
  const created = new Date(at).toISOString();
  const own = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = objectAt(cronJob, 'spec', 'jobTemplate', 'spec', 'template') ?? {};
  const metadata = objectAt(template, 'metadata') ?? {};
  const labels = { ...objectAt(metadata, 'labels'), ...own };
  const ended = new Date(at + 90_000).toISOString();
  const job: JsonObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      uid,
      creationTimestamp: created,
      labels,
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': created },
      ownerReferences: [ownerReference(cronJob)],
    },
    spec: {
      ...objectAt(cronJob, 'spec', 'jobTemplate', 'spec'),
      parallelism: 1,
      completions: 1,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
    status: { succeeded: 1, startTime: created, completionTime: ended },
  };
  const pod = podObject({
    name: `${name}-${suffixOf(5, name)}`,
    owner: job,
    template: objectAt(job, 'spec', 'template') ?? {},
    node: placeOf(name, 0, fittingNodes(template, nodes)),
    created,
    phase: 'Succeeded',
  });
  return { at, job, pod };
}
