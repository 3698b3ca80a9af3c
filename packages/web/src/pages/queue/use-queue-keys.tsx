import type { QueueItem } from '@bulwark/api';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useKeys } from '../../app/use-keys.ts';
import { placeOf, useView } from '../../app/use-view.ts';
import type { View } from '../../data/view.ts';
import { Deciding } from '../findings/acts.tsx';
import { type Selection, select } from '../findings/chosen.ts';
import { type Findable, isFindable, isTakeable } from './takeable.ts';
import type { Taking } from './taking.ts';

/** What can be done with things to do beside taking them. */
export interface QueueActs {
  /** Asks for a reason to accept all that a thing to do is about. */
  readonly accept: (item: Findable) => void;
  readonly isLooking: boolean;
  readonly error: unknown;
  /** The dialog of what is being accepted. */
  readonly dialog: ReactNode;
  /** What one has just asked how to fix. */
  readonly fix: { readonly id: string } | undefined;
}

/**
 * The keys of the queue: j and k move, a takes, e accepts, f shows how to fix. They are about the row with the focus; else
 * about what is open.
 */
export function useQueueKeys(
  items: readonly QueueItem[],
  list: RefObject<HTMLElement | null>,
  taking: Taking,
): QueueActs {
  const [view, setView] = useView();
  const { open } = view;
  const [fix, setFix] = useState<{ readonly id: string }>();
  const { accept, ...accepting } = useAccepting(view);
  // Where one was, where the row with the focus is gone.
  const last = useRef(0);
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('button.queue-row') ?? [])];
  const focused = () => rows().indexOf(document.activeElement as HTMLElement);
  const opened = items.findIndex(({ id }) => id === open);
  const step = (by: number) => {
    const all = rows();
    const at = focused();
    const from = at >= 0 ? at + by : opened >= 0 ? opened : last.current;
    const to = Math.max(0, Math.min(all.length - 1, from));
    last.current = to;
    all[to]?.focus();
    const item = items[to];
    if (open !== undefined && item !== undefined && item.id !== open) setView({ open: item.id });
  };
  const withCurrent = (act: (item: QueueItem) => void) => () => {
    const item = items[focused()] ?? items[opened];
    if (item !== undefined) act(item);
  };
  const deciding = (can: (item: QueueItem) => item is Findable, act: (item: Findable) => void) =>
    withCurrent((item) => {
      if (!can(item)) setView({ open: item.id });
      else if (taking.isAllowed && !taking.isPending) act(item);
    });
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    a: deciding((item) => isTakeable(item, taking.user), taking.toggle),
    e: deciding(isFindable, accept),
    f: withCurrent(({ id }) => {
      setView({ open: id });
      setFix({ id });
    }),
  });
  return { ...accepting, accept, fix };
}

/** Looks at what a thing to do is about before it is accepted, so that nothing else is. */
function useAccepting(view: View): Omit<QueueActs, 'fix'> {
  const [asked, setAsked] = useState<{ readonly item: Findable; readonly selection: Selection }>();
  const look = useMutation({
    meta: { isQuestion: true },
    mutationFn: async (item: Findable) => ({
      item,
      selection: await select({ ...placeOf(view), q: item.query }),
    }),
  });
  // Of the mutation itself this would be told also when another list is looked at by then.
  const accept = (item: Findable) => look.mutate(item, { onSuccess: setAsked });
  const drop = () => {
    look.reset();
    setAsked(undefined);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is accepted belongs to the list, not to the function
  useEffect(drop, [view.q, view.cluster, view.namespace, view.asOf, view.mine]);
  return {
    accept,
    isLooking: look.isPending,
    error: look.error,
    dialog: asked !== undefined && (
      <Deciding
        act="except"
        chosen={asked}
        onClose={() => setAsked(undefined)}
        onDone={() => {}}
        onAgain={() => {
          setAsked(undefined);
          accept(asked.item);
        }}
      />
    ),
  };
}
