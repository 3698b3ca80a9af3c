import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { readView, type View } from '../data/view.ts';

declare module '@tanstack/history' {
  interface HistoryState {
    /** Whether the entry before it in the history is the same list with nothing open. */
    isOpened?: boolean;
  }
}

type Change = Partial<Record<keyof View, string | number | undefined>>;

/** The entry that is being left, so that a second Escape does not go back twice. */
let left: unknown;

/**
 * The view that the address says, and a way to change parts of it; an undefined part is taken away. What is opened is
 * a step that Back takes back; going on to the next row is none.
 */
export function useView(): readonly [View, (change: Change) => void] {
  const view = readView(useSearch({ strict: false }) as Record<string, unknown>);
  const navigate = useNavigate();
  const { history, options } = useRouter();
  const change = (parts: Change) => {
    // What the address says by now: another change may have come since this was drawn.
    const latest = readView(options.parseSearch(history.location.search) as Record<string, unknown>);
    const isOfPanel = 'open' in parts && Object.keys(parts).length === 1;
    const { state } = history.location;
    if (isOfPanel && parts.open === undefined && state.isOpened === true) {
      if (left === state) return;
      left = state;
      history.back();
      return;
    }
    const isOpening = isOfPanel && latest.open === undefined && parts.open !== undefined;
    void navigate({
      to: '.',
      search: { ...latest, ...parts } as never,
      replace: isOfPanel && !isOpening,
      state: { isOpened: isOpening || (isOfPanel && parts.open !== undefined && state.isOpened === true) },
    });
  };
  return [view, change];
}

/** Which cluster and namespace are looked at, and as of when. */
export function placeOf({ cluster, namespace, asOf }: View): Pick<View, 'cluster' | 'namespace' | 'asOf'> {
  return {
    ...(cluster !== undefined && { cluster }),
    ...(namespace !== undefined && { namespace }),
    ...(asOf !== undefined && { asOf }),
  };
}

/** The part of a view that goes with every question about a list. */
export function asked({
  q,
  sort,
  ...view
}: View): Pick<View, 'cluster' | 'namespace' | 'asOf' | 'q' | 'sort'> {
  return {
    ...placeOf(view),
    ...(q !== undefined && { q }),
    ...(sort !== undefined && { sort }),
  };
}
