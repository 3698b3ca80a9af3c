import { createHash } from 'node:crypto';
import { MOST_SELECTED } from '@bulwark/api';
import { AppError, FINDING_FIELDS, narrowQuery, printQuery, queryOfValues, redactText } from '@bulwark/core';
import {
  addComments,
  clusterFacts,
  clusterNames,
  createExceptions,
  type FindingKeyRecord,
  findingKeys,
  type Store,
  triage,
} from '@bulwark/store';
import type { Caller } from '../access/caller.ts';
import type { Handlers } from '../http/handler.ts';
import { mustBeSomebody } from './assignee.ts';
import { countsOf, scopeFor } from './convert.ts';
import { foreseen } from './exception-cover.ts';
import { dayOf, itemOf, NO_NAMES } from './exception-item.ts';
import { type DecisionRules, needsApproval, worstOf } from './exception-rules.ts';
import { triageOf } from './findings.ts';
import { CONTROLS_OF_FRAMEWORKS, queryOf } from './list-request.ts';

interface Selection {
  readonly q?: string | undefined;
  readonly cluster?: number | undefined;
  readonly namespace?: string | undefined;
}

interface Expected {
  readonly matches: number;
  readonly digest: string;
}

interface Asked {
  readonly store: Store;
  readonly caller: Caller;
  readonly now: Date;
}

/** Decisions about everything that a query finds, looked at before they are made. */
export function selectionHandlers(
  rules: DecisionRules,
): Handlers<'previewSelection' | 'triageSelection' | 'exceptSelection'> {
  const { store } = rules;
  return {
    previewSelection: async ({ body }, { caller, now }) => {
      const found = await selected(body, { store, caller, now });
      const acceptable = living(found);
      const counts = [0, 0, 0, 0, 0];
      for (const { severity } of found) counts[severity] = (counts[severity] ?? 0) + 1;
      return {
        matches: found.length,
        digest: digestOf(found),
        counts: countsOf(counts),
        acceptable: acceptable.length,
        needsApproval: needsApproval(worstOf(acceptable), rules),
      };
    },
    triageSelection: async ({ body }, { caller, now }) => {
      const found = mustBeAsExpected(await selected(body, { store, caller, now }), body);
      await mustBeSomebody(store, body.assignee, caller);
      const change = triageOf(body, now);
      const by = { author: caller.user, at: now };
      // A comment alone is no triage, which would stand in the time line as one that sets nothing.
      if (Object.values(change).some((part) => part !== undefined))
        await triage(store, found, { ...change, ...by });
      if (body.comment !== undefined)
        await addComments(store, found, { ...by, text: redactText(body.comment) });
      return { changed: found.length };
    },
    exceptSelection: async ({ body }, { caller, now }) => {
      if (body.until !== undefined && body.until < dayOf(now))
        throw new AppError('bad-request', { detail: 'The last day lies in the past.' });
      const found = living(mustBeAsExpected(await selected(body, { store, caller, now }), body));
      if (found.length === 0)
        throw new AppError('bad-request', { detail: 'The query finds nothing that could be accepted.' });
      const state = needsApproval(worstOf(found), rules) ? 'requested' : 'active';
      const query = await placedQuery(body, { store, caller });
      const parts = scopesOf(found, caller);
      // In all clusters or in none: whoever is told that it failed can ask again for all of it.
      const records = await createExceptions(
        store,
        parts.map(({ scope }) => ({
          scope,
          reason: redactText(body.reason),
          owner: redactText(body.owner ?? '') || null,
          until: body.until ?? null,
          state,
          createdBy: caller.person,
          createdAt: now,
          query: redactText(query),
        })),
      );
      const clusters = await clusterNames(store);
      const items = records.map((record, index) => {
        const counts = foreseen(parts[index]?.own ?? [], state === 'requested');
        const shown = { caller, now, counts, controls: rules.controls, clusters, sharedKinds: NO_NAMES };
        return itemOf({ ...record, isOwn: true, unnamedAt: null }, shown);
      });
      return { items };
    },
  };
}

async function selected(
  { q, cluster, namespace }: Selection,
  { store, caller, now }: Asked,
): Promise<readonly FindingKeyRecord[]> {
  const query = queryOf(q, FINDING_FIELDS);
  const found = await findingKeys(store, scopeFor(caller, cluster, namespace), {
    query,
    now,
    most: MOST_SELECTED,
    frameworks: CONTROLS_OF_FRAMEWORKS,
  });
  if (found.length > MOST_SELECTED)
    throw new AppError('bad-request', {
      detail: `The query finds more than ${MOST_SELECTED.toLocaleString('en')} findings: narrow it.`,
    });
  return found;
}

/** The query of a selection with the place that it was made in, chosen or a limit: then it says the same to everybody. */
async function placedQuery(
  { q = '', cluster, namespace }: Selection,
  { store, caller }: Pick<Asked, 'store' | 'caller'>,
): Promise<string> {
  const { clusters, namespaces } = scopeFor(caller, cluster, namespace);
  if (clusters === 'all' && namespaces === 'all') return q;
  const facts = clusters === 'all' ? [] : await clusterFacts(store, scopeFor(caller, cluster));
  const place = queryOfValues({
    ...(facts.length > 0 && { cluster: facts.map(({ name }) => name) }),
    ...(namespaces !== 'all' && { namespace: namespaces }),
  });
  return printQuery(narrowQuery(queryOf(q, FINDING_FIELDS), place));
}

function living(found: readonly FindingKeyRecord[]): readonly FindingKeyRecord[] {
  return found.filter(({ isResolved }) => !isResolved);
}

/** Tells whether a selection is of the same findings; they come in a certain order. */
function digestOf(found: readonly FindingKeyRecord[]): string {
  const hash = createHash('sha256');
  for (const { cluster, fingerprint } of found) hash.update(`${cluster}/${fingerprint}\n`);
  return hash.digest('hex');
}

/** Nobody decides about findings that they have not been told of. */
function mustBeAsExpected(
  found: readonly FindingKeyRecord[],
  { matches, digest }: Expected,
): readonly FindingKeyRecord[] {
  if (found.length === matches && digestOf(found) === digest) return found;
  const change =
    found.length === matches ? 'other findings than before' : `${found.length} findings, not ${matches}`;
  throw new AppError('conflict', { detail: `The query now finds ${change}. Look again before you decide.` });
}

/** One scope for each cluster, as a fingerprint alone means the same finding in every cluster. */
function scopesOf(found: readonly FindingKeyRecord[], { limits }: Caller) {
  return [...new Set(found.map(({ cluster }) => cluster))].map((cluster) => {
    const own = found.filter((each) => each.cluster === cluster);
    const scope = {
      fingerprints: own.map(({ fingerprint }) => fingerprint),
      clusters: [cluster],
      // Whoever sees some namespaces only has to name them.
      ...(limits.namespaces !== 'all' && {
        namespaces: [...new Set(own.map(({ place }) => place))],
      }),
    };
    return { own, scope };
  });
}
