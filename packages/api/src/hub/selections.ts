import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { acceptance, exceptionItem } from './decisions.ts';
import { commentText, triageChange } from './findings.ts';
import { count, counts, LONGEST_QUERY, namespaceChoice, rowId } from './vocabulary.ts';

/** Most findings that are decided about at once. */
export const MOST_SELECTED = 10_000;

const selection = {
  q: z.string().max(LONGEST_QUERY).optional().describe('A query; what it finds now is decided about.'),
  cluster: rowId.optional().describe('Only this cluster.'),
  namespace: namespaceChoice,
};

const expected = {
  matches: count.describe('How many findings the preview said.'),
  digest: z.string().max(64).describe('What the preview answered: it tells whether they are still the same.'),
};

export const selectionRoutes = {
  previewSelection: defineRoute({
    id: 'previewSelection',
    method: 'POST',
    path: '/api/v1/findings/selection',
    permission: 'triage',
    isQuestion: true,
    tag: 'findings',
    summary: 'Says what a query finds, before something is decided about all of it.',
    body: z.strictObject(selection),
    response: z.strictObject({
      ...expected,
      counts: counts.describe('By severity, those under an exception too.'),
      acceptable: count.describe('How many of them an exception would cover: those that are not resolved.'),
      needsApproval: z.boolean().describe('Whether an exception for them needs a second person.'),
    }),
  }),
  triageSelection: defineRoute({
    id: 'triageSelection',
    method: 'POST',
    path: '/api/v1/findings/selection/triage',
    permission: 'triage',
    tag: 'findings',
    summary:
      'Assigns, acknowledges, defers or comments all that a query finds; refused where that has changed since.',
    body: z.strictObject({
      ...selection,
      ...expected,
      ...triageChange,
      comment: commentText.optional().describe('Is added to each of them.'),
    }),
    response: z.strictObject({ changed: count }),
  }),
  exceptSelection: defineRoute({
    id: 'exceptSelection',
    method: 'POST',
    path: '/api/v1/findings/selection/exceptions',
    permission: 'triage',
    tag: 'exceptions',
    summary:
      'Accepts all that a query finds now, and nothing that comes later; refused where that has changed since.',
    body: z.strictObject({
      ...selection,
      ...expected,
      ...acceptance,
    }),
    response: z.strictObject({
      items: z.array(exceptionItem).describe('One exception for each cluster that has some of the findings.'),
    }),
  }),
} as const;
