import type { ExceptionItem } from '@bulwark/api';
import { AppError, type Control, FINDING_FIELDS, type Query, type TextPattern } from '@bulwark/core';
import {
  approveException,
  createException,
  type ExceptionRecord,
  listExceptions,
  listFindings,
  liveAmong,
  revokeException,
  type Scope,
  type Store,
} from '@bulwark/store';
import type { Caller } from '../access/caller.ts';
import type { Handlers } from '../http/handler.ts';
import { iso, scopeFor } from './convert.ts';
import { EXCEPTION_LIST, EXCEPTIONS } from './exception-list.ts';
import {
  asSeen,
  isVisible,
  isWithin,
  mustKnowControls,
  type ScopeInput,
  worstToCome,
} from './exception-scope.ts';
import { queryOf } from './list-request.ts';
import { pageInMemory } from './memory-page.ts';
import { foundInMemory } from './memory-query.ts';

export interface DecisionRules {
  readonly store: Store;
  readonly controls: ReadonlyMap<string, Control>;
  /** From which severity on a second person has to approve; undefined for never. */
  readonly approvalFrom: 'critical' | 'high' | 'medium' | undefined;
}

/** Exceptions of the hub: made, looked at before, approved, ended. */
export function decisionHandlers(
  rules: DecisionRules,
): Handlers<
  'listExceptions' | 'previewException' | 'createException' | 'approveException' | 'revokeException'
> {
  const { store } = rules;
  return {
    listExceptions: async ({ query }, { caller, now }) => {
      const records = (await listExceptions(store)).filter(({ scope }) => isVisible(scope, caller.limits));
      const today = now.toISOString().slice(0, 10);
      const items = await Promise.all(
        records.map((record) => itemOf(record, { ...rules, scope: scopeFor(caller), today, now })),
      );
      const seen = items.flatMap((item) => asSeen(item, caller.limits));
      const page = pageInMemory(foundInMemory(seen, EXCEPTIONS, { q: query.q, now }), EXCEPTION_LIST, query);
      return { ...page, items: [...page.items] };
    },
    previewException: async ({ body }, { caller, now }) => {
      const { scope } = body;
      mustBeWithin(scope, caller);
      mustKnowControls(scope, rules.controls);
      const covered = await coveredBy(scope, { ...rules, scope: scopeFor(caller), now });
      return {
        covers: covered.covers,
        needsApproval: needsApproval(worstToCome(scope, covered, rules.controls), rules),
        advice: adviceOn(
          { scope, until: body.until ?? null, covers: covered.covers },
          now.toISOString().slice(0, 10),
        ),
      };
    },
    createException: async ({ body }, { caller, now }) => {
      const { scope, reason, owner, until } = body;
      mustBeWithin(scope, caller);
      mustKnowControls(scope, rules.controls);
      const today = now.toISOString().slice(0, 10);
      if (until !== undefined && until < today)
        throw new AppError('bad-request', { detail: 'The last day lies in the past.' });
      const covered = await coveredBy(scope, { ...rules, scope: scopeFor(caller), now });
      const record = await createException(store, {
        scope,
        reason,
        owner: owner ?? null,
        until: until ?? null,
        state: needsApproval(worstToCome(scope, covered, rules.controls), rules) ? 'requested' : 'active',
        createdBy: caller.person,
        createdAt: now,
        query: null,
      });
      return itemOf(record, { ...rules, scope: scopeFor(caller), today, now });
    },
    approveException: async ({ params }, { caller, now }) => {
      await mustSee(store, params.id, caller);
      const { user: by, person } = caller;
      const record = await approveException(store, params.id, { by, person, at: now });
      return itemOf(record, {
        ...rules,
        scope: scopeFor(caller),
        today: now.toISOString().slice(0, 10),
        now,
      });
    },
    revokeException: async ({ params }, { caller }) => {
      await mustSee(store, params.id, caller);
      if (!(await revokeException(store, params.id))) throw new AppError('not-found');
      return undefined;
    },
  };
}

async function mustSee(store: Store, id: number, caller: Caller): Promise<void> {
  const record = (await listExceptions(store)).find((each) => each.id === id);
  // Whoever may not see it is not told that there is one.
  if (record === undefined || !isVisible(record.scope, caller.limits)) throw new AppError('not-found');
  mustBeWithin(record.scope as ScopeInput, caller);
}

/** Nobody accepts what they may not see. */
function mustBeWithin(scope: ScopeInput, { limits }: Caller): void {
  if (!isWithin(scope, limits))
    throw new AppError('not-allowed', {
      detail: 'Name the clusters and namespaces, all of them within your limits.',
    });
}

function pattern(text: string): TextPattern {
  return text.split('*');
}

/** What a scope covers, as a query. Labels and images are asked when findings are judged. */
function asQuery(scope: ScopeInput): Query {
  const fields = {
    control: scope.controls,
    namespace: scope.namespaces,
    kind: scope.kinds,
    name: scope.names,
    container: scope.containers,
  };
  const items: Query[] = Object.entries(fields).flatMap(([field, values]) =>
    values === undefined
      ? []
      : [
          {
            op: 'field',
            field,
            compare: '=',
            values: values.map((value) => ({ type: 'text', parts: pattern(value) }) as const),
          } as const,
        ],
  );
  return { op: 'and', items: [...items, queryOf('(state:open OR state:excepted)', FINDING_FIELDS)] };
}

interface Asked {
  readonly store: Store;
  readonly scope: Scope;
  readonly now: Date;
}

async function coveredBy(
  scope: ScopeInput,
  { store, scope: seen, now }: Asked,
): Promise<{ covers: number; worst: number }> {
  if (scope.fingerprints !== undefined) {
    const clusters = scope.clusters ?? [];
    const keys = scope.fingerprints.flatMap((fingerprint) =>
      clusters.map((cluster) => ({ cluster, fingerprint })),
    );
    const live = await liveAmong(store, seen, keys);
    return { covers: live.length, worst: worstOf(live) };
  }
  const page = await listFindings(store, seen, { query: asQuery(scope), limit: 500, now });
  const items = page.items.filter(
    ({ clusterId }) => scope.clusters === undefined || scope.clusters.includes(clusterId),
  );
  return {
    covers: page.total ?? items.length,
    worst: worstOf(items),
  };
}

/** The worst severity of some findings as a number; -1 for none. */
export function worstOf(findings: readonly { readonly severity: number }[]): number {
  return findings.reduce((worst, { severity }) => Math.max(worst, severity), -1);
}

const RANKS = { medium: 2, high: 3, critical: 4 } as const;

/** Whether a second person has to approve an exception for findings of which the worst has a severity. */
export function needsApproval(worst: number, { approvalFrom }: DecisionRules): boolean {
  return approvalFrom !== undefined && worst >= RANKS[approvalFrom];
}

function adviceOn(
  {
    scope,
    until,
    covers,
  }: { readonly scope: ScopeInput; readonly until: string | null; readonly covers: number },
  today: string,
): string[] {
  const advice: string[] = [];
  if (until !== null && until < today) advice.push('It has run out and hides nothing any more.');
  if (until === null) advice.push('It has no end.');
  if (covers === 0) advice.push('It covers nothing.');
  const isWide = (texts: readonly string[] | undefined): boolean =>
    texts === undefined || texts.some((text) => /^\*+$/.test(text));
  if (scope.fingerprints === undefined && isWide(scope.controls)) advice.push('It covers every control.');
  if (
    scope.fingerprints === undefined &&
    isWide(scope.namespaces) &&
    isWide(scope.names) &&
    scope.labels === undefined
  )
    advice.push('It covers every namespace.');
  return advice;
}

const MOST_SHOWN = 100;

function shownScope({ fingerprints, ...rest }: ScopeInput): Record<string, unknown> {
  if (fingerprints === undefined) return { ...rest };
  return { ...rest, fingerprints: fingerprints.length > MOST_SHOWN ? fingerprints.length : fingerprints };
}

/** An exception as the API gives it. */
export async function itemOf(
  record: ExceptionRecord,
  asked: Asked & { readonly today: string },
): Promise<ExceptionItem> {
  const scope = record.scope as ScopeInput;
  const { covers } = record.state === 'revoked' ? { covers: 0 } : await coveredBy(scope, asked);
  const isExpired = record.until !== null && record.until < asked.today;
  return {
    id: record.id,
    origin: 'hub',
    source: `hub:${record.id}`,
    scope: shownScope(scope),
    query: record.query,
    reason: record.reason,
    owner: record.owner,
    until: record.until,
    state: record.state === 'active' && isExpired ? 'expired' : record.state,
    createdBy: record.createdBy,
    createdAt: iso(record.createdAt),
    approvedBy: record.approvedBy,
    covers,
    advice: record.state === 'revoked' ? [] : adviceOn({ scope, until: record.until, covers }, asked.today),
  };
}
