import { LONGEST_OWNER, LONGEST_REASON } from '@bulwark/core';
import { z } from 'zod';
import { defineRoute } from './contract.ts';
import {
  clusterRef,
  count,
  counts,
  day,
  idParams,
  listQuery,
  moment,
  pageOf,
  resourceRef,
  rowId,
  severity,
  writtenText,
} from './vocabulary.ts';

const texts = z.array(z.string().min(1).max(500)).min(1).max(100);

/** What an exception covers; every part that is given has to fit. */
export const exceptionScope = z
  .strictObject({
    controls: texts.optional(),
    clusters: z.array(rowId).min(1).optional(),
    namespaces: texts
      .optional()
      .describe('Names, or patterns with *. What lies in no namespace is covered where they are absent.'),
    kinds: texts
      .optional()
      .describe(
        'Kinds of every API group that has them, or with their group: Cluster.cluster.x-k8s.io, Service. for the core one.',
      ),
    names: texts.optional(),
    labels: z
      .record(z.string(), z.string())
      .refine(
        (labels) => Object.keys(labels).length > 0,
        'Where no label is named, everything fits: name one.',
      )
      .optional(),
    containers: texts.optional(),
    images: texts.optional(),
    fingerprints: z.array(z.string().min(1).max(64)).min(1).max(1000).optional(),
  })
  .refine(
    (scope) => Object.keys(scope).length > 0,
    'An exception for everything is none: name what it covers.',
  );

/** Whether something can be decided, and by the caller. */
const decidable = z
  .strictObject({ refusal: z.string().nullable().describe('Why the caller may not; null where they may.') })
  .nullable();

export const exceptionItem = z.strictObject({
  id: z.int().positive().nullable().describe('Null where it is written in a file.'),
  origin: z
    .string()
    .describe('hub, annotation, or tool:NAME where the annotation is written for another tool.'),
  source: z.string(),
  request: z
    .strictObject({
      cluster: clusterRef,
      resource: resourceRef
        .omit({ apiVersion: true })
        .extend({ group: z.string().describe('Its API group.') }),
      control: z.string(),
      annotation: z.string().describe('Key of the annotation.'),
      findings: z.string().describe('Query that finds what it asks for.'),
    })
    .nullable()
    .describe('What an annotation asks for, and where it stands; null for an exception of the hub.'),
  scope: z
    .record(z.string(), z.unknown())
    .describe('What it covers; of many fingerprints only how many there are.'),
  clusters: z
    .array(clusterRef)
    .nullable()
    .describe('The clusters that it is for, by name; null where it is for all of them.'),
  query: z
    .string()
    .nullable()
    .describe(
      'The query whose findings it was made for, as they were then, with the clusters and namespaces that it was made in.',
    ),
  reason: z.string(),
  owner: z.string().nullable(),
  until: day.nullable(),
  state: z.enum(['active', 'requested', 'expired', 'revoked']),
  createdBy: z
    .string()
    .nullable()
    .describe('Of an annotation the user who wrote it; null where nobody knows who that was.'),
  createdAt: moment.nullable(),
  approvedBy: z.string().nullable(),
  revokedBy: z.string().nullable().describe('Who ended or refused it.'),
  revokedAt: moment.nullable().describe('When it was ended or refused.'),
  revokedBecause: z.string().nullable().describe('Why it was refused; null where that was not said.'),
  covers: count.describe(
    'Live findings that stand under it, wherever the list is looked at: accepted, asked for, or refused.',
  ),
  counts: counts.describe('These findings by severity.'),
  isCounted: z
    .boolean()
    .describe(
      'False where it is so new that nothing may be judged by it yet: then it covers no findings so far.',
    ),
  about: z
    .strictObject({
      controls: z
        .array(z.strictObject({ id: z.string(), title: z.string() }))
        .describe('What was found, the worst first, five at most; else the controls that it names.'),
      controlCount: count,
      objects: count.describe('How many objects have these findings.'),
      worst: z
        .strictObject({ cluster: clusterRef, resource: resourceRef })
        .nullable()
        .describe('The object of the worst of them; null where it covers nothing now.'),
    })
    .describe('What it covers, in words.'),
  waiting: count.describe('Those of them that are not accepted until a second person approves.'),
  approval: decidable
    .unwrap()
    .extend({
      from: moment
        .nullable()
        .describe(
          'From when on the caller may, where it is only awaited that the audit log tells who asked.',
        ),
    })
    .nullable()
    .describe('Whether it can be approved; null where nothing is to be approved.'),
  ending: decidable.describe(
    'Whether it can be ended, or refused where it is a request; null where it is over.',
  ),
  advice: z.array(z.string()).describe('What an audit says of it: expired, matches nothing, too wide.'),
});
export type ExceptionItem = z.output<typeof exceptionItem>;

/** Most findings of an exception that are told one by one. */
export const MOST_COVERED = 200;

const coveredFinding = z.strictObject({
  fingerprint: z.string(),
  severity,
  control: z.string(),
  title: z.string(),
  cluster: clusterRef,
  resource: resourceRef,
  container: z.string().nullable(),
  isAccepted: z.boolean().describe('Whether it is hidden already; else an approval would hide it.'),
});
export type CoveredFindingItem = z.output<typeof coveredFinding>;

/** Why something is accepted, whose that is, and until when. Blanks alone are no reason. */
export const acceptance = {
  reason: writtenText.min(3).max(LONGEST_REASON),
  owner: writtenText.max(LONGEST_OWNER).optional(),
  until: day.optional(),
};

const newException = z.strictObject({ scope: exceptionScope, ...acceptance });

export const decisionRoutes = {
  listExceptions: defineRoute({
    id: 'listExceptions',
    method: 'GET',
    path: '/api/v1/exceptions',
    permission: 'view',
    tag: 'exceptions',
    summary:
      'Lists exceptions and what annotations ask for, with what each covers and what an audit says of it.',
    query: listQuery,
    response: pageOf(exceptionItem).extend({
      waiting: count.describe('How many of all wait for a second person, whatever the query.'),
    }),
  }),
  getException: defineRoute({
    id: 'getException',
    method: 'GET',
    path: '/api/v1/exceptions/:id',
    permission: 'view',
    tag: 'exceptions',
    summary: 'An exception or a request, with the findings that it covers now.',
    params: idParams,
    response: exceptionItem.extend({
      findings: z.array(coveredFinding).describe(`The worst first, ${MOST_COVERED} at most.`),
    }),
  }),
  previewException: defineRoute({
    id: 'previewException',
    method: 'POST',
    path: '/api/v1/exceptions/preview',
    permission: 'triage',
    isQuestion: true,
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
    summary:
      'Approves a request, also of an annotation, or an exception that lacks approval; not one of the same person.',
    params: idParams,
    response: exceptionItem,
  }),
  refuseException: defineRoute({
    id: 'refuseException',
    method: 'POST',
    path: '/api/v1/exceptions/:id/refusal',
    permission: 'triage',
    tag: 'exceptions',
    summary: 'Refuses a request; the reason is kept with it, for who asked.',
    params: idParams,
    body: z.strictObject({ reason: writtenText.min(1).max(2000).optional() }),
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
