import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { finding } from './findings.ts';
import { change, fieldChange, named } from './inventory.ts';
import { clusterRef, count, exportFormat, listQuery, moment, pageOf, resourceRef } from './vocabulary.ts';

const span = {
  from: moment.describe('The first moment.'),
  to: moment.optional().describe('The second moment; now where it is absent.'),
};

export const comparedObject = z.strictObject({
  cluster: clusterRef,
  resource: resourceRef,
  verb: z.enum(['created', 'changed', 'deleted']),
  at: moment.describe('When it was last changed.'),
  changes: count.describe('How many changes lie between.'),
  actors: z.array(z.string()).describe('Users, or field managers where no user is known.'),
  opened: count.describe('Findings that these changes opened.'),
  resolved: count,
  fields: z.array(fieldChange).describe('The first of the fields; none where it was created or deleted.'),
  fieldCount: count,
});
export type ComparedObjectItem = z.output<typeof comparedObject>;

export const comparedFinding = finding.extend({
  move: z.enum(['came', 'went']),
  why: z.enum(['new', 'opened again', 'no longer accepted', 'resolved', 'accepted']),
});
export type ComparedFindingItem = z.output<typeof comparedFinding>;

const move = z.enum(['came', 'went']).optional().describe('Only those that came, or that went.');

const knownSince = moment
  .nullable()
  .describe('Since when everything that was asked for is watched; before that, nothing is known.');

export const comparisonRoutes = {
  compareObjects: defineRoute({
    id: 'compareObjects',
    method: 'GET',
    path: '/api/v1/compare/objects',
    permission: 'view',
    tag: 'inventory',
    summary: 'Lists the objects that are not the same at two moments.',
    query: listQuery.extend(span),
    response: pageOf(comparedObject).extend({ knownSince }),
  }),
  compareFindings: defineRoute({
    id: 'compareFindings',
    method: 'GET',
    path: '/api/v1/compare/findings',
    permission: 'view',
    tag: 'findings',
    summary:
      'Lists the findings that came and went between two moments, with what was decided about them as of the later one.',
    query: listQuery.extend({ ...span, move }),
    response: pageOf(comparedFinding).extend({ knownSince }),
  }),
  exportComparison: defineRoute({
    id: 'exportComparison',
    method: 'GET',
    path: '/api/v1/compare/export',
    permission: 'view',
    tag: 'inventory',
    summary: 'Streams what is not the same at two moments: objects, one line for each field, or findings.',
    query: listQuery.omit({ limit: true, cursor: true }).extend({
      ...span,
      move,
      what: z.enum(['objects', 'findings']).default('objects'),
      format: exportFormat,
    }),
    stream: 'export',
  }),
  compareObject: defineRoute({
    id: 'compareObject',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/compare/:kind/:namespace/:name',
    permission: 'view',
    tag: 'inventory',
    summary:
      'Gives all fields of an object that are not the same at two moments, and the changes that lie between.',
    params: named,
    query: z.strictObject(span),
    response: z.strictObject({
      cluster: clusterRef,
      resource: resourceRef,
      fields: z.array(fieldChange),
      before: z.string().nullable().describe('The object as YAML; null where it was not there.'),
      after: z.string().nullable(),
      changes: z.array(change),
    }),
  }),
} as const;
