import { SEVERITIES, seenText } from '@bulwark/core';
import { z } from 'zod';

/** Most items of one page of a list. */
export const MOST_PER_PAGE = 500;

/** Most characters of a query. */
export const LONGEST_QUERY = 2000;

/** What RFC 3339 writes with four digits of the year, in UTC: of other moments no answer could tell. */
const YEARS = { first: Date.parse('0001-01-01T00:00:00Z'), last: Date.parse('9999-12-31T23:59:59.999Z') };

export const moment = z.iso
  .datetime({ offset: true })
  .refine((text) => {
    const at = Date.parse(text);
    // What is no moment is said to be none, and no more.
    return Number.isNaN(at) || (at >= YEARS.first && at <= YEARS.last);
  }, 'must lie in the years 1 to 9999')
  .describe('A moment, RFC 3339.');
export const day = z.iso.date().describe('A day, as YYYY-MM-DD.');
export const severity = z.enum(SEVERITIES);
export const count = z.int().nonnegative();
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const optionalFlag = flag.optional();

/** What people write: a reason, an owner, a comment, a name. Blanks, and what nobody sees, are nothing. */
export const writtenText = z.string().overwrite(seenText);

/** Names an object in a cluster. */
export const resourceRef = z
  .strictObject({
    apiVersion: z.string().describe('API group and version, such as apps/v1.'),
    kind: z.string().describe('Kind, such as Deployment.'),
    namespace: z.string().describe('Namespace; empty for cluster-scoped kinds.'),
    name: z.string().describe('Name.'),
  })
  .describe('An object in a cluster.');

/** The greatest whole number of 32 bits, which ids and most columns of numbers have. */
const MOST_STORED = 2 ** 31 - 1;

/** A count in what is asked to be kept. */
export const storedCount = count.max(MOST_STORED);

/**
 * The number of a cluster, channel, user or the like, wherever somebody gives it: what is beyond those that there can be is a
 * wrong request rather than a row that is not there.
 */
export const rowId = z.int().positive().max(MOST_STORED);

/**
 * A whole number in an address: decimal digits alone. JavaScript reads `0x1`, ` 1` and `1e0` as numbers, too, which is not what
 * others take these for.
 */
export function inDigits<T extends z.ZodType<number>>(number: T) {
  return z.preprocess((text, context) => {
    if (typeof text !== 'string') return text;
    if (/^-?\d+$/.test(text)) return Number(text);
    context.addIssue('must be a number in decimal digits');
    return z.NEVER;
  }, number);
}

/** A `rowId` in an address. */
export const rowIdInDigits = inDigits(rowId);

export const clusterRef = z.strictObject({ id: z.int().positive(), name: z.string() }).describe('A cluster.');

/** Who made a change, as far as it is known. */
export const actor = z
  .strictObject({
    user: z.string().nullable().describe('User of the API request, from the audit log.'),
    groups: z.array(z.string()).describe('Groups of the user.'),
    impersonatedBy: z.string().nullable().describe('Who acted as the user.'),
    address: z.string().nullable().describe('Where the request came from.'),
    userAgent: z.string().nullable().describe('Program of the request.'),
    managers: z.array(z.string()).describe('Field managers, as the object names them.'),
    auditId: z
      .string()
      .nullable()
      .describe('auditID of the request in the audit log; null where none tells it.'),
    isUncertain: z
      .boolean()
      .describe('Whether others could have made the change: the nearest in time is named.'),
    others: z
      .array(
        z.strictObject({
          user: z.string(),
          groups: z.array(z.string()),
          impersonatedBy: z.string().nullable(),
          address: z.string().nullable(),
          userAgent: z.string().nullable(),
        }),
      )
      .describe(
        'Who else wrote to the object since the change before, so that parts of this one may be theirs: the last first. Without a user it is of one of these.',
      ),
  })
  .describe('Who made a change.');

export const counts = z
  .strictObject({ critical: count, high: count, medium: count, low: count, info: count })
  .describe('Open findings by severity, without those under an exception.');

/** Narrows an answer to what lies in one namespace. What belongs to none is then left out. */
export const namespaceChoice = z
  .string()
  .min(1)
  .max(253)
  .optional()
  .describe('Only what lies in this namespace.');

/** What every list takes besides its own. `cursor` is what the page before answered as `next`. */
export const listQuery = z.strictObject({
  q: z.string().max(LONGEST_QUERY).optional().describe('A query, such as severity:>=high namespace:pay*.'),
  sort: z.string().max(60).optional().describe('Field to sort by; - before it turns the order round.'),
  limit: inDigits(z.int().min(1).max(MOST_PER_PAGE).default(100)).describe('Items of a page.'),
  cursor: z.string().max(2000).optional().describe('Where the page before ended.'),
  cluster: rowIdInDigits.optional().describe('Only this cluster.'),
  namespace: namespaceChoice,
});

/** For lists that know the past. */
export const timedListQuery = listQuery.extend({
  asOf: moment.optional().describe('As it was at this moment.'),
  since: moment.optional().describe('Only what came after this moment.'),
});

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
    total: count
      .nullable()
      .describe('How many there are; null where counting would cost more than the page.'),
  });
}

/** Of lists that are given as files. */
export const exportFormat = z
  .enum(['csv', 'jsonl'])
  .default('csv')
  .describe('CSV for a spreadsheet; JSON lines, one item of the list in each, for a program.');

/** Errors, RFC 9457. `code` is one of the table in docs/generated/codes.md. */
export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.strictObject({
        path: z.string(),
        message: z.string(),
        position: z.int().nonnegative().optional(),
        nearest: z.string().optional(),
      }),
    )
    .optional(),
});
export type Problem = z.output<typeof problem>;

export const idParams = z.strictObject({ id: rowIdInDigits });

/** Where the pods that run are not as their template. */
export const inPods = z
  .string()
  .nullable()
  .describe(
    'Where its running pods are not as its template, such as "only in 1 of 3 pods, not in the template"; null where they are.',
  );
