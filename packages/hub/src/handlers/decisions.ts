import { MOST_COVERED } from '@bulwark/api';
import { AppError, fitsPatterns, redactText } from '@bulwark/core';
import {
  approveException,
  clusterNames,
  countDecided,
  coveredFindings,
  createException,
  type ExceptionRecord,
  findException,
  type Looker,
  listExceptions,
  revokeException,
  sharedKindNames,
} from '@bulwark/store';
import type { Caller } from '../access/caller.ts';
import type { Handlers } from '../http/handler.ts';
import { scopeFor } from './convert.ts';
import { coveredBy, foreseen } from './exception-cover.ts';
import {
  adviceOn,
  coveredItem,
  dayOf,
  isAdministrator,
  isWaiting,
  itemOf,
  NO_NAMES,
  whyUndecided,
} from './exception-item.ts';
import { EXCEPTION_LIST, EXCEPTIONS } from './exception-list.ts';
import { type DecisionRules, needsApproval, worstOf } from './exception-rules.ts';
import {
  asSeen,
  isVisible,
  isWithin,
  mustKnowControls,
  type ScopeInput,
  worstToCome,
} from './exception-scope.ts';
import { mustKnowClusters } from './known-clusters.ts';
import { pageInMemory } from './memory-page.ts';
import { foundInMemory } from './memory-query.ts';

/** Exceptions: made, looked at before, approved, ended; and what annotations ask for. */
export function decisionHandlers(
  rules: DecisionRules,
): Handlers<
  | 'listExceptions'
  | 'getException'
  | 'previewException'
  | 'createException'
  | 'approveException'
  | 'refuseException'
  | 'revokeException'
> {
  const { store, controls } = rules;
  const shown = async (record: ExceptionRecord, caller: Caller, now: Date) => {
    const [counted, clusters, sharedKinds] = await Promise.all([
      countDecided(store, scopeFor(caller)),
      clusterNames(store),
      sharedKindNames(store, scopeFor(caller)),
    ]);
    return itemOf(record, { caller, now, counts: counted.get(record.id), controls, clusters, sharedKinds });
  };
  /** Which exceptions cover something in a namespace; where none is asked for, that is nothing to ask. */
  const idsIn = async ({ cluster, namespace }: Place, caller: Caller): Promise<ReadonlySet<number>> =>
    new Set(
      namespace === undefined ? [] : (await countDecided(store, scopeFor(caller, cluster, namespace))).keys(),
    );
  return {
    listExceptions: async ({ query }, { caller, now }) => {
      const [records, counted, there, clusters, sharedKinds] = await Promise.all([
        listExceptions(store, lookerOf(caller)),
        // A place says which exceptions are listed; whoever decides about one decides about all that it covers.
        countDecided(store, scopeFor(caller)),
        idsIn(query, caller),
        clusterNames(store),
        sharedKindNames(store, scopeFor(caller)),
      ]);
      const items = records
        .filter(({ scope }) => isVisible(scope, caller) && canCover(scope, query))
        .filter(
          (record) =>
            isAsked(record, counted.has(record.id)) && isThere(record.scope, query, there.has(record.id)),
        )
        .map((record) =>
          itemOf(record, { caller, now, counts: counted.get(record.id), controls, clusters, sharedKinds }),
        )
        .flatMap((item) => asSeen(item, caller));
      const found = foundInMemory(items, EXCEPTIONS, { q: query.q, now });
      const page = pageInMemory(found, EXCEPTION_LIST, query);
      return { ...page, items: [...page.items], waiting: items.filter(isWaiting).length };
    },
    getException: async ({ params: { id } }, { caller, now }) => {
      const record = await findException(store, id, lookerOf(caller));
      if (record === undefined || !isVisible(record.scope, caller)) throw new AppError('not-found');
      const [item] = asSeen(await shown(record, caller, now), caller);
      if (item === undefined || !isAsked(record, item.covers > 0)) throw new AppError('not-found');
      const findings = await coveredFindings(store, scopeFor(caller), { id, limit: MOST_COVERED });
      return { ...item, findings: findings.map((finding) => coveredItem(finding, rules)) };
    },
    previewException: async ({ body }, { caller, now }) => {
      const { scope, until = null } = body;
      mustBeWithin(scope, caller);
      mustKnowControls(scope, rules.controls);
      mustKnowClusters(scope.clusters, await clusterNames(store), 'scope.clusters');
      const found = await coveredBy(scope, { store, scope: scopeFor(caller), now });
      const covered = { covers: found.length, worst: worstOf(found) };
      return {
        covers: covered.covers,
        needsApproval: needsApproval(worstToCome(scope, covered, rules.controls), rules),
        advice: adviceOn({ scope, until, covers: covered.covers }, dayOf(now)),
      };
    },
    createException: async ({ body }, { caller, now }) => {
      const { scope, reason, owner, until } = body;
      mustBeWithin(scope, caller);
      mustKnowControls(scope, rules.controls);
      const clusters = await clusterNames(store);
      mustKnowClusters(scope.clusters, clusters, 'scope.clusters');
      if (until !== undefined && until < dayOf(now))
        throw new AppError('bad-request', { detail: 'The last day lies in the past.' });
      const found = await coveredBy(scope, { store, scope: scopeFor(caller), now });
      const covered = { covers: found.length, worst: worstOf(found) };
      const isRequest = needsApproval(worstToCome(scope, covered, rules.controls), rules);
      const record = await createException(store, {
        scope,
        reason: redactText(reason),
        owner: redactText(owner ?? '') || null,
        until: until ?? null,
        state: isRequest ? 'requested' : 'active',
        createdBy: caller.person,
        createdAt: now,
        query: null,
      });
      return itemOf(
        { ...record, isOwn: true, unnamedAt: null },
        { caller, now, counts: foreseen(found, isRequest), controls, clusters, sharedKinds: NO_NAMES },
      );
    },
    approveException: async ({ params }, { caller, now }) => {
      const record = await mustDecide(rules, params.id, caller);
      const { state, approval: approvable } = await shown(record, caller, now);
      if (state === 'expired') throw new AppError('conflict', { detail: 'Its last day is over.' });
      if (record.request !== null && approvable === null)
        throw new AppError('conflict', {
          detail: record.state === 'active' ? 'It is active.' : 'Nothing asks for it any more.',
        });
      const approval = { ...lookerOf(caller), at: now, isAdministrator: isAdministrator(caller) };
      return shown(await approveException(store, params.id, approval), caller, now);
    },
    refuseException: async ({ params: { id }, body }, { caller, now }) => {
      const { state } = await mustDecide(rules, id, caller);
      const refusal = { by: caller.user, at: now, because: body.reason && redactText(body.reason) };
      if (!(await revokeException(store, id, { ...refusal, states: ['requested'] })))
        throw new AppError('conflict', { detail: `It is ${state}, so there is nothing to refuse.` });
      return shown(await mustDecide(rules, id, caller), caller, now);
    },
    revokeException: async ({ params }, { caller, now, note }) => {
      const { state, reason } = await mustDecide(rules, params.id, caller);
      note({ was: state, reason: reason ?? '' });
      if (!(await revokeException(store, params.id, { by: caller.user, at: now })))
        throw new AppError('not-found');
      return undefined;
    },
  };
}

function lookerOf({ user, person }: Caller): Looker {
  return { by: user, person };
}

interface Place {
  readonly cluster?: number | undefined;
  readonly namespace?: string | undefined;
}

/** Whether an exception can cover something in a cluster and in a namespace, where one is asked for. */
function canCover({ clusters, namespaces }: ScopeInput, { cluster, namespace }: Place): boolean {
  return (
    (cluster === undefined || clusters === undefined || clusters.includes(cluster)) &&
    (namespace === undefined || fitsPatterns(namespaces, namespace))
  );
}

/** Findings by their fingerprints alone say of no namespace that they are there, unless some are. */
function isThere({ fingerprints }: ScopeInput, { namespace }: Place, isCounted: boolean): boolean {
  return namespace === undefined || fingerprints === undefined || isCounted;
}

/** Whether there is something to show: what an annotation no longer asks for, and nobody has answered, is no exception. */
function isAsked({ request, state }: ExceptionRecord, isCounted: boolean): boolean {
  return request === null || state !== 'requested' || isCounted;
}

/** An exception that somebody may decide about. */
async function mustDecide({ store }: DecisionRules, id: number, caller: Caller): Promise<ExceptionRecord> {
  const record = await findException(store, id, lookerOf(caller));
  // Whoever may not see it is not told that there is one.
  if (record === undefined || !isVisible(record.scope, caller)) throw new AppError('not-found');
  const refusal = whyUndecided(record, caller);
  if (refusal !== null) throw new AppError('not-allowed', { detail: refusal });
  return record;
}

/** Nobody accepts what they may not see. */
function mustBeWithin(scope: ScopeInput, { limits }: Caller): void {
  if (!isWithin(scope, limits))
    throw new AppError('not-allowed', {
      detail: 'Name the clusters and namespaces, all of them within your limits.',
    });
}
