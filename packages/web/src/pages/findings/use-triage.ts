import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Chosen, type Triage, triageChosen } from './chosen.ts';

/** Sets the triage of what is chosen, and asks again for what is shown. */
export function useTriage(chosen: Chosen) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Triage) => triageChosen(chosen, change),
    onSuccess: () => queries.invalidateQueries(),
  });
}
