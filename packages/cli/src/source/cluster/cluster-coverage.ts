import { type CoverageEntry, coverage } from '@bulwark/core';
import {
  type KindState,
  printMissingRule,
  UNEVALUATED_KINDS,
  UNWATCHED_KINDS,
  type Unseen,
} from '@bulwark/kube';

/** What of a cluster was not read: each kind with why, and what would mend it. */
export function clusterCoverage(states: readonly KindState[], { kinds, groups }: Unseen): CoverageEntry[] {
  const unknown = kinds
    .map(({ groupKind }) => groupKind)
    .filter((groupKind) => !(groupKind in UNWATCHED_KINDS));
  return [
    ...states.flatMap((state) => ofState(state) ?? []),
    ...groups.map((group) =>
      coverage('unanswered-group', `The server of the API group ${group} does not answer.`),
    ),
    ...(unknown.length === 0 ? [] : [coverage('unwatched-kind', unwatchedText(unknown))]),
  ];
}

function ofState(state: KindState): CoverageEntry | undefined {
  switch (state.state) {
    case 'denied':
      return coverage(
        'missing-permission',
        `${state.groupKind} is not seen. ${printMissingRule(state.missing)}`,
      );
    case 'withheld':
      return coverage('secrets-not-read', 'Secrets are not read; their names come from what uses them.');
    case 'pending':
      return coverage(
        'unlisted-kind',
        `${state.groupKind} is not seen. ${state.reason ?? 'It was not listed.'}`,
      );
    case 'stale':
      return coverage('unlisted-kind', `${state.groupKind} is not seen. ${state.reason}`);
    case 'live':
      return unevaluated(state);
    case 'listing':
    case 'polled':
    case 'absent':
      return undefined;
  }
}

function unevaluated({ groupKind, objects }: KindState): CoverageEntry | undefined {
  const reason = objects === 0 ? undefined : UNEVALUATED_KINDS[groupKind];
  return reason === undefined ? undefined : coverage('unevaluated-kind', reason);
}

const MOST_NAMED = 20;

function unwatchedText(kinds: readonly string[]): string {
  const more = kinds.length > MOST_NAMED ? ` and ${kinds.length - MOST_NAMED} more` : '';
  return `Kinds without a pod template are not looked at: ${kinds.slice(0, MOST_NAMED).join(', ')}${more}.`;
}
