import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { acceptChosen, type Chosen, countOf, hasChanged, needsApproval } from './chosen.ts';

/** Accepts what is chosen: with a reason, an owner and an end. */
export function NewException({
  chosen,
  onClose,
  onDone,
  onAgain,
}: {
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Looks again at what the query finds. */
  readonly onAgain: () => void;
}) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState('');
  const [until, setUntil] = useState(new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
  const approval = useQuery({ queryKey: ['needsApproval', chosen], queryFn: () => needsApproval(chosen) });
  const create = useMutation({
    mutationFn: () =>
      acceptChosen(chosen, { reason, ...(owner !== '' && { owner }), ...(until !== '' && { until }) }),
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
  const count = countOf(chosen);
  return (
    <Dialog
      onClose={onClose}
      title={`Accept ${count.toLocaleString('en')} ${count === 1 ? 'finding' : 'findings'}`}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {'selection' in chosen && (
            <Text size="sm">
              All that <code className="mono">{chosen.selection.q ?? 'state:open'}</code> finds now
              {chosen.selection.namespace !== undefined && ` in namespace ${chosen.selection.namespace}`}.
              What comes later is not covered, even where the query fits.
            </Text>
          )}
          {approval.data === true && (
            <Text size="sm" style={{ color: 'var(--medium)' }}>
              Some of it is so severe that a second person has to approve. Until then it stays open.
            </Text>
          )}
          <Textarea
            data-autofocus
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
          <Refusal error={create.error ?? approval.error} />
          <Group justify="flex-end">
            {hasChanged(create.error) && (
              <Button
                variant="default"
                onClick={() => {
                  create.reset();
                  onAgain();
                }}
              >
                Look again
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              {approval.data === true ? 'Ask for approval' : 'Accept'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
