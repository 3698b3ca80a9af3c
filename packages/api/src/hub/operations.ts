import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { clusterRef, moment } from './vocabulary.ts';

/** What changed, told to pages that watch: names of lists, never their content. */
export const liveEvent = z.strictObject({
  sequence: z.int().nonnegative(),
  cluster: z.int().positive().nullable(),
  topics: z.array(
    z.enum(['clusters', 'inventory', 'findings', 'coverage', 'exceptions', 'triage', 'settings']),
  ),
});
export type LiveEvent = z.output<typeof liveEvent>;

/** What an event is named that tells, in a stream, that the database does not answer, or does again. */
export const LIVE_SILENCE = 'database';

/** Since when the database does not answer, as far as the hub knows; null where it does again. */
export const liveSilence = z.strictObject({ databaseSilentSince: moment.nullable() });
export type LiveSilence = z.output<typeof liveSilence>;

/** A stream of events says something at least this often: by its silence a page knows that the hub does not answer. */
export const LIVE_HEARTBEAT_MS = 2000;

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded', 'down']),
  checks: z.array(
    z.strictObject({ name: z.string(), status: z.enum(['ok', 'degraded', 'down']), detail: z.string() }),
  ),
});

export const job = z
  .strictObject({
    name: z.enum(['messages', 'retention', 'backup', 'presence', 'collection']),
    about: z.string().describe('What it is good for, in a sentence.'),
    cluster: clusterRef
      .nullable()
      .describe('The cluster that it is about; null for what is done for all of them.'),
    doneBy: z
      .enum(['this hub', 'another hub', 'nobody'])
      .describe('Only one hub on a database does it: the one that has the duty now.'),
    holder: z
      .string()
      .nullable()
      .describe('Which one that is, as host and process; null where the database does not tell.'),
    isRunning: z.boolean(),
    lastRun: moment
      .nullable()
      .describe(
        'When the last run that is over began, since this hub was started; of a cluster when it last answered. Null also where another hub does it.',
      ),
    lastResult: z.enum(['done', 'failed']).nullable(),
    lastDone: moment.nullable().describe('When the last one began that did not fail.'),
    next: moment
      .nullable()
      .describe('When it is due; null for what goes on all the time, or is not done by this hub.'),
    error: z.string().nullable().describe('Why the last run failed, in a sentence.'),
  })
  .describe('What the hub does without being asked.');
export type JobItem = z.output<typeof job>;

export const operationRoutes = {
  live: defineRoute({
    id: 'live',
    method: 'GET',
    path: '/livez',
    permission: 'public',
    tag: 'operations',
    summary: 'Says whether the process answers.',
    response: z.strictObject({ status: z.literal('ok') }),
  }),
  ready: defineRoute({
    id: 'ready',
    method: 'GET',
    path: '/readyz',
    permission: 'public',
    tag: 'operations',
    summary: 'Says whether requests can be served; 503 with what is not ready, and why, where they cannot.',
    response: z.strictObject({
      status: z.enum(['ok', 'down']),
      notReady: z.array(z.strictObject({ name: z.string(), detail: z.string() })),
    }),
  }),
  health: defineRoute({
    id: 'health',
    method: 'GET',
    path: '/api/v1/health',
    permission: 'administer',
    tag: 'operations',
    summary: 'Gives the state of every part.',
    response: health,
  }),
  listJobs: defineRoute({
    id: 'listJobs',
    method: 'GET',
    path: '/api/v1/jobs',
    permission: 'administer',
    tag: 'operations',
    summary: 'Lists what the hub does without being asked: who does it, what became of it, when it is due.',
    response: z.strictObject({ items: z.array(job) }),
  }),
  metrics: defineRoute({
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    permission: 'measure',
    tag: 'operations',
    summary: 'Gives metrics in the text format of Prometheus.',
    stream: 'text',
  }),
  events: defineRoute({
    id: 'events',
    method: 'GET',
    path: '/api/v1/events',
    permission: 'view',
    tag: 'operations',
    summary:
      'Tells what changes, as server-sent events; Last-Event-ID goes on where it broke off. Events named database tell that the database does not answer, since when, and that it does again.',
    stream: 'events',
  }),
} as const;
