import { type FindingItem, HubError } from '@bulwark/api';
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { hub } from '../data/client.ts';
import { Dialog } from '../parts/dialog.tsx';

/** Accepts the chosen findings: with a reason, an owner and an end. */
export function NewException({
  findings,
  onClose,
  onDone,
}: {
  readonly findings: readonly FindingItem[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState('');
  const [until, setUntil] = useState(new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
  const create = useMutation({
    mutationFn: () =>
      hub.call('createException', {
        body: {
          scope: {
            fingerprints: findings.map(({ fingerprint }) => fingerprint),
            clusters: [...new Set(findings.map(({ cluster }) => cluster.id))],
          },
          reason,
          ...(owner !== '' && { owner }),
          ...(until !== '' && { until }),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog
      onClose={onClose}
      title={`Accept ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Textarea
            label="Reason"
            required
            minLength={3}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <TextInput
            label="Owner"
            description="Who answers for it"
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label="Last day"
            description="After it the findings are open again"
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          {create.error !== null && (
            <Text size="sm" role="alert" c="var(--high)">
              {create.error instanceof HubError ? create.error.problem.title : 'The hub does not answer.'}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Accept
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
