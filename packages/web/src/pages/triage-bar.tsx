import { type FindingItem, HubError } from '@bulwark/api';
import { Button, Group, Menu, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../app/session.tsx';
import { hub } from '../data/client.ts';
import { NewException } from './new-exception.tsx';

const DAY = 86_400_000;

interface Triage {
  readonly assignee?: string | null;
  readonly acknowledged?: boolean;
  readonly deferredUntil?: string | null;
}

/** What can be decided about the chosen findings at once. */
export function TriageBar({
  findings,
  onDone,
}: {
  readonly findings: readonly FindingItem[];
  readonly onDone: () => void;
}) {
  const { user } = useSession();
  const queries = useQueryClient();
  const [isExcepting, setExcepting] = useState(false);
  const triage = useMutation({
    mutationFn: (change: Triage) =>
      hub.call('triageFindings', {
        body: {
          findings: findings.map(({ cluster, fingerprint }) => ({ cluster: cluster.id, fingerprint })),
          ...change,
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
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
        {findings.length} chosen
      </Text>
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
      {triage.error !== null && (
        <Text size="sm" role="alert" c="var(--high)">
          {triage.error instanceof HubError ? triage.error.problem.title : 'The hub does not answer.'}
        </Text>
      )}
      {isExcepting && (
        <NewException findings={findings} onClose={() => setExcepting(false)} onDone={onDone} />
      )}
    </Group>
  );
}
