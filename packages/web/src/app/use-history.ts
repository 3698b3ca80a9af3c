import { useClusters } from '../data/use-clusters.ts';
import { historyBegins } from '../parts/history.ts';
import { useSession } from './session.tsx';
import { useView } from './use-view.ts';

/** When the history begins of what is looked at, RFC 3339; undefined before it is known, or where there is none. */
export function useHistoryBegins(): string | undefined {
  const [view] = useView();
  const { retentionDays } = useSession();
  return historyBegins({ clusters: useClusters(), retentionDays, now: Date.now() }, view);
}
