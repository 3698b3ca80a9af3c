import type { ObjectView, Resource } from '@bulwark/core';

/** Whether an object is of one of the kinds that a team chose. */
export function isChosen(kinds: readonly string[], { groupKind, kind, workloads }: Resource): boolean {
  return kinds.some((chosen) => {
    if (chosen === '*') return true;
    if (chosen === 'workload') return workloads.length > 0;
    return chosen === groupKind || chosen === kind;
  });
}

/** Why a rule about chosen kinds says nothing about an object. */
export function whyNotChosen(
  view: ObjectView & { readonly params: { readonly kinds: readonly string[] } },
): string | undefined {
  return isChosen(view.params.kinds, view.resource) ? undefined : 'Its kind is not among the chosen ones.';
}
