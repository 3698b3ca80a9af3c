import type { ViewItem } from '@bulwark/api';
import type { View } from '../../data/view.ts';

const PARTS = ['q', 'sort', 'by', 'cluster', 'namespace'] as const;

/** What of an address a view keeps. */
export function keptOf(view: View): ViewItem['view'] {
  return Object.fromEntries(PARTS.flatMap((part) => (view[part] === undefined ? [] : [[part, view[part]]])));
}

/** The view that asks what is asked now: of several one that can be changed, as it could not be removed otherwise. */
export function currentOf<V extends Pick<ViewItem, 'view' | 'mayChange'>>(
  views: readonly V[],
  kept: ViewItem['view'],
): V | undefined {
  const same = views.filter(({ view }) => PARTS.every((part) => view[part] === kept[part]));
  return same.find(({ mayChange }) => mayChange) ?? same[0];
}
