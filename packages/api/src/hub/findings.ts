import { z } from 'zod';
import { defineRoute } from './contract.ts';
import {
  actor,
  clusterRef,
  count,
  counts,
  exportQuery,
  moment,
  numberOfRow,
  optionalFlag,
  pageOf,
  resourceRef,
  severity,
  timedListQuery,
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
  query: z.string().describe('Query that finds exactly these findings.'),
  title: z.string(),
  severity,
  findings: count,
  objects: count,
  counts,
  owners: z.array(z.string()),
  oldest: moment,
});
export type FindingGroupItem = z.output<typeof findingGroup>;

const riskiest = z
  .strictObject({
    name: z
      .string()
      .describe('As people call it: Deployment shop/cart, with its cluster where there are several.'),
    cluster: z.int().positive(),
    resource: resourceRef.omit({ apiVersion: true }).extend({ group: z.string().describe('Its API group.') }),
    points: z.int().describe('The sum of its reasons.'),
    reasons: z.array(
      z.strictObject({
        factor: z.enum(['exposure', 'node', 'identity', 'metadata', 'secrets']),
        points: z.int(),
        text: z.string().describe('In words that follow the name.'),
        objects: z.array(z.string()).describe('What decides it, as Kind namespace/name.'),
      }),
    ),
  })
  .describe('The workload of a root cause whose circumstances weigh most.');

export const queueItem = z
  .strictObject({
    id: z.string(),
    control: z.string(),
    severity,
    title: z.string().describe('What to do, in one line.'),
    reason: z
      .string()
      .describe(
        'What is wrong, by the example of one finding: of the riskiest workload, where there is one.',
      ),
    why: z
      .string()
      .nullable()
      .describe(
        'Why first: who reaches the worst place where it is, and what that one reaches. Null for no such reason.',
      ),
    riskiest: riskiest.nullable(),
    exposed: count.describe('Objects of it that are workloads open to the Internet.'),
    unknown: z.array(z.string()).describe('What nothing says, in sentences; it counts in neither direction.'),
    reach: z.string().describe('How far it reaches: 14 objects of 4 teams in prod and staging.'),
    clusters: z.array(clusterRef).describe('In which clusters it is found.'),
    query: z.string().describe('Query that finds its findings, of those asked for, and those `elsewhere`.'),
    findings: count,
    elsewhere: count.describe('Findings of its control that other items tell, as `causes` or `told`.'),
    objects: count,
    owners: z.array(z.string()),
    unowned: count,
    assignees: z.array(z.string()),
    oldest: moment,
    fixable: count,
    points: z.int(),
    lines: z
      .array(z.strictObject({ label: z.string(), points: z.int() }))
      .describe('What the points are made of; they add up to them.'),
    action: z.string().describe('The next action in one sentence.'),
    next: z.string().describe('The next action, with all that there is to know about it.'),
    causes: z
      .array(
        z.strictObject({
          control: z.string(),
          title: z.string(),
          findings: count,
          assignees: z.array(z.string()),
          objects: z.array(z.string()).describe('What they are about, as Kind namespace/name.'),
          query: z.string().describe('Query that finds them.'),
        }),
      )
      .describe(
        'Findings of other controls in the objects in which its cause lies, which have no item of their own: the same change resolves them. Each keeps its own triage.',
      ),
    told: z
      .array(
        z.strictObject({
          control: z.string(),
          title: z.string(),
          findings: count,
          assignees: z.array(z.string()),
          query: z.string().describe('Query that finds them, and others of their control.'),
        }),
      )
      .describe(
        'Findings of other controls that say less about the same places than its own, and so have no item of their own. Each keeps its own triage.',
      ),
  })
  .describe('One thing to do: a root cause and everything that it is found in.');
const deferred = z.strictObject({
  findings: count,
  query: z.string().describe('Query that finds them.'),
  next: moment.describe('When the first of them comes back.'),
});

export type QueueItem = z.output<typeof queueItem>;

/** What can be set of the triage of findings; parts that are absent stay as they are. */
export const triageChange = {
  assignee: z.string().max(200).nullable().optional(),
  acknowledged: z.boolean().optional(),
  deferredUntil: moment.nullable().optional(),
};

/** What is said of a finding. */
export const commentText = z.string().min(1).max(10_000);

const target = z.strictObject({ cluster: numberOfRow, fingerprint: z.string() });

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
    summary: 'Groups findings by control, workload, namespace or owner.',
    query: timedListQuery.extend({ by: z.enum(GROUPINGS).default('control') }),
    response: pageOf(findingGroup),
  }),
  exportFindings: defineRoute({
    id: 'exportFindings',
    method: 'GET',
    path: '/api/v1/findings/export',
    permission: 'view',
    tag: 'findings',
    summary: 'Streams all findings that a query finds.',
    query: exportQuery,
    stream: 'export',
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
        .array(z.strictObject({ cluster: z.int().positive(), fingerprint: z.string() }))
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
  getQueue: defineRoute({
    id: 'getQueue',
    method: 'GET',
    path: '/api/v1/queue',
    permission: 'view',
    tag: 'queue',
    summary: 'Lists what to do first, one item for each root cause, with the reasons of its rank.',
    query: timedListQuery.extend({ mine: optionalFlag }),
    response: pageOf(queueItem).extend({
      open: count,
      deferred: deferred.nullable().describe('What of it is left out, as it is deferred; null for nothing.'),
      yesterday: count
        .nullable()
        .describe('Open findings at the end of the day before; null where nothing was seen then.'),
      trend: z
        .array(z.strictObject({ day: z.string(), counts }))
        .describe(
          'Open findings at the end of each of the 30 days up to the moment; on the last day, at the moment.',
        ),
      opened: count.describe('Findings that came in the 24 hours before the moment.'),
      resolved: count.describe('Findings that went in the 24 hours before the moment.'),
    }),
  }),
} as const;
