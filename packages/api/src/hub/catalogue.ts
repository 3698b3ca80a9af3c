import { CONTROL_PROFILES, QUERY_LISTS, type QueryList } from '@bulwark/core';
import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { frameworkReport } from './framework-report.ts';
import { ownerFields } from './owner.ts';
import {
  count,
  inDigits,
  LONGEST_QUERY,
  listQuery,
  moment,
  namespaceChoice,
  rowIdInDigits,
  severity,
} from './vocabulary.ts';

export const controlItem = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity,
  profile: z.enum(CONTROL_PROFILES),
  isOn: z.boolean(),
  rationale: z.string(),
  remediation: z.string(),
  references: z.array(z.string()),
  aliases: z.array(z.string()),
  attack: z.array(z.string()),
  frameworks: z.array(z.string()),
  fixable: z.boolean(),
  findings: count.describe('Open findings of it.'),
});
export type ControlItem = z.output<typeof controlItem>;

const verdict = z.enum(['pass', 'fail', 'manual', 'not-applicable', 'not-checked', 'error', 'excepted']);

export const frameworkItem = z.strictObject({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  counts: z.record(z.string(), count),
  checked: z.number().min(0).max(100).describe('Percent of requirements with a verdict.'),
});

/** Which cluster and namespace, and as of when; all that may be seen, and now, where it is not said. */
const ofAMoment = z.strictObject({
  cluster: rowIdInDigits.optional(),
  namespace: namespaceChoice,
  asOf: moment.optional(),
});

const queryList = z.enum(Object.keys(QUERY_LISTS) as [QueryList, ...QueryList[]]);

export const catalogueRoutes = {
  listControls: defineRoute({
    id: 'listControls',
    method: 'GET',
    path: '/api/v1/controls',
    permission: 'view',
    tag: 'controls',
    summary: 'Lists controls, with their open findings.',
    query: ofAMoment.extend(listQuery.pick({ q: true }).shape),
    response: z.strictObject({ items: z.array(controlItem) }),
  }),
  listFrameworks: defineRoute({
    id: 'listFrameworks',
    method: 'GET',
    path: '/api/v1/frameworks',
    permission: 'view',
    tag: 'frameworks',
    summary: 'Lists the frameworks and how far each is met.',
    query: ofAMoment,
    response: z.strictObject({ items: z.array(frameworkItem) }),
  }),
  getFramework: defineRoute({
    id: 'getFramework',
    method: 'GET',
    path: '/api/v1/frameworks/:id',
    permission: 'view',
    tag: 'frameworks',
    summary: 'Gives a framework, with verdict and evidence of each requirement.',
    params: z.strictObject({ id: z.string() }),
    query: ofAMoment,
    response: frameworkItem.extend({
      requirements: z.array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          verdict,
          reason: z.string().nullable(),
          controls: z.array(z.string()),
          findings: count,
          owners: z.array(z.strictObject({ ...ownerFields, findings: count })),
        }),
      ),
    }),
  }),
  exportFramework: defineRoute({
    id: 'exportFramework',
    method: 'GET',
    path: '/api/v1/frameworks/:id/report',
    permission: 'view',
    tag: 'frameworks',
    summary:
      'Streams a framework for an auditor: verdicts and why, every finding with its exception, the clusters, and what was not seen.',
    params: z.strictObject({ id: z.string() }),
    query: ofAMoment.extend({ format: z.enum(['html', 'json']).default('html') }),
    stream: 'report',
    document: frameworkReport,
  }),
  complete: defineRoute({
    id: 'complete',
    method: 'GET',
    path: '/api/v1/complete',
    permission: 'view',
    tag: 'query',
    summary: 'Completes a query at a place: fields, then values that exist.',
    query: z.strictObject({
      list: queryList,
      cluster: rowIdInDigits.optional().describe('Only values of this cluster.'),
      namespace: namespaceChoice,
      q: z.string().max(LONGEST_QUERY).default(''),
      at: inDigits(count).optional(),
    }),
    response: z.strictObject({
      from: count,
      to: count,
      items: z.array(
        z.strictObject({
          text: z.string().describe('What goes into the query, in quotes where it needs them.'),
          label: z.string().describe('What it is called: a value as it is, without quotes.'),
          detail: z.string(),
        }),
      ),
    }),
  }),
} as const;
