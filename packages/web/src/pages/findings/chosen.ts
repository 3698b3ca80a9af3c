import { type FindingItem, HubError, type ROUTES, type RouteResult } from '@bulwark/api';
import { namespaceOf } from '@bulwark/core';
import { hub } from '../../data/client.ts';

/** Everything that a query found when somebody looked. */
export interface Selection extends RouteResult<(typeof ROUTES)['previewSelection']> {
  readonly q?: string;
  readonly cluster?: number;
  readonly namespace?: string;
}

/** What is decided about: some findings, or everything that a query finds. */
export type Chosen = { readonly findings: readonly FindingItem[] } | { readonly selection: Selection };

/** What can be set of the triage; what is absent stays. */
export interface Triage {
  readonly assignee?: string | null;
  readonly acknowledged?: boolean;
  readonly deferredUntil?: string | null;
}

/** Why, who answers for it, and until when something is accepted. */
export interface Acceptance {
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
}

const MOST_NAMED = 100;

export function countOf(chosen: Chosen): number {
  return 'selection' in chosen ? chosen.selection.matches : chosen.findings.length;
}

/** What tells whether the same is chosen twice. */
export function identityOf(chosen: Chosen): unknown {
  if ('selection' in chosen) return narrowingOf(chosen.selection);
  return chosen.findings.map(({ cluster, fingerprint }) => `${cluster.id}.${fingerprint}`).sort();
}

/** How many of what is chosen can be accepted: what is resolved is over. */
export function acceptableOf(chosen: Chosen): number {
  return 'selection' in chosen ? chosen.selection.acceptable : acceptable(chosen.findings).length;
}

function acceptable(findings: readonly FindingItem[]): readonly FindingItem[] {
  return findings.filter(({ state }) => state !== 'resolved');
}

/** Looks at what a query finds, so that it can be decided about. */
export async function select(view: Narrowing): Promise<Selection> {
  const asked = narrowingOf(view);
  return { ...asked, ...(await hub.call('previewSelection', { body: asked })) };
}

/** Sets the triage of what is chosen. */
export async function triageChosen(chosen: Chosen, change: Triage): Promise<void> {
  if ('selection' in chosen)
    await hub.call('triageSelection', { body: { ...wanted(chosen.selection), ...change } });
  else
    await hub.call('triageFindings', {
      body: {
        findings: chosen.findings.map(({ cluster, fingerprint }) => ({ cluster: cluster.id, fingerprint })),
        ...change,
      },
    });
}

/**
 * Accepts what is chosen, cluster by cluster: a fingerprint alone means the same finding in all of them.
 *
 * @param done numbers of the clusters in which it is accepted already; those in which it now is are added, so that one can go
 *   on from where it failed.
 */
export async function acceptChosen(chosen: Chosen, acceptance: Acceptance, done: Set<number>): Promise<void> {
  if ('selection' in chosen) {
    await hub.call('exceptSelection', { body: { ...wanted(chosen.selection), ...acceptance } });
    return;
  }
  for (const { cluster, scope } of scopesOf(chosen.findings)) {
    if (done.has(cluster.id)) continue;
    await hub.call('createException', { body: { scope, ...acceptance } });
    done.add(cluster.id);
  }
}

/** Where accepting what is chosen needs a second person: nowhere, everywhere, or in the clusters of these names. */
export async function needsApproval(chosen: Chosen): Promise<'none' | 'all' | readonly string[]> {
  if ('selection' in chosen) return chosen.selection.needsApproval ? 'all' : 'none';
  const answers = await Promise.all(
    scopesOf(chosen.findings).map(async ({ cluster, scope }) => {
      const answer = await hub.call('previewException', { body: { scope, reason: 'not yet given' } });
      return { name: cluster.name, isAsked: answer.needsApproval };
    }),
  );
  const asked = answers.filter(({ isAsked }) => isAsked).map(({ name }) => name);
  if (asked.length === 0) return 'none';
  return asked.length === answers.length ? 'all' : asked;
}

function wanted({ matches, digest, ...selection }: Selection) {
  return { matches, digest, ...narrowingOf(selection) };
}

type Narrowing = Pick<Selection, 'q' | 'cluster' | 'namespace'>;

/** Which of all findings are meant. */
function narrowingOf({ q, cluster, namespace }: Narrowing): Narrowing {
  return {
    ...(q !== undefined && { q }),
    ...(cluster !== undefined && { cluster }),
    ...(namespace !== undefined && { namespace }),
  };
}

function scopesOf(findings: readonly FindingItem[]) {
  const living = acceptable(findings);
  const clusters = new Map(living.map(({ cluster }) => [cluster.id, cluster]));
  return [...clusters.values()].map((cluster) => {
    const own = living.filter((each) => each.cluster.id === cluster.id);
    const namespaces = [...new Set(own.map(({ resource }) => namespaceOf(resource)))];
    const scope = {
      fingerprints: own.map(({ fingerprint }) => fingerprint),
      clusters: [cluster.id],
      // Whoever sees some namespaces only has to name them; what is in none cannot be named.
      ...(namespaces.length <= MOST_NAMED && !namespaces.includes('') && { namespaces }),
    };
    return { cluster, scope };
  });
}

/** Whether the hub refused because the query finds others than it did. */
export function hasChanged(error: unknown): boolean {
  return error instanceof HubError && error.problem.code === 'conflict';
}
