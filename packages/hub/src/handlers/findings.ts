import { AppError, FINDING_FIELDS, redactText } from '@bulwark/core';
import { addComment, findFinding, listFindings, listUsers, type Triage, triage } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { mustBeSomebody } from './assignee.ts';
import { iso, scopeFor } from './convert.ts';
import { findingDetail } from './finding-detail.ts';
import { groupHandlers } from './finding-groups.ts';
import { findingItem, type KeepingSettings } from './finding-item.ts';
import { listRequestOf } from './list-request.ts';
import { queueHandlers } from './queue.ts';

/** Findings: lists, groups, the queue, one in full, and what people decide about them. */
export function findingHandlers(
  settings: KeepingSettings,
): Handlers<
  | 'listFindings'
  | 'groupFindings'
  | 'getFinding'
  | 'triageFindings'
  | 'listAssignees'
  | 'commentFinding'
  | 'getQueue'
> {
  const { store, controls } = settings;
  return {
    listFindings: async ({ query }, { caller, now }) => {
      const request = listRequestOf(query, FINDING_FIELDS, now);
      const page = await listFindings(store, scopeFor(caller, query.cluster, query.namespace), request);
      const shown = { controls, now: request.now };
      return { ...page, items: page.items.map((record) => findingItem(record, shown)) };
    },
    getFinding: async ({ params, query }, { caller, now }) => {
      const scope = scopeFor(caller, params.cluster);
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      const record = await findFinding(store, scope, { ...params, asOf });
      if (record === undefined) throw new AppError('not-found');
      return findingDetail(record, { ...settings, scope, limits: caller.limits, asOf, now });
    },
    triageFindings: async ({ body }, { caller, now }) => {
      await mustBeSomebody(store, body.assignee, caller);
      const visible = await Promise.all(
        body.findings.map(async (key) => {
          const found = await findFinding(store, scopeFor(caller, key.cluster), key);
          return found === undefined ? [] : [{ ...key, fingerprint: found.fingerprint }];
        }),
      );
      return {
        changed: await triage(store, visible.flat(), {
          ...triageOf(body, now),
          author: caller.user,
          at: now,
        }),
      };
    },
    listAssignees: async () => ({ items: (await listUsers(store)).map(({ name }) => ({ name })) }),
    commentFinding: async ({ params, body }, { caller, now }) => {
      const found = await findFinding(store, scopeFor(caller, params.cluster), params);
      if (found === undefined) throw new AppError('not-found');
      const key = { ...params, fingerprint: found.fingerprint };
      const text = redactText(body.text);
      return { id: await addComment(store, key, { author: caller.user, at: now, text }) };
    },
    ...groupHandlers(settings),
    ...queueHandlers(settings),
  };
}

interface TriageBody {
  readonly assignee?: string | null | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly deferredUntil?: string | null | undefined;
}

/**
 * What is to be set, as the store takes it.
 *
 * @throws AppError `bad-request` where it is to be deferred until a moment that has come.
 */
export function triageOf({ assignee, acknowledged, deferredUntil }: TriageBody, now: Date): Triage {
  const until = typeof deferredUntil === 'string' ? new Date(deferredUntil) : deferredUntil;
  if (until instanceof Date && until <= now)
    throw new AppError('bad-request', {
      detail: `The moment until which findings are deferred has to come yet: it is ${iso(now)}.`,
      errors: [{ path: 'deferredUntil', message: `${iso(until)} is over` }],
    });
  return { assignee, acknowledged, deferredUntil: until };
}
