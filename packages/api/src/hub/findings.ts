import { z } from 'zod';
import { defineRoute } from './contract.ts';
import {
  actor,
  clusterRef,
  count,
  counts,
  moment,
  pageOf,
  resourceRef,
  rowId,
  rowIdInDigits,
  severity,
  timedListQuery,
  writtenText,
} from './vocabulary.ts';

export const findingState = z.enum(['open', 'excepted', 'resolved']);

export const exceptionRef = z.strictObject({
  id: z
    .int()
    .positive()
    .nullable()
    .describe(
      'Its number among the exceptions; null where it is written in a file, or in an object that needs to ask nobody. In lists also where nobody has answered what an object asks.',
    ),
  reason: z.string(),
  owner: z.string().nullable(),
  until: z.string().nullable(),
  origin: z.string(),
  annotation: z.string().nullable().describe('Key of the annotation that says it.'),
  approvedBy: z.string().nullable().describe('Who approved what the annotation asks for.'),
  refusedBy: z.string().nullable().describe('Who refused what the annotation asks for.'),
});

export const finding = z
  .strictObject({
    cluster: clusterRef,
    fingerprint: z.string(),
    control: z.string(),
    title: z.string().describe('Title of the control.'),
    severity,
    state: findingState,
    message: z.string(),
    resource: resourceRef,
    container: z.string().nullable(),
    path: z.string(),
    owner: z.string().nullable(),
    environment: z.string().nullable(),
    criticality: z.string().nullable(),
    fixable: z.boolean(),
    firstSeen: moment,
    since: moment.describe('Since when it is as it is: later than firstSeen where it was opened again.'),
    resolvedAt: moment.nullable(),
    exception: exceptionRef.nullable(),
    requested: exceptionRef.nullable().describe('An exception that was asked for and not granted.'),
    assignee: z.string().nullable(),
    acknowledged: z.boolean(),
    deferredUntil: moment.nullable(),
  })
  .describe('One violation of one control.');
export type FindingItem = z.output<typeof finding>;

const interval = z.strictObject({
  from: moment,
  to: moment.nullable(),
  openedBy: z.strictObject({ change: z.int(), actor }).nullable(),
  resolvedBy: z.strictObject({ change: z.int(), actor }).nullable(),
});

export const timelineEvent = z
  .strictObject({
    at: moment,
    what: z.enum([
      'opened',
      'opened again',
      'changed',
      'resolved',
      'exception asked for',
      'exception refused',
      'accepted',
      'no longer accepted',
      'triage',
      'comment',
    ]),
    by: z.string().nullable().describe('User or field manager; null where nobody is known.'),
    change: z.int().nullable().describe('The change of the cluster that did it.'),
    text: z.string().nullable(),
    until: moment.nullable().describe('Until when it was deferred then.'),
  })
  .describe('Something that happened to a finding.');
export type TimelineEvent = z.output<typeof timelineEvent>;

export const findingDetail = finding.extend({
  rationale: z.string(),
  remediation: z.string(),
  references: z.array(z.string()),
  frameworks: z.array(z.string()),
  attack: z.array(z.string()),
  yaml: z
    .strictObject({ text: z.string(), line: z.int().positive().nullable() })
    .nullable()
    .describe('The object as stored, secrets redacted, and the line that the finding is about.'),
  fix: z
    .strictObject({
      patch: z.string().describe('Unified diff of the object as stored.'),
      grade: z.enum(['safe', 'may break']),
      why: z.string().nullable().describe('Why it is safe, or what may break.'),
      judgedWith: z
        .string()
        .describe('Among what the patched object was judged again, and what was not looked at.'),
    })
    .nullable()
    .describe('A remedy that was made, judged again and proven; null where there is none.'),
  history: z.array(interval),
  timeline: z.array(timelineEvent).describe('All that happened to it, newest first.'),
  siblings: count.describe('Other open findings of the same control.'),
  affected: z
    .array(
      z.strictObject({
        fingerprint: z.string(),
        severity,
        resource: resourceRef,
        container: z.string().nullable(),
        owner: z.string().nullable(),
      }),
    )
    .describe('The first of the siblings, in the same cluster.'),
  comments: z.array(z.strictObject({ id: z.int(), author: z.string(), at: moment, text: z.string() })),
});
export type FindingDetail = z.output<typeof findingDetail>;

export const GROUPINGS = ['control', 'workload', 'namespace', 'owner'] as const;

export const findingGroup = z.strictObject({
  key: z.string().describe('Value of what is grouped by.'),
  query: z
    .string()
    .nullable()
    .describe(
      'Query that finds exactly these findings, asked as these were: of the same cluster, namespace and moments. Null where none does: it would be longer than is taken, or another cluster has the same name.',
    ),
  title: z.string(),
  severity,
  findings: count,
  objects: count,
  counts,
  owners: z.array(z.string()),
  oldest: moment,
});
export type FindingGroupItem = z.output<typeof findingGroup>;

/** What can be set of the triage of findings; parts that are absent stay as they are. */
export const triageChange = {
  assignee: z.string().max(200).nullable().optional(),
  acknowledged: z.boolean().optional(),
  deferredUntil: moment.nullable().optional(),
};

/** What is said of a finding. */
export const commentText = writtenText.min(1).max(10_000);

const target = z.strictObject({ cluster: rowIdInDigits, fingerprint: z.string() });

export const findingRoutes = {
  listFindings: defineRoute({
    id: 'listFindings',
    method: 'GET',
    path: '/api/v1/findings',
    permission: 'view',
    tag: 'findings',
    summary: 'Lists findings; open ones unless the query asks for another state.',
    query: timedListQuery,
    response: pageOf(finding),
  }),
  groupFindings: defineRoute({
    id: 'groupFindings',
    method: 'GET',
    path: '/api/v1/findings/groups',
    permission: 'view',
    tag: 'findings',
    summary: 'Groups findings by control, workload, namespace or owner, the worst and largest first.',
    query: timedListQuery.extend({ by: z.enum(GROUPINGS).default('control') }),
    response: pageOf(findingGroup),
  }),
  getFinding: defineRoute({
    id: 'getFinding',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/findings/:fingerprint',
    permission: 'view',
    tag: 'findings',
    summary: 'Gives one finding with evidence, history and remedy.',
    params: target,
    query: z.strictObject({ asOf: moment.optional() }),
    response: findingDetail,
  }),
  triageFindings: defineRoute({
    id: 'triageFindings',
    method: 'POST',
    path: '/api/v1/findings/triage',
    permission: 'triage',
    tag: 'findings',
    summary: 'Assigns, acknowledges or defers findings; parts that are absent stay as they are.',
    body: z.strictObject({
      findings: z
        .array(z.strictObject({ cluster: rowId, fingerprint: z.string() }))
        .min(1)
        .max(1000),
      ...triageChange,
    }),
    response: z.strictObject({ changed: count }),
  }),
  listAssignees: defineRoute({
    id: 'listAssignees',
    method: 'GET',
    path: '/api/v1/assignees',
    permission: 'triage',
    tag: 'findings',
    summary: 'Lists the names of those to whom findings can be assigned.',
    response: z.strictObject({ items: z.array(z.strictObject({ name: z.string() })) }),
  }),
  commentFinding: defineRoute({
    id: 'commentFinding',
    method: 'POST',
    path: '/api/v1/clusters/:cluster/findings/:fingerprint/comments',
    permission: 'triage',
    tag: 'findings',
    summary: 'Adds a comment to a finding.',
    params: target,
    body: z.strictObject({ text: commentText }),
    response: z.strictObject({ id: z.int() }),
  }),
} as const;
