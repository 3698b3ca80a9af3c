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

/** Accepts what is chosen, cluster by cluster: a fingerprint alone means the same finding in all of them. */
export async function acceptChosen(chosen: Chosen, acceptance: Acceptance): Promise<void> {
  if ('selection' in chosen) {
    await hub.call('exceptSelection', { body: { ...wanted(chosen.selection), ...acceptance } });
    return;
  }
  for (const scope of scopesOf(chosen.findings))
    await hub.call('createException', { body: { scope, ...acceptance } });
}

/** Whether accepting what is chosen needs a second person. */
export async function needsApproval(chosen: Chosen): Promise<boolean> {
  if ('selection' in chosen) return chosen.selection.needsApproval;
  const answers = await Promise.all(
    scopesOf(chosen.findings).map((scope) =>
      hub.call('previewException', { body: { scope, reason: 'not yet given' } }),
    ),
  );
  return answers.some((answer) => answer.needsApproval);
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
  return [...new Set(findings.map(({ cluster }) => cluster.id))].map((id) => {
    const own = findings.filter(({ cluster }) => cluster.id === id);
    const namespaces = [...new Set(own.map(({ resource }) => namespaceOf(resource)))];
    return {
      fingerprints: own.map(({ fingerprint }) => fingerprint),
      clusters: [id],
      // Whoever sees some namespaces only has to name them; what is in none cannot be named.
      ...(namespaces.length <= MOST_NAMED && !namespaces.includes('') && { namespaces }),
    };
  });
}

/** Whether the hub refused because the query finds others than it did. */
export function hasChanged(error: unknown): boolean {
  return error instanceof HubError && error.problem.code === 'conflict';
}
