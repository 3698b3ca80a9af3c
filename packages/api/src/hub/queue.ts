import { z } from 'zod';
import { defineRoute } from './contract.ts';
import {
  clusterRef,
  count,
  counts,
  moment,
  optionalFlag,
  pageOf,
  resourceRef,
  severity,
  timedListQuery,
} from './vocabulary.ts';

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
    query: z
      .string()
      .nullable()
      .describe(
        'Query that finds its findings, of those asked for, and those `elsewhere`; null where it would be longer than is taken.',
      ),
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
          query: z
            .string()
            .nullable()
            .describe('Query that finds them and no others; null where it would be longer than is taken.'),
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
          query: z
            .string()
            .nullable()
            .describe(
              'Query that finds them, and others of their control; null where it would be longer than is taken.',
            ),
        }),
      )
      .describe(
        'Findings of other controls that say less about the same places than its own, and so have no item of their own. Each keeps its own triage.',
      ),
  })
  .describe('One thing to do: a root cause and everything that it is found in.');
const deferred = z.strictObject({
  findings: count,
  query: z
    .string()
    .nullable()
    .describe('Query that finds them; null where it would be longer than is taken.'),
  next: moment.describe('When the first of them comes back.'),
});

const moved = z.strictObject({
  since: moment.describe(
    'The end of the day before (UTC): the first moment of the comparison that lists them.',
  ),
  came: count,
  noLongerAccepted: count.describe('Of those that came: what was there before, under an exception.'),
  went: count,
  accepted: count.describe('Of those that went: what is there still, under an exception.'),
});
export type Moved = z.output<typeof moved>;

export type QueueItem = z.output<typeof queueItem>;

export const queueRoutes = {
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
      moved: moved
        .nullable()
        .describe(
          'What makes the difference between `yesterday` and `open`; null where nothing was seen then.',
        ),
    }),
  }),
} as const;
