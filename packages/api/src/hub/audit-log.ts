import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { count, idParams, moment } from './vocabulary.ts';

/** Where audit events of a cluster come from. */
export const auditSource = z
  .strictObject({
    source: z.string().describe('`webhook`, or `file:` and a path.'),
    since: moment.describe('When it was first seen.'),
    events: count.describe('Events that came, those that changed nothing included.'),
    lastEvent: moment.nullable().describe('When the last one was done, by the clock of the API server.'),
    lagSeconds: z.number().nonnegative().nullable().describe('How long after it was done the last one came.'),
    malformed: count.describe('Parts that could not be read.'),
    unnamed: count.describe(
      'Creations whose name is not in the log: by generateName, logged without answers.',
    ),
    fault: z.string().nullable().describe('Why nothing comes.'),
  })
  .describe('A source of audit events.');

/** More than the API server puts in a batch where it truncates. */
const MOST_BODY = 12 * 1024 * 1024;

export const auditLogRoutes = {
  deliverAuditLog: defineRoute({
    id: 'deliverAuditLog',
    method: 'POST',
    path: '/api/v1/clusters/:id/audit-log',
    permission: 'deliver',
    tag: 'clusters',
    summary:
      'Takes audit events of a cluster, as an EventList of audit.k8s.io/v1: what an API server posts to its audit webhook.',
    params: idParams,
    body: z
      .string()
      .describe('An EventList of audit.k8s.io/v1, as JSON. What of it cannot be read is counted.'),
    mostBody: MOST_BODY,
    takesText: true,
  }),
} as const;
