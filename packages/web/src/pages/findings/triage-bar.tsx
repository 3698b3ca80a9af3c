import { Button, Group, Text } from '@mantine/core';
import { Counts } from '../../parts/counts.tsx';
import { Acts } from './acts.tsx';
import { type Chosen, countOf } from './chosen.ts';

export interface TriageBarProps {
  readonly chosen: Chosen;
  /** How many findings the query finds; null where they are too many to be counted. */
  readonly total: number | null;
  /** Chooses everything that the query finds, or looks at it again. */
  readonly onAll: () => void;
  readonly isLooking: boolean;
  readonly lookFailed: unknown;
  readonly onDone: () => void;
}

/** What can be decided about the chosen findings at once. */
export function TriageBar({ chosen, total, onAll, isLooking, lookFailed, onDone }: TriageBarProps) {
  const isAll = 'selection' in chosen;
  return (
    <Group
      px="md"
      py="xs"
      gap="sm"
      style={{ background: 'var(--chosen)' }}
      role="toolbar"
      aria-label="Chosen findings"
    >
      <Text size="sm" fw={600} className="number">
        {isAll ? 'All ' : ''}
        {countOf(chosen).toLocaleString('en')} {isAll ? 'that the query finds' : 'chosen'}
      </Text>
      {isAll && <Counts counts={chosen.selection.counts} />}
      {!isAll && total !== countOf(chosen) && (
        <Button size="compact-sm" variant="default" loading={isLooking} onClick={onAll}>
          Choose all {total?.toLocaleString('en') ?? ''} that the query finds
        </Button>
      )}
      <Acts chosen={chosen} isLooking={isLooking} lookFailed={lookFailed} onDone={onDone} onAgain={onAll} />
      <Button size="compact-sm" variant="subtle" onClick={onDone}>
        Choose none
      </Button>
    </Group>
  );
}
