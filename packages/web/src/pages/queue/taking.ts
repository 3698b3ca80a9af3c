import type { QueueItem } from '@bulwark/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../../app/session.tsx';
import { placeOf, useView } from '../../app/use-view.ts';
import { select, triageChosen } from '../findings/chosen.ts';
import { type Findable, queryToTake } from './takeable.ts';

/** How things to do are taken and given back. */
export interface Taking {
  /** Who takes them. */
  readonly user: string;
  /** Whether they may; nobody may take what is of the past. */
  readonly isAllowed: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Takes what nobody has of a thing to do; gives back what they have of it where they have some. */
  readonly toggle: (item: Findable) => void;
}

/** Takes and gives back things to do, for who is signed in. */
export function useTaking(): Taking {
  const { user, permissions } = useSession();
  const [view] = useView();
  const queries = useQueryClient();
  const change = useMutation({
    meta: {
      called: ({ title, assignees }: Findable) =>
        `${assignees.includes(user) ? 'Give back' : 'Take'}: ${title}`,
    },
    mutationFn: async (item: Findable) => {
      const selection = await select({ ...placeOf(view), q: queryToTake(item, user) });
      const assignee = item.assignees.includes(user) ? null : user;
      if (selection.matches > 0) await triageChosen({ selection }, { assignee });
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return {
    user,
    isAllowed: permissions.includes('triage') && view.asOf === undefined,
    isPending: change.isPending,
    error: change.error,
    toggle: (item) => change.mutate(item),
  };
}

/** Who is on a thing to do, oneself first, as people say it. */
export function whoIsOn({ assignees }: Pick<QueueItem, 'assignees'>, user: string): readonly string[] {
  return [...(assignees.includes(user) ? ['you'] : []), ...assignees.filter((name) => name !== user)];
}
