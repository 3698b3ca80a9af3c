import type { FindingItem } from '@bulwark/api';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useKeys } from '../../app/use-keys.ts';
import { useView } from '../../app/use-view.ts';
import { type Act, Deciding } from './acts.tsx';
import type { Chosen } from './chosen.ts';
import { type Choice, findingKey } from './use-choice.ts';

/**
 * The keys that act: a assigns, e accepts, f shows how to mend. They are about what is chosen; else about the row with
 * the focus; else about what is open.
 */
export function useActs(
  items: readonly FindingItem[],
  choice: Choice,
): { readonly dialog: ReactNode; readonly fix: { readonly key: string } | undefined } {
  const [view, setView] = useView();
  const queries = useQueryClient();
  const [deciding, setDeciding] = useState<{ readonly act: Act; readonly chosen: Chosen }>();
  const [fix, setFix] = useState<{ readonly key: string }>();
  const focused = (): FindingItem | undefined => {
    const index = document.activeElement?.closest('tr')?.getAttribute('data-index') ?? undefined;
    return index === undefined ? undefined : items[Number(index)];
  };
  const current = (): FindingItem | undefined => {
    const isOpen = (each: FindingItem) => findingKey(each) === view.open;
    const asked = queries.getQueriesData<FindingItem>({ queryKey: ['getFinding'] });
    return focused() ?? items.find(isOpen) ?? asked.flatMap(([, each]) => each ?? []).find(isOpen);
  };
  const decide = (act: Act) => {
    const item = current();
    const chosen = choice.chosen ?? (item && { findings: [item] });
    if (choice.isAllowed && chosen !== undefined) setDeciding({ act, chosen });
  };
  useKeys({
    a: () => decide('assign'),
    e: () => decide('except'),
    f: () => {
      const item = current();
      if (item === undefined) return;
      setView({ open: findingKey(item) });
      setFix({ key: findingKey(item) });
    },
  });
  return {
    fix,
    dialog: deciding !== undefined && (
      <Deciding
        {...deciding}
        onClose={() => setDeciding(undefined)}
        onDone={choice.clear}
        onAgain={() => {
          setDeciding(undefined);
          choice.chooseAll();
        }}
      />
    ),
  };
}
