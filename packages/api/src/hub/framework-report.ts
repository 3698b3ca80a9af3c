import { REQUIREMENT_STATES } from '@bulwark/core';
import { z } from 'zod';
import { cluster, coverageItem } from './clusters.ts';
import { exceptionRef, finding } from './findings.ts';
import { ownerFields } from './owner.ts';
import { limits } from './session.ts';
import { count, moment } from './vocabulary.ts';

const named = z.string().nullable().describe('Null for what nobody owns.');

const reportedRequirement = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    level: z.string().nullable(),
    verdict: z.enum(REQUIREMENT_STATES),
    reason: z.string().describe('Why it is that verdict.'),
    open: count.describe('Findings that are open.'),
    excepted: count.describe('Findings that exceptions accept.'),
    controls: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        runs: z.boolean(),
        open: count,
        excepted: count,
        reason: z.string().nullable().describe('Why it decided nothing; null where it did.'),
      }),
    ),
    teams: z.array(z.strictObject({ ...ownerFields, open: count, excepted: count })),
  })
  .describe('A requirement, with what decided it.');

const reportedException = exceptionRef.extend({
  createdBy: z.string().nullable().describe('Who made it in the hub; null where it is written elsewhere.'),
});

const reportedFinding = finding
  .pick({
    cluster: true,
    fingerprint: true,
    control: true,
    severity: true,
    state: true,
    resource: true,
    container: true,
    path: true,
    message: true,
    firstSeen: true,
    since: true,
  })
  .extend({
    requirements: z.array(z.string()).describe('Ids of the requirements that it is about.'),
    owner: named,
    exception: reportedException.nullable().describe('What accepts it.'),
    requested: reportedException.nullable().describe('An exception that was asked for and does not hold.'),
  })
  .describe('An object that does not meet a requirement.');

/** A framework as an auditor files it: verdicts, what they rest on, and what was not seen. */
export const frameworkReport = z
  .strictObject({
    format: z.literal('bulwark-framework-report'),
    formatVersion: z.literal(1),
    madeAt: moment,
    madeBy: z.string().describe('Who asked for it.'),
    asOf: moment.describe('The moment that verdicts and findings are of.'),
    limits: limits.describe('What who asked for it may see: it holds nothing beyond.'),
    framework: z.strictObject({
      id: z.string(),
      title: z.string(),
      version: z.string(),
      source: z.string(),
      checked: z.number().min(0).max(100).describe('Percent of requirements with a verdict.'),
      counts: z.record(z.string(), count).describe('Requirements by verdict.'),
    }),
    clusters: z
      .array(
        cluster.pick({
          id: true,
          name: true,
          uid: true,
          server: true,
          version: true,
          isDemo: true,
          state: true,
          reason: true,
          firstSeen: true,
          lastSeen: true,
          seen: true,
        }),
      )
      .describe(
        'The clusters that it is about, as they are when it is made, with how much was seen of them at its moment.',
      ),
    coverage: z
      .strictObject({
        asOf: moment.describe(
          'The moment that it is of. What controls could not judge is as of when it was made: of the past it is not kept.',
        ),
        percent: z
          .number()
          .nullable()
          .describe('Of the cluster of which least was seen; null where one was not seen at all.'),
        entries: z.array(coverageItem),
      })
      .describe('How much was seen and judged, and what was not.'),
    requirements: z.array(reportedRequirement),
    findings: z.array(reportedFinding).describe('By control.'),
    total: count.describe('How many findings it has; the last thing in it, so that what has it is whole.'),
  })
  .describe('A framework, for an auditor.');
export type FrameworkReport = z.output<typeof frameworkReport>;
