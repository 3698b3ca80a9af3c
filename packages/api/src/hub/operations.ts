import { z } from 'zod';
import { defineRoute } from './contract.ts';

/** What changed, told to pages that watch: names of lists, never their content. */
export const liveEvent = z.strictObject({
  sequence: z.int().nonnegative(),
  cluster: z.int().positive().nullable(),
  topics: z.array(
    z.enum(['clusters', 'inventory', 'findings', 'coverage', 'exceptions', 'triage', 'settings']),
  ),
});
export type LiveEvent = z.output<typeof liveEvent>;

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded', 'down']),
  checks: z.array(
    z.strictObject({ name: z.string(), status: z.enum(['ok', 'degraded', 'down']), detail: z.string() }),
  ),
});

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
    summary: 'Tells what changes, as server-sent events; Last-Event-ID goes on where it broke off.',
    stream: 'events',
  }),
} as const;
