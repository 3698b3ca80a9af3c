import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { count, day, idParams, listQuery, moment, pageOf } from './vocabulary.ts';

const texts = z.array(z.string().min(1).max(500)).min(1).max(100);

/** What an exception covers; every part that is given has to fit. */
export const exceptionScope = z
  .strictObject({
    controls: texts.optional(),
    clusters: z.array(z.int().positive()).optional(),
    namespaces: texts.optional(),
    kinds: texts.optional(),
    names: texts.optional(),
    labels: z.record(z.string(), z.string()).optional(),
    containers: texts.optional(),
    images: texts.optional(),
    fingerprints: z.array(z.string().min(1).max(64)).min(1).max(1000).optional(),
  })
  .refine(
    (scope) => Object.keys(scope).length > 0,
    'An exception for everything is none: name what it covers.',
  );

export const exceptionItem = z.strictObject({
  id: z.int().positive().nullable().describe('Null where it is written in an object or a file.'),
  origin: z.string(),
  source: z.string(),
  scope: z
    .record(z.string(), z.unknown())
    .describe('What it covers; of many fingerprints only how many there are.'),
  query: z.string().nullable().describe('The query whose findings it was made for, as they were then.'),
  reason: z.string(),
  owner: z.string().nullable(),
  until: day.nullable(),
  state: z.enum(['active', 'requested', 'expired', 'revoked']),
  createdBy: z.string().nullable(),
  createdAt: moment.nullable(),
  approvedBy: z.string().nullable(),
  covers: count,
  advice: z.array(z.string()).describe('What an audit says of it: expired, matches nothing, too wide.'),
});
export type ExceptionItem = z.output<typeof exceptionItem>;

const newException = z.strictObject({
  scope: exceptionScope,
  reason: z.string().min(3).max(2000),
  owner: z.string().max(200).optional(),
  until: day.optional(),
});

export const decisionRoutes = {
  listExceptions: defineRoute({
    id: 'listExceptions',
    method: 'GET',
    path: '/api/v1/exceptions',
    permission: 'view',
    tag: 'exceptions',
    summary: 'Lists exceptions, with what each covers and what an audit says of it.',
    query: listQuery,
    response: pageOf(exceptionItem),
  }),
  previewException: defineRoute({
    id: 'previewException',
    method: 'POST',
    path: '/api/v1/exceptions/preview',
    permission: 'triage',
    tag: 'exceptions',
    summary: 'Says which open findings an exception would cover, and whether it needs a second person.',
    body: newException,
    response: z.strictObject({ covers: count, needsApproval: z.boolean(), advice: z.array(z.string()) }),
  }),
  createException: defineRoute({
    id: 'createException',
    method: 'POST',
    path: '/api/v1/exceptions',
    permission: 'triage',
    tag: 'exceptions',
    summary: 'Makes an exception; where the rules ask for a second person it is a request until then.',
    body: newException,
    response: exceptionItem,
  }),
  approveException: defineRoute({
    id: 'approveException',
    method: 'POST',
    path: '/api/v1/exceptions/:id/approval',
    permission: 'triage',
    tag: 'exceptions',
    summary: 'Approves a request; not one of the same person.',
    params: idParams,
    response: exceptionItem,
  }),
  revokeException: defineRoute({
    id: 'revokeException',
    method: 'DELETE',
    path: '/api/v1/exceptions/:id',
    permission: 'triage',
    tag: 'exceptions',
    summary: 'Ends an exception or refuses a request; it stays in the list.',
    params: idParams,
  }),
} as const;
