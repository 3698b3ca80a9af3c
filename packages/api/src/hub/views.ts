import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { GROUPINGS } from './findings.ts';
import { idParams, LONGEST_QUERY, namespaceChoice, rowId, writtenText } from './vocabulary.ts';

const name = writtenText.min(1).max(80);

/** What of the address of the page a view keeps. */
const kept = z.strictObject({
  q: z.string().max(LONGEST_QUERY).optional(),
  sort: z.string().max(60).optional(),
  by: z.enum(GROUPINGS).optional(),
  cluster: z.int().positive().optional(),
  namespace: namespaceChoice,
});

export const viewItem = z
  .strictObject({
    id: z.int().positive().nullable().describe('Null for the views that everybody has.'),
    name: z.string(),
    owner: z.string().nullable().describe('Whose it is; null for the views that everybody has.'),
    isShared: z.boolean(),
    mayChange: z.boolean().describe('Whether the caller may change or remove it.'),
    view: kept,
  })
  .describe('A named query of findings with its order and grouping.');
export type ViewItem = z.output<typeof viewItem>;

const newView = z.strictObject({
  name,
  isShared: z.boolean(),
  view: kept.extend({ cluster: rowId.optional() }),
});

export const viewRoutes = {
  listViews: defineRoute({
    id: 'listViews',
    method: 'GET',
    path: '/api/v1/views',
    permission: 'view',
    tag: 'views',
    summary: 'Lists the views of findings: those that everybody has, the own, and those that others share.',
    response: z.strictObject({ items: z.array(viewItem) }),
  }),
  createView: defineRoute({
    id: 'createView',
    method: 'POST',
    path: '/api/v1/views',
    permission: 'view',
    tag: 'views',
    summary: 'Keeps a view; only who may decide about findings shares one.',
    body: newView,
    response: viewItem,
  }),
  updateView: defineRoute({
    id: 'updateView',
    method: 'PUT',
    path: '/api/v1/views/:id',
    permission: 'view',
    tag: 'views',
    summary: 'Changes an own view; an administrator changes every shared one.',
    params: idParams,
    body: newView,
    response: viewItem,
  }),
  deleteView: defineRoute({
    id: 'deleteView',
    method: 'DELETE',
    path: '/api/v1/views/:id',
    permission: 'view',
    tag: 'views',
    summary: 'Removes an own view; an administrator removes every shared one.',
    params: idParams,
  }),
} as const;
