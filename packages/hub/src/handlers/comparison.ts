import { COLUMNS } from '@bulwark/api';
import { AppError, CHANGE_FIELDS, FINDING_FIELDS, joinContent, kindOfAddress } from '@bulwark/core';
import {
  type ComparedFinding,
  type ComparedObject,
  compareFindings,
  compareObjects,
  findResource,
  firstSeen,
  listChanges,
  type Span,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { clusterOf, iso, isoOrNull, namespaceOfPath, refOf, scopeFor } from './convert.ts';
import { EXPORTED_AT_ONCE, streamExport } from './export-stream.ts';
import { changesOf, fieldItem } from './field-items.ts';
import { findingItem, type KeepingSettings } from './finding-item.ts';
import { changeItem } from './inventory-items.ts';
import { type Asked, listRequestOf } from './list-request.ts';
import { objectYaml } from './object-yaml.ts';

/** Fields that a list shows of each object; all of them are given for one object, and by an export. */
const FEW = 4;
/** Characters of a value in a list. */
const SHORT = 160;

const OBJECT_COLUMNS = [
  'cluster',
  'namespace',
  'kind',
  'name',
  'what',
  'path',
  'before',
  'after',
  'lastChanged',
  'changes',
  'by',
] as const;

interface Moves {
  readonly to?: string | undefined;
  readonly move?: 'came' | 'went' | undefined;
}

type Ids = 'compareObjects' | 'compareFindings' | 'compareObject' | 'exportComparison';

/** What is not the same at two moments. */
export function comparisonHandlers({ store, controls, answers }: KeepingSettings): Handlers<Ids> {
  return {
    compareObjects: async ({ query }, { caller, now }) => {
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const request = listRequestOf(query, CHANGE_FIELDS, now);
      const span = spanOf(query, now);
      const [page, { latest }] = await Promise.all([
        answers.of({ ...keyOf('objects', query), scope, request, topics: ['inventory', 'findings'] }, () =>
          compareObjects(store, scope, span, request),
        ),
        firstSeen(store, scope),
      ]);
      return { ...page, items: page.items.map(objectItem), knownSince: isoOrNull(latest) };
    },
    compareFindings: async ({ query }, { caller, now }) => {
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const span = spanOf(query, now);
      const request = movedRequest(query, now);
      const [page, { latest }] = await Promise.all([
        answers.of({ ...keyOf('findings', query), scope, request, topics: ['findings', 'triage'] }, () =>
          compareFindings(store, scope, span, request),
        ),
        firstSeen(store, scope),
      ]);
      return {
        ...page,
        knownSince: isoOrNull(latest),
        items: page.items.map((record) => ({
          ...findingItem(record, { controls, now: request.now }),
          ...movement(record, span),
        })),
      };
    },
    compareObject: async ({ params, query }, { caller, now }) => {
      const scope = scopeFor(caller, params.cluster);
      const { from, to } = spanOf(query, now);
      const key = {
        kind: kindOfAddress(params.kind),
        namespace: namespaceOfPath(params.namespace),
        name: params.name,
      };
      const at = (asOf: Date) => findResource(store, scope, { cluster: params.cluster, ...key, asOf });
      const [before, after, changes] = await Promise.all([
        at(from),
        at(to),
        listChanges(store, scope, {
          ...listRequestOf({}, CHANGE_FIELDS, now),
          asOf: to,
          since: from,
          of: key,
        }),
      ]);
      const known = after ?? before;
      if (known === undefined) throw new AppError('not-found');
      return {
        cluster: clusterOf(known),
        resource: refOf(known),
        fields: changesOf(before?.body ?? null, after?.body ?? null).map((change) => fieldItem(change)),
        before: before === undefined ? null : objectYaml(joinContent(before)).text,
        after: after === undefined ? null : objectYaml(joinContent(after)).text,
        changes: changes.items.map(changeItem),
      };
    },
    exportComparison: async ({ query }, context) => {
      const { caller, now } = context;
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const span = spanOf(query, now);
      const asked = { q: query.q, sort: query.sort, limit: EXPORTED_AT_ONCE };
      if (query.what === 'findings') {
        const request = movedRequest({ ...query, ...asked }, now);
        const itemOf = (record: ComparedFinding) => findingItem(record, { controls, now: request.now });
        await streamExport(context, {
          name: 'findings-between',
          format: query.format,
          columns: ['move', 'why', ...Object.keys(COLUMNS.listFindings)],
          page: (cursor) => compareFindings(store, scope, span, { ...request, cursor }),
          item: (record) => ({ ...itemOf(record), ...movement(record, span) }),
          lines: (record) => {
            const { move, why } = movement(record, span);
            const item = itemOf(record);
            return [[move, why, ...Object.values(COLUMNS.listFindings).map((cell) => cell(item))]];
          },
        });
      } else {
        const request = listRequestOf(asked, CHANGE_FIELDS, now);
        await streamExport(context, {
          name: 'objects-between',
          format: query.format,
          columns: OBJECT_COLUMNS,
          page: (cursor) => compareObjects(store, scope, span, { ...request, cursor }),
          item: wholeItem,
          lines: (record) =>
            objectLines(record).map((values) => OBJECT_COLUMNS.map((column) => values[column])),
        });
      }
      return undefined;
    },
  };
}

/** What moved between two moments is asked for, and shown, as of the later one: triage is that of then. */
function movedRequest(
  { to, move, ...query }: Omit<Asked, 'asOf'> & Moves,
  now: Date,
): ReturnType<typeof listRequestOf> & Pick<Moves, 'move'> {
  return { ...listRequestOf({ ...query, asOf: to }, FINDING_FIELDS, now), move };
}

/** What tells a comparison from others, beside its query. One with the present is another in every minute. */
function keyOf(
  what: 'objects' | 'findings',
  {
    from,
    to,
    move,
  }: { readonly from: string; readonly to?: string | undefined; readonly move?: string | undefined },
) {
  return { list: [`compared ${what}`, from, to, move], isOfNow: to === undefined } as const;
}

/** @throws AppError `bad-request` where the second moment is not after the first. */
function spanOf({ from, to }: { readonly from: string; readonly to?: string | undefined }, now: Date): Span {
  const span = { from: new Date(from), to: to === undefined ? now : new Date(to) };
  if (span.from >= span.to)
    throw new AppError('bad-request', { detail: 'The first moment has to be before the second.' });
  return span;
}

function objectItem(record: ComparedObject) {
  const fields = changesOf(record.before, record.after);
  return {
    cluster: clusterOf(record),
    resource: refOf(record),
    verb: record.verb,
    at: iso(record.at),
    changes: record.changes,
    actors: [...record.actors],
    opened: record.opened,
    resolved: record.resolved,
    fields: fields.slice(0, FEW).map((change) => fieldItem(change, SHORT)),
    fieldCount: fields.length,
  };
}

/** With all that changed of it, in full. */
function wholeItem(record: ComparedObject) {
  const fields = changesOf(record.before, record.after).map((change) => fieldItem(change));
  return { ...objectItem(record), fields };
}

/** One line for each field; one for an object that came or went. */
function objectLines(record: ComparedObject) {
  const { namespace, kind, name } = refOf(record);
  const common = {
    cluster: record.clusterName,
    namespace,
    kind,
    name,
    what: record.verb,
    lastChanged: iso(record.at),
    changes: String(record.changes),
    by: record.actors.join(' '),
  };
  const fields = changesOf(record.before, record.after).map((change) => fieldItem(change));
  return fields.length === 0
    ? [{ ...common, path: null, before: null, after: null }]
    : fields.map((field) => ({ ...common, ...field }));
}

function movement({ move, otherwise, firstSeen }: ComparedFinding, { from }: Span) {
  if (move === 'went')
    return { move, why: otherwise === 'excepted' ? ('accepted' as const) : ('resolved' as const) };
  if (otherwise === 'excepted') return { move, why: 'no longer accepted' as const };
  return { move, why: firstSeen > from ? ('new' as const) : ('opened again' as const) };
}
