import type { FindingItem } from '@bulwark/api';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSession } from '../../app/session.tsx';
import type { View } from '../../data/view.ts';
import { type Chosen, type Selection, select } from './chosen.ts';

export function findingKey({ cluster, fingerprint }: Pick<FindingItem, 'cluster' | 'fingerprint'>): string {
  return `${cluster.id}.${fingerprint}`;
}

/** What somebody has chosen in the list, and how more or less of it is. */
export interface Choice {
  /** Whether the caller may decide at all, and looks at what is there now: nobody decides about the past. */
  readonly isAllowed: boolean;
  readonly chosen: Chosen | undefined;
  readonly keys: ReadonlySet<string>;
  readonly isAll: boolean;
  readonly isLooking: boolean;
  readonly lookFailed: unknown;
  readonly choose: (item: FindingItem) => void;
  readonly chooseAll: () => void;
  readonly clear: () => void;
}

const NONE: ReadonlyMap<string, FindingItem> = new Map();

/** Keeps what is chosen until another query is asked, or the same may find something else. */
export function useChoice(view: View): Choice {
  const [rows, setRows] = useState(NONE);
  const [selection, setSelection] = useState<Selection>();
  const { permissions, limits } = useSession();
  const look = useMutation({ mutationFn: select, meta: { isQuestion: true } });
  const isAllowed = permissions.includes('triage') && view.asOf === undefined;
  /** What is still looked for is no longer wanted: it would be taken for what is asked by then. */
  const chooseRows = (next: ReadonlyMap<string, FindingItem>) => {
    look.reset();
    setRows(next);
    setSelection(undefined);
  };
  const clear = () => chooseRows(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen belongs to the query and who asks it, not to the function
  useEffect(clear, [view.q, view.cluster, view.namespace, view.asOf, JSON.stringify(limits)]);
  const choose = (item: FindingItem) => {
    const next = new Map(rows);
    if (!next.delete(findingKey(item))) next.set(findingKey(item), item);
    chooseRows(next);
  };
  const chosen: Chosen | undefined =
    selection !== undefined ? { selection } : rows.size > 0 ? { findings: [...rows.values()] } : undefined;
  return {
    isAllowed,
    chosen: isAllowed ? chosen : undefined,
    keys: new Set(rows.keys()),
    isAll: selection !== undefined,
    isLooking: look.isPending,
    lookFailed: look.error,
    choose,
    // Of the mutation itself this would be told also when another query is asked by then.
    chooseAll: () => look.mutate(view, { onSuccess: setSelection }),
    clear,
  };
}
