import { useMutation, useQueryClient } from '@tanstack/react-query';
import { amount } from '../../parts/amount.ts';
import { type Chosen, countOf, type Triage, triageChosen } from './chosen.ts';

/** Sets the triage of what is chosen, and asks again for what is shown. */
export function useTriage(chosen: Chosen) {
  const queries = useQueryClient();
  return useMutation({
    meta: { called: (change: Triage) => `${verbOf(change)} ${amount(countOf(chosen), 'finding')}` },
    mutationFn: (change: Triage) => triageChosen(chosen, change),
    onSuccess: () => queries.invalidateQueries(),
  });
}

function verbOf({ assignee, acknowledged, deferredUntil }: Triage): string {
  if (acknowledged !== undefined) return acknowledged ? 'Acknowledge' : 'No longer acknowledge';
  if (deferredUntil !== undefined) return deferredUntil === null ? 'No longer defer' : 'Defer';
  return assignee === null ? 'Assign to nobody:' : 'Assign';
}
