import { Button, Group, Menu, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { Counts } from '../../parts/counts.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { type Chosen, countOf, hasChanged, type Triage, triageChosen } from './chosen.ts';
import { NewException } from './new-exception.tsx';

const DAY = 86_400_000;

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
  const { user } = useSession();
  const queries = useQueryClient();
  const [isExcepting, setExcepting] = useState(false);
  const triage = useMutation({
    mutationFn: (change: Triage) => triageChosen(chosen, change),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
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
      <Button size="compact-sm" variant="default" onClick={() => triage.mutate({ assignee: user })}>
        Assign to me
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => triage.mutate({ assignee: null })}>
        Unassign
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => triage.mutate({ acknowledged: true })}>
        Acknowledge
      </Button>
      <Menu>
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            Defer
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {[1, 7, 30].map((days) => (
            <Menu.Item
              key={days}
              onClick={() =>
                triage.mutate({ deferredUntil: new Date(Date.now() + days * DAY).toISOString() })
              }
            >
              {days === 1 ? 'until tomorrow' : `for ${days} days`}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => triage.mutate({ deferredUntil: null })}>no longer</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button size="compact-sm" variant="default" onClick={() => setExcepting(true)}>
        Accept with a reason
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onDone}>
        Choose none
      </Button>
      <Refusal error={triage.error ?? lookFailed} />
      {isAll && hasChanged(triage.error) && (
        <Button
          size="compact-sm"
          variant="default"
          loading={isLooking}
          onClick={() => {
            triage.reset();
            onAll();
          }}
        >
          Look again
        </Button>
      )}
      {isExcepting && (
        <NewException chosen={chosen} onClose={() => setExcepting(false)} onDone={onDone} onAgain={onAll} />
      )}
    </Group>
  );
}
