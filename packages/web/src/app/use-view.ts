import { useNavigate, useSearch } from '@tanstack/react-router';
import { readView, type View } from '../data/view.ts';

/** The view that the address says, and a way to change parts of it; an undefined part is taken away. */
export function useView(): readonly [
  View,
  (change: Partial<Record<keyof View, string | number | undefined>>) => void,
] {
  const view = readView(useSearch({ strict: false }) as Record<string, unknown>);
  const navigate = useNavigate();
  return [
    view,
    (change) =>
      void navigate({ to: '.', search: { ...view, ...change } as never, replace: 'open' in change }),
  ];
}

/** The part of a view that goes with every question to the hub. */
export function asked({ cluster, asOf, q, sort }: View): Record<string, unknown> {
  return {
    ...(cluster !== undefined && { cluster }),
    ...(asOf !== undefined && { asOf }),
    ...(q !== undefined && { q }),
    ...(sort !== undefined && { sort }),
  };
}
